// SPDX-License-Identifier: Apache-2.0
#include "raster/shared_bands.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "raster/input_file.hpp"
#include "raster/raster_folder.hpp"

namespace sink {
namespace {

/// The folder holds these files and no others, as they were when their headers were read.
bool still_holds(const std::string& folder, const std::vector<MosaicFile>& files) {
  return std::ranges::equal(tiffs_in(folder), files, [](const std::string& name, const MosaicFile& file) {
    return name == file.file && version_of(name) == file.version;
  });
}

}  // namespace

SharedBand SharedBands::band(OpenFiles& files, const BandPath& where, const std::string& path,
                             const RasterAccess& access) {
  const std::lock_guard lock(mutex_);
  const FileVersion version = version_of(where.file);
  const std::tuple key(where.file, where.band, access.io);
  if (const auto found = known_.find(key); found != known_.end() && found->second.version == version) {
    SharedBand band = found->second.band;
    band.info.path = path;
    return band;
  }
  SharedBand band = is_folder(where.file) ? describe_folder(where, path, access) : describe(files, where, path, access);
  known_.insert_or_assign(key, Known{version, band});
  return band;
}

SharedBand SharedBands::describe(OpenFiles& files, const BandPath& where, const std::string& path,
                                 const RasterAccess& access) {
  const Dataset& file = files.open(where.file, access.allowed_drivers);
  SharedBand band{describe_band(file, path, where.band), nullptr, nullptr};
  if (access.io == RasterIo::own) band.layout = TiffLayout::open(file, band.info);
  set_holes(band.info, band.layout ? band.layout->check(file.file()) : check_blocks(file, where.band));
  return band;
}

SharedBand SharedBands::describe_folder(const BandPath& where, const std::string& path, const RasterAccess& access) {
  KnownFolder& folder = folders_[where.file];
  if (const FileVersion version = version_of(where.file); !folder.files || folder.version != version) {
    // All workers of a run must see one grid.
    if (folder.files && !still_holds(where.file, folder.files->files())) {
      throw input_error(where.file, "files came or went while this folder was read: run again when it is finished");
    }
    if (!folder.files) folder.files = std::make_shared<const MosaicFiles>(where.file, access.allowed_drivers);
    folder.version = version;
  }
  return {folder.files->band(where.band, path), nullptr,
          std::make_shared<const Mosaic>(folder.files, where.band, access.allowed_drivers, access.io)};
}

}  // namespace sink
