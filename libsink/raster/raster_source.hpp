// SPDX-License-Identifier: Apache-2.0
// One band of a raster as columns: measures as doubles with NaN for nodata, class codes as integers with -1 for
// nodata. Nodata values, masks, scale and offset are dealt with here and nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/dataset.hpp"

namespace sink {

/// What a band is, without its pixels.
struct BandInfo {
  std::string path;  ///< as the user wrote it
  Grid grid;
  int band = 1, bands = 1;
  std::string type;  ///< GDAL's name: "Float32"
  bool floating = false;
  std::optional<double> nodata;
  bool masked = false;  ///< the file has a mask of its own
  double scale = 1, offset = 0;
  std::int64_t block_columns = 0, block_rows = 0;
  std::string compression;  ///< "ZSTD"; "NONE" where there is none
  std::int64_t holes = 0;   ///< blocks that were never written
  std::string description, unit;
  /// Of the band's colour table, "#rrggbb" by value. Left out are transparent and black entries: GeoTIFF fills its
  /// table up with black, so that black says nothing.
  std::map<std::int64_t, std::string> colours;
};

/// The open files of one thread: bands of one file share a handle, so that pixel-interleaved tiles are decoded once.
class OpenFiles {
 public:
  /// Opens a file on first use. Throws Error::input as `open_raster` does.
  const Dataset& open(const std::string& file, const std::vector<std::string>& allowed_drivers);

 private:
  std::map<std::string, std::unique_ptr<Dataset>> files_;
};

class RasterSource {
 public:
  /// Nodata in a code column.
  static constexpr std::int32_t no_code = -1;

  /// Opens FILE or FILE:BAND below `directory` (where relative) among `files`, which must outlive this. Throws
  /// Error::input, also for complex pixels, signed bytes, and blocks never written without a declared
  /// nodata value.
  RasterSource(OpenFiles& files, const std::string& directory, const std::string& path,
               const std::vector<std::string>& allowed_drivers);

  [[nodiscard]] const BandInfo& info() const noexcept { return info_; }

  /// Reads through a nearest-neighbour view on `grid` from now on.
  void align_to(const Grid& grid);

  /// Values x scale + offset, NaN where nodata or masked. Throws Error::input for a block that cannot be read.
  void read(const Window& window, std::span<double> values);
  /// Class codes, `no_code` where nodata or masked. Throws Error::input for a code that is not an integer from 0 to
  /// 999999999.
  void read_codes(const Window& window, std::span<std::int32_t> codes);

 private:
  void read_raw(const Window& window, std::span<double> values);
  const Dataset* file_;
  Dataset view_;
  BandInfo info_;
  std::vector<std::uint8_t> mask_;
  std::vector<double> raw_;
};

/// Absolute or unchanged: `path` seen from `directory`.
std::string path_below(const std::string& directory, const std::string& path);

}  // namespace sink
