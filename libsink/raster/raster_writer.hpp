// SPDX-License-Identifier: Apache-2.0
// An output raster of measures (float32) or of codes (UInt16, UInt32): windows come in plan order into a working file;
// `finish` makes the Cloud-Optimised GeoTIFF.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/grid.hpp"
#include "raster/dataset.hpp"

namespace sink {

struct RasterFormat {
  bool cog = true;                            ///< false: plain tiled GeoTIFF
  std::vector<std::string> creation_options;  ///< KEY=VALUE, override ours
  int threads = 1;
};

/// What the pixels are. Overviews of measures are means; of codes, the most frequent code.
enum class RasterPixels { float32, uint16, uint32 };
/// Nodata in a raster of codes: the highest value of its type, and never a code.
constexpr std::uint32_t nodata_code(RasterPixels pixels) noexcept {
  return pixels == RasterPixels::uint16 ? 65535U : 4294967295U;
}

class RasterWriter {
 public:
  /// `window_columns` x `window_rows` is the shape of the windows that will come. A blank unit is none. Throws
  /// Error::output.
  RasterWriter(std::string working_file, const Grid& grid, std::int64_t window_columns, std::int64_t window_rows,
               const std::string& description, const std::string& unit, int threads,
               RasterPixels type = RasterPixels::float32);

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

/// Refuses creation options that the driver does not know (Error::usage), before anything is computed.
void check_creation_options(const RasterFormat& format);

}  // namespace sink
