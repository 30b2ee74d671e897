// SPDX-License-Identifier: Apache-2.0
// How a run reads its rasters, and what all its workers share: each band is described and its blocks are checked once.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "raster/band_info.hpp"
#include "raster/block_cache.hpp"
#include "raster/mosaic.hpp"
#include "raster/open_files.hpp"
#include "raster/raster_io.hpp"
#include "raster/tiff_layout.hpp"

namespace sink {

struct RasterAccess;

/// A band, and how its pixels are got: through GDAL where neither pointer is set.
struct SharedBand {
  BandInfo info;
  std::shared_ptr<const TiffLayout> layout;  ///< of a file that the workers decode themselves
  std::shared_ptr<const Mosaic> mosaic;      ///< of a folder
};

/// For any number of threads.
class SharedBands {
 public:
  /// Describes a band on first use, or again where the file has changed since. Throws Error::input as RasterSource
  /// does, and where a file of a folder came, went or changed.
  SharedBand band(OpenFiles& files, const BandPath& where, const std::string& path, const RasterAccess& access);
  [[nodiscard]] const std::shared_ptr<BlockCache>& cache() const noexcept { return cache_; }

 private:
  struct Known {
    FileVersion version;
    SharedBand band;
  };
  struct KnownFolder {
    FileVersion version;
    std::shared_ptr<const MosaicFiles> files;
  };
  SharedBand describe(OpenFiles& files, const BandPath& where, const std::string& path, const RasterAccess& access);
  SharedBand describe_folder(const BandPath& where, const std::string& path, const RasterAccess& access);

  std::mutex mutex_;
  std::map<std::tuple<std::string, int, RasterIo>, Known> known_;
  std::map<std::string, KnownFolder> folders_;
  std::shared_ptr<BlockCache> cache_ = std::make_shared<BlockCache>();
};

/// Copies share what has been found out about the bands.
struct RasterAccess {
  std::vector<std::string> allowed_drivers;  ///< beside GTiff
  RasterIo io = RasterIo::own;
  std::shared_ptr<SharedBands> shared = std::make_shared<SharedBands>();
  std::size_t cache_bytes = std::size_t{128} << 20;  ///< of blocks that several windows need
};

}  // namespace sink
