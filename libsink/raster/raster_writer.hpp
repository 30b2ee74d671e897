// SPDX-License-Identifier: Apache-2.0
// A float32 output raster: windows come in plan order into a working file; `finish` makes the Cloud-Optimised GeoTIFF.
#pragma once

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

class RasterWriter {
 public:
  /// `window_columns` x `window_rows` is the shape of the windows that will come. Throws Error::output.
  RasterWriter(std::string working_file, const Grid& grid, std::int64_t window_columns, std::int64_t window_rows,
               const std::string& description, const std::string& unit, int threads);

  /// Row-major values of a window; NaN is nodata. Throws Error::output (disk full, …).
  void write(const Window& window, std::span<const float> values);

  /// Writes `file` with statistics, overviews, nodata, unit and description, and removes the working file.
  /// `go_on(fraction)` may return false to stop (Error::interrupted). Throws Error::output.
  void finish(const std::string& file, const StoredStatistics& statistics, const RasterFormat& format,
              const std::function<bool(double)>& go_on);

 private:
  std::string working_file_;
  Dataset working_;
  std::int64_t pixels_;
};

/// Refuses creation options that the driver does not know (Error::usage), before anything is computed.
void check_creation_options(const RasterFormat& format);

}  // namespace sink
