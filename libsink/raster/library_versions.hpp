// SPDX-License-Identifier: Apache-2.0
// Versions of the libraries that are running, for `--version` and the run record.
#pragma once

#include <string>

namespace sink {

std::string gdal_version();
std::string proj_version();

}  // namespace sink
