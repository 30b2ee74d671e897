// SPDX-License-Identifier: Apache-2.0
// The rule of overviews by hand, and how many there are.
#include "raster/overview_cells.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace sink;

TEST_CASE("overviews: the mean of the valid, the most frequent and lowest code", "[overviews]") {
  const float nan = std::nanf("");
  CHECK(overview_cell(1.0F, 2.0F, 3.0F, 6.0F) == 3.0F);
  CHECK(overview_cell(nan, 2.0F, nan, 4.0F) == 3.0F);
  CHECK(overview_cell(nan, nan, 7.5F, nan) == 7.5F);
  CHECK(std::isnan(overview_cell(nan, nan, nan, nan)));
  CHECK(overview_cell(16777216.0F, 16777218.0F, 16777218.0F, 16777218.0F) == 16777218.0F);  // 16777217.5 to even
  using Code = std::uint16_t;
  const auto cell = [](Code a, Code b, Code c, Code d) { return overview_cell(a, b, c, d); };
  CHECK(cell(9, 5, 5, 9) == 5);
  CHECK(cell(9, 9, 5, 9) == 9);
  CHECK(cell(4, 3, 2, 1) == 1);
  CHECK(cell(65535, 65535, 65535, 8) == 8);
  CHECK(cell(65535, 65535, 65535, 65535) == 65535);
  const std::vector<float> values = {1, 3, 5, 7, 9, nan, 2, 2, 2};
  std::vector<float> halved;
  halve(values.data(), 3, 3, 3, halved);
  CHECK(halved[0] == 20.0F / 4);
  CHECK(halved[1] == 5.0F);
  CHECK(halved[2] == 2.0F);
  CHECK(halved[3] == 2.0F);
}

TEST_CASE("as many overviews as GDAL's COG driver makes, none of which loses a pixel", "[overviews]") {
  const auto sizes = [](std::int64_t columns, std::int64_t rows) {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const RasterSize& size : overview_sizes({columns, rows}, 512)) pairs.emplace_back(size.columns, size.rows);
    return pairs;
  };
  using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;
  // Counts as GDAL 3.6.2 makes them for these sizes.
  CHECK(sizes(512, 512).empty());
  CHECK(sizes(513, 2) == Pairs{{257, 1}});
  CHECK(sizes(511, 513) == Pairs{{256, 257}});
  CHECK(sizes(1025, 700) == Pairs{{513, 350}});
  CHECK(sizes(2051, 3) == Pairs{{1026, 2}, {513, 1}});
}
