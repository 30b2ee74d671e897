// SPDX-License-Identifier: Apache-2.0
// True areas of pixels on the ellipsoid, whatever the projection.
#pragma once

#include <memory>
#include <span>

#include "core/grid.hpp"

namespace sink {

/// Areas of the pixels of one grid, const after construction and shared by all threads. On a geographic grid an area
/// depends on the row (closed form), on an equal-area projection it is constant, on any other it varies along the row
/// too. Values depend only on grid, row and column, never on a window, and are good to 1e-9 relative.
class PixelAreas {
 public:
  /// Throws Error::input where the CRS is not one of the Earth's surface (local, geocentric) or the grid leaves its
  /// domain of use.
  explicit PixelAreas(const Grid& grid);
  ~PixelAreas();
  PixelAreas(PixelAreas&&) noexcept;

  /// Areas [ha] of the pixels of `row` from `column` on.
  void row_ha(std::int64_t row, std::int64_t column, std::span<double> areas_ha) const;
  /// True where every pixel of the grid has one area.
  [[nodiscard]] bool constant() const noexcept;
  /// True where all pixels of a row have one area.
  [[nodiscard]] bool constant_along_rows() const noexcept;
  /// What was done, for the run record: "geographic: by row", "equal-area: constant", "projected: by row and column".
  [[nodiscard]] std::string description() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace sink
