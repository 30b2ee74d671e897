// SPDX-License-Identifier: Apache-2.0
// Folders of GeoTIFFs, which stand wherever a raster may.
#pragma once

#include <string>
#include <vector>

namespace sink {

/// True for a folder, also through a link.
bool is_folder(const std::string& path);

/// The GeoTIFFs of a folder (*.tif and *.tiff, capitals or not; neither hidden ones nor folders below it) by name, as
/// "folder/name". Throws Error::input where it holds none or cannot be listed.
std::vector<std::string> tiffs_in(const std::string& folder);

/// The path of a file of `folder`, as a person would write it.
std::string path_in(const std::string& folder, const std::string& name);

/// `paths` with its GeoTIFFs in place of every folder, each path once, in order. Throws Error::input as above.
std::vector<std::string> files_of(const std::vector<std::string>& paths);

}  // namespace sink
