// SPDX-License-Identifier: Apache-2.0
// Lengths of pixel edges in metres, and places of pixels in degrees.
#pragma once

#include <memory>
#include <span>

#include "core/grid.hpp"

namespace sink {

/// On a projected grid lengths are those of the grid, in metres; on a geographic one they follow parallels and
/// meridians on the ellipsoid. Not for use by two threads at a time.
class GroundMeasure {
 public:
  /// Throws Error::input where the CRS is not one of the Earth's surface.
  explicit GroundMeasure(const Grid& grid);
  ~GroundMeasure();
  GroundMeasure(GroundMeasure&&) noexcept;

  /// Length [m] of the edge between two rows: the upper edge of a pixel of row `y`.
  [[nodiscard]] double along_row_m(std::int64_t y) const;
  /// Length [m] of a pixel's edge between two columns in row `y`.
  [[nodiscard]] double along_column_m(std::int64_t y) const;
  /// Longitude and latitude [degrees] in the geographic CRS that the grid's is built on, of pixel positions; in place.
  void to_degrees(std::span<Point> positions) const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace sink
