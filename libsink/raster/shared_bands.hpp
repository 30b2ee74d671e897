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
#include "raster/open_files.hpp"
#include "raster/raster_io.hpp"
#include "raster/tiff_layout.hpp"

namespace sink {

struct RasterAccess;

/// A band, and its layout where the workers decode it themselves.
struct SharedBand {
  BandInfo info;
  std::shared_ptr<const TiffLayout> layout;  ///< null: through GDAL
};

/// For any number of threads.
class SharedBands {
 public:
  /// Describes a band on first use, or again where the file has changed since. Throws Error::input as RasterSource
  /// does.
  SharedBand band(OpenFiles& files, const BandPath& where, const std::string& path, const RasterAccess& access);
  [[nodiscard]] const std::shared_ptr<BlockCache>& cache() const noexcept { return cache_; }

 private:
  /// Device, inode, size, time of change in s and ns.
  using Version = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;
  struct Known {
    Version version;
    SharedBand band;
  };
  static Version version_of(const std::string& file);

  std::mutex mutex_;
  std::map<std::tuple<std::string, int, RasterIo>, Known> known_;
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
