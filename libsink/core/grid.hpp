// SPDX-License-Identifier: Apache-2.0
// Grid: size, affine transform and CRS of a raster as a value. Window: a rectangle of its pixels.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace sink {

/// A rectangle of pixels: first column and row, width and height.
struct Window {
  std::int64_t column = 0, row = 0, columns = 0, rows = 0;
  [[nodiscard]] std::int64_t pixels() const noexcept { return columns * rows; }
  friend bool operator==(const Window&, const Window&) = default;
};

struct Point {
  double x = 0, y = 0;
};

/// North-up raster grid. `pixel_height` is positive; row 0 is the northernmost.
struct Grid {
  std::int64_t columns = 0, rows = 0;
  double x_min = 0, y_max = 0;               ///< outer corner of pixel (0, 0), CRS units
  double pixel_width = 0, pixel_height = 0;  ///< CRS units
  std::string crs_wkt;                       ///< WKT2; never empty
  std::string crs_name;                      ///< "EPSG:4548", or the CRS's name where it has no code

  [[nodiscard]] Window whole() const noexcept { return {0, 0, columns, rows}; }
  [[nodiscard]] std::int64_t pixels() const noexcept { return columns * rows; }
  /// CRS coordinates of a pixel position; (0, 0) is the outer corner of the first pixel, (0.5, 0.5) its centre.
  [[nodiscard]] Point to_crs(double column, double row) const noexcept {
    return {x_min + column * pixel_width, y_max - row * pixel_height};
  }
  /// Pixel position (column in x, row in y) of CRS coordinates.
  [[nodiscard]] Point to_pixel(double x, double y) const noexcept {
    return {(x - x_min) / pixel_width, (y_max - y) / pixel_height};
  }
  [[nodiscard]] std::array<double, 6> geotransform() const noexcept {
    return {x_min, pixel_width, 0.0, y_max, 0.0, -pixel_height};
  }
};

/// Empty when `a` and `b` agree within 1e-4 pixel over the whole raster (CRS compared by the raster layer);
/// otherwise what differs, in words, for an error message.
std::string grid_difference(const Grid& a, const Grid& b);

/// "2400 x 2320 pixels of 100 x 100 from (x, y)": a grid in words.
std::string describe(const Grid& grid);

}  // namespace sink
