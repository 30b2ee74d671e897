// SPDX-License-Identifier: Apache-2.0
// An output raster of measures (float32) or of codes (UInt16, UInt32): windows come in plan order into a working file;
// `finish` makes the Cloud-Optimised GeoTIFF. GDAL's way of writing; `RasterOutput` knows the other.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/exact_sum.hpp"
#include "core/grid.hpp"
#include "raster/dataset.hpp"
#include "raster/raster_format.hpp"
#include "raster/tiff_tags.hpp"

namespace sink {

class RasterWriter {
 public:
  /// `window_columns` x `window_rows` is the shape of the windows that will come. A blank unit is none. Throws
  /// Error::output.
  RasterWriter(std::string working_file, const Grid& grid, std::int64_t window_columns, std::int64_t window_rows,
               const RasterWords& words, int threads, RasterPixels type = RasterPixels::float32);

  /// Row-major values of a window; NaN is nodata. Throws Error::output (disk full, …).
  void write(const Window& window, std::span<const float> values);
  /// Row-major codes of a window, `nodata_code` among them.
  void write(const Window& window, std::span<const std::uint32_t> codes);

  /// Writes `file` with statistics (where they hold a value), overviews, nodata, unit and description, and removes the
  /// working file. `go_on(fraction)` may return false to stop (Error::interrupted). Throws Error::output.
  void finish(const std::string& file, const StoredStatistics& statistics, const RasterFormat& format,
              const std::function<bool(double)>& go_on);

 private:
  std::string working_file_;
  Dataset working_;
  std::int64_t pixels_;
  RasterPixels type_;
};

}  // namespace sink
