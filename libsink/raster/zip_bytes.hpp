// SPDX-License-Identifier: Apache-2.0
// A zip archive of one file, by GDAL.
#pragma once

#include <string>

namespace sink {

/// The bytes of an archive that holds `text` as the file `name`: the same for the same content, as GDAL stamps no time.
/// Throws Error::output.
std::string zip_bytes(const std::string& name, const std::string& text);

}  // namespace sink
