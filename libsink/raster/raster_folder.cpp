// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_folder.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "core/error.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

/// Hidden files are none: a Mac leaves a "._a.tif" that is no picture beside each on a foreign disk.
bool named_as_tiff(const fs::path& path) {
  if (path.filename().string().starts_with('.')) return false;
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".tif" || ending == ".tiff";
}

}  // namespace

bool is_folder(const std::string& path) {
  std::error_code failure;
  return fs::is_directory(path, failure);
}

std::string path_in(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::vector<std::string> tiffs_in(const std::string& folder) {
  std::error_code failure;
  std::vector<std::string> files;
  for (auto entry = fs::directory_iterator(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    std::error_code ignored;
    if (named_as_tiff(entry->path()) && !entry->is_directory(ignored))
      files.push_back(path_in(folder, entry->path().filename().string()));
  }
  if (failure)
    throw input_error(folder, "this folder cannot be listed (" + failure.message() + "): check the permissions");
  if (files.empty())
    throw input_error(folder, "this folder holds no *.tif or *.tiff: give a GeoTIFF, or a folder of GeoTIFFs");
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (is_folder(path)) {
      for (std::string& file : tiffs_in(path)) files.push_back(std::move(file));
    } else {
      files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace sink
