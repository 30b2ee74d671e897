// SPDX-License-Identifier: Apache-2.0
#include "raster/zip_bytes.hpp"

#include <cpl_vsi.h>

#include <atomic>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {

std::string zip_bytes(const std::string& name, const std::string& text) {
  // In memory: a path of the user's within /vsizip/ could hold braces.
  static std::atomic<int> archives{0};
  const std::string archive = "/vsimem/sink_archive_" + std::to_string(archives++) + ".zip";
  clear_gdal_errors();
  VSILFILE* file = VSIFOpenL(("/vsizip/" + archive + "/" + name).c_str(), "wb");
  bool written = file != nullptr && VSIFWriteL(text.data(), 1, text.size(), file) == text.size();
  written = file != nullptr && VSIFCloseL(file) == 0 && written;
  vsi_l_offset size = 0;
  const GByte* bytes = written ? VSIGetMemFileBuffer(archive.c_str(), &size, FALSE) : nullptr;
  std::string zip;
  if (bytes != nullptr) zip.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  VSIUnlink(archive.c_str());
  if (zip.empty()) throw gdal_error(Error::Kind::output, name, "cannot be packed into a zip archive");
  return zip;
}

}  // namespace sink
