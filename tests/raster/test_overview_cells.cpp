// SPDX-License-Identifier: Apache-2.0
// The rule of overviews by hand, and how many there are.
#include "raster/overview_cells.hpp"

#include <cmath>
#include <cstring>
#include <random>

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
  std::vector<float> halved(4);
  halve(values.data(), 3, 3, 3, halved.data(), 2);
  CHECK(halved[0] == 20.0F / 4);
  CHECK(halved[1] == 5.0F);
  CHECK(halved[2] == 2.0F);
  CHECK(halved[3] == 2.0F);
}

namespace {

/// Cells of a part of `values`, against `halve` of it into the middle of a larger array.
template <class T>
bool as_cell_by_cell(const std::vector<T>& values, std::int64_t stride, std::int64_t columns, std::int64_t rows) {
  const std::int64_t across = half_up(columns), down = half_up(rows), room = across + 3;
  std::vector<T> halved(static_cast<std::size_t>(room * down), T{77});
  halve(values.data(), stride, columns, rows, halved.data(), room);
  const auto at = [&](std::int64_t x, std::int64_t y) {
    return x < columns && y < rows ? values[static_cast<std::size_t>(y * stride + x)] : stored_nodata<T>;
  };
  bool same = true;
  for (std::int64_t y = 0; y < down; ++y) {
    for (std::int64_t x = 0; x < room; ++x) {
      const T cell = x >= across ? T{77}
                                 : overview_cell(at(2 * x, 2 * y), at(2 * x + 1, 2 * y), at(2 * x, 2 * y + 1),
                                                 at(2 * x + 1, 2 * y + 1));
      same = same && std::memcmp(&cell, &halved[static_cast<std::size_t>(y * room + x)], sizeof cell) == 0;
    }
  }
  return same;
}

}  // namespace

TEST_CASE("rows of cells have the bits of single cells, at any width", "[overviews]") {
  std::mt19937 random(3);
  const float odd[] = {std::nanf(""), -std::nanf("7"), 0.0F, -0.0F,    1e-45F, 3.4e38F,
                       HUGE_VALF,     -HUGE_VALF,      0.1F, 1 / 3.0F, -2.5F,  16777217.0F};
  for (std::int64_t columns = 1; columns < 70; ++columns) {
    const std::int64_t rows = 1 + columns % 5, stride = columns + columns % 3;
    const auto n = static_cast<std::size_t>(stride * rows);
    std::vector<float> measures(n);
    std::vector<std::uint16_t> codes(n);
    std::vector<std::uint32_t> wide(n);
    for (std::size_t i = 0; i < n; ++i) {
      measures[i] = random() % 3 == 0 ? odd[random() % std::size(odd)] : static_cast<float>(random() % 9999) / 7;
      codes[i] = random() % 4 == 0 ? 65535 : static_cast<std::uint16_t>(random() % 3 * 32767);
      wide[i] = random() % 4 == 0 ? stored_nodata<std::uint32_t> : static_cast<std::uint32_t>(random() % 3 * 70000);
    }
    INFO(columns);
    CHECK(as_cell_by_cell(measures, stride, columns, rows));
    CHECK(as_cell_by_cell(codes, stride, columns, rows));
    CHECK(as_cell_by_cell(wide, stride, columns, rows));
  }
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
