// SPDX-License-Identifier: Apache-2.0
#include "raster/shared_bands.hpp"

#include <sys/stat.h>

namespace sink {

SharedBands::Version SharedBands::version_of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

SharedBand SharedBands::band(OpenFiles& files, const BandPath& where, const std::string& path,
                             const RasterAccess& access) {
  const std::lock_guard lock(mutex_);
  const Version version = version_of(where.file);
  const std::tuple key(where.file, where.band, access.io);
  if (const auto found = known_.find(key); found != known_.end() && found->second.version == version) {
    SharedBand band = found->second.band;
    band.info.path = path;
    return band;
  }
  const Dataset& file = files.open(where.file, access.allowed_drivers);
  SharedBand band{describe_band(file, path, where.band), nullptr};
  if (access.io == RasterIo::own) band.layout = TiffLayout::open(file, band.info);
  set_holes(band.info, band.layout ? band.layout->check(file.file()) : check_blocks(file, where.band));
  known_.insert_or_assign(key, Known{version, band});
  return band;
}

}  // namespace sink
