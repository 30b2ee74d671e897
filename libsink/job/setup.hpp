// SPDX-License-Identifier: Apache-2.0
// The libraries below us, for the programs: set up once, and what they are.
#pragma once

#include <string>

namespace sink {

/// Puts GDAL and PROJ into the state the library relies on. Call it once, before any thread and any other function.
void set_up_libraries();
/// "GDAL 3.6.2, PROJ 9.1.1": those running, not those built with.
std::string library_versions();
/// "0.1.0".
std::string program_version();

}  // namespace sink
