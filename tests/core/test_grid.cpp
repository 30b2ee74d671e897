// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "core/grid.hpp"
#include "support/catch.hpp"

using sink::Grid;
using sink::grid_difference;

namespace {

Grid belt() {
  return {2400, 2320, 500000, 3140000, 100, 100, "PROJCRS[...]", "EPSG:4548"};
}

}  // namespace

TEST_CASE("a grid agrees with itself and within a ten-thousandth of a pixel", "[grid]") {
  CHECK(grid_difference(belt(), belt()).empty());
  Grid near = belt();
  near.x_min += 0.009;
  near.y_max -= 0.009;
  CHECK(grid_difference(belt(), near).empty());
  near.x_min += 0.002;
  CHECK(grid_difference(belt(), near) == "origin shifted by 0.00011 columns and 9e-05 rows");
}

TEST_CASE("the words name what differs", "[grid]") {
  Grid other = belt();
  other.rows = 2319;
  CHECK(grid_difference(belt(), other) == "size 2400 x 2320 against 2400 x 2319 pixels");
  other = belt();
  other.pixel_width = 30;
  other.pixel_height = 30;
  CHECK(grid_difference(belt(), other) == "pixel size 100 x 100 against 30 x 30");
  other = belt();
  other.x_min -= 50;
  other.columns = 2401;
  CHECK(grid_difference(belt(), other) ==
        "size 2400 x 2320 against 2401 x 2320 pixels; origin shifted by -0.5 columns and 0 rows");
}

TEST_CASE("a pixel size that drifts by a pixel over the raster is another grid", "[grid]") {
  Grid other = belt();
  other.pixel_width = 100 * (1 + 5e-8);  // 1.2e-4 pixel at column 2400
  CHECK_FALSE(grid_difference(belt(), other).empty());
  other.pixel_width = 100 * (1 + 3e-8);
  CHECK(grid_difference(belt(), other).empty());
  other.x_min += 0.005;  // neither alone is too much
  CHECK(grid_difference(belt(), other).find("far corner") == 0);
}

TEST_CASE("a grid that is not finite agrees with none", "[grid]") {
  Grid other = belt();
  other.x_min = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(grid_difference(belt(), other).empty());
}

TEST_CASE("pixel positions and coordinates are each other's inverse", "[grid]") {
  const Grid grid = belt();
  const sink::Point corner = grid.to_crs(0, 0), centre = grid.to_crs(10.5, 20.5);
  CHECK(corner.x == 500000);
  CHECK(corner.y == 3140000);
  CHECK(centre.x == 501050);
  CHECK(centre.y == 3137950);
  CHECK(grid.to_pixel(centre.x, centre.y).x == 10.5);
  CHECK(grid.to_pixel(centre.x, centre.y).y == 20.5);
}

TEST_CASE("a grid in words", "[grid]") {
  CHECK(sink::describe(belt()) == "2400 x 2320 pixels of 100 x 100 from (500000, 3140000)");
}
