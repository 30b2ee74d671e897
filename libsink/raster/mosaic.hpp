// SPDX-License-Identifier: Apache-2.0
// Mosaic: one band of the GeoTIFFs of a folder, which are opened when a window first needs them.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "raster/mosaic_files.hpp"
#include "raster/open_files.hpp"
#include "raster/raster_io.hpp"
#include "raster/tiff_layout.hpp"

namespace sink {

/// For any number of threads.
class Mosaic {
 public:
  /// Throws Error::input as `MosaicFiles::band`.
  Mosaic(std::shared_ptr<const MosaicFiles> files, int band, std::vector<std::string> allowed_drivers, RasterIo io);

  [[nodiscard]] const MosaicFiles& files() const noexcept { return *files_; }
  [[nodiscard]] int band() const noexcept { return band_; }
  [[nodiscard]] const std::vector<std::string>& allowed_drivers() const noexcept { return allowed_drivers_; }
  /// Files that have pixels in a window, by place in `files().files()`.
  [[nodiscard]] std::vector<std::size_t> files_in(const Window& window) const;
  [[nodiscard]] const MosaicFile& file(std::size_t place) const { return files_->files()[place]; }
  /// The band of one file.
  [[nodiscard]] const BandInfo& info(std::size_t place) const;

  /// The layout of a file's band, null where GDAL reads it. Checks the file's blocks on first use. Throws Error::input
  /// where the file has changed since its header was read, and as RasterSource does.
  [[nodiscard]] std::shared_ptr<const TiffLayout> layout(std::size_t place, FileHandles& handles) const;
  /// The same of every file, for nothing but the check.
  void check(FileHandles& handles) const;
  /// Files of which blocks have been asked for.
  [[nodiscard]] std::size_t opened() const;

 private:
  struct Opened {
    std::mutex mutex;
    bool checked = false, by_gdal = false;
    std::weak_ptr<const TiffLayout> layout;
  };
  [[nodiscard]] std::shared_ptr<const TiffLayout> open(std::size_t place, FileHandles& handles, bool check) const;

  std::shared_ptr<const MosaicFiles> files_;
  int band_;
  std::vector<std::string> allowed_drivers_;
  RasterIo io_;
  std::unique_ptr<Opened[]> opened_;
  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<const TiffLayout>> recent_;  ///< kept for the next window
  mutable std::size_t next_ = 0, opened_files_ = 0;
};

}  // namespace sink
