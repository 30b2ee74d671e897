// SPDX-License-Identifier: Apache-2.0
// The one rule of overviews: level k from the stored level k-1 in cells of 2 x 2. Measures: the mean of the valid
// values in double, rounded to float. Codes: the most frequent valid one, of several the lowest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/grid.hpp"
#include "raster/raster_format.hpp"

namespace sink {

template <class T>
inline constexpr T stored_nodata = std::is_floating_point_v<T> ? std::numeric_limits<T>::quiet_NaN()
                                                               : std::numeric_limits<T>::max();

template <class T>
constexpr bool is_valid(T value) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    return value == value;
  } else {
    return value != stored_nodata<T>;
  }
}

/// Whether `columns` x `rows` values, rows `stride` apart, are all nodata.
template <class T>
bool all_nodata(const T* values, std::int64_t stride, std::int64_t columns, std::int64_t rows) noexcept {
  for (std::int64_t row = 0; row < rows; ++row) {
    bool any = false;  // no early exit inside a row: it vectorises
    for (std::int64_t i = 0; i < columns; ++i) any |= is_valid(values[row * stride + i]);
    if (any) return false;
  }
  return true;
}

/// Summed in reading order, so that the last bit is the same everywhere.
inline float overview_cell(float a, float b, float c, float d) noexcept {
  double sum = is_valid(a) ? double{a} : 0.0, n = is_valid(a) ? 1.0 : 0.0;
  for (const float v : {b, c, d}) {
    sum += is_valid(v) ? double{v} : 0.0;
    n += is_valid(v) ? 1.0 : 0.0;
  }
  const auto mean = static_cast<float>(sum / n);
  return is_valid(mean) ? mean : stored_nodata<float>;  // 0 / 0 has a sign of its own
}

template <class Code>
Code overview_cell(Code a, Code b, Code c, Code d) noexcept {
  if (a == b && a == c && a == d) return a;
  Code best = stored_nodata<Code>;
  int most = 0;
  for (const Code v : {a, b, c, d}) {
    const int n = (a == v) + (b == v) + (c == v) + (d == v);
    if (!is_valid(v) || n < most || (n == most && v >= best)) continue;
    best = v;
    most = n;
  }
  return best;
}

/// Half of `n`, the last cell of an odd one being half a cell.
constexpr std::int64_t half_up(std::int64_t n) noexcept {
  return (n + 1) / 2;
}

/// Reduces `columns` x `rows` values, rows `stride` apart, to half_up(columns) x half_up(rows) in `halved`, whose rows
/// are `halved_stride` apart. Cells start at the first value, so that a part of a raster must start at an even column
/// and row. T: float, std::uint8_t, std::uint16_t or std::uint32_t.
template <class T>
void halve(const T* values, std::int64_t stride, std::int64_t columns, std::int64_t rows, T* halved,
           std::int64_t halved_stride);

struct RasterSize {
  std::int64_t columns = 0, rows = 0;
};
/// Sizes of the overviews, the largest first. There are as many as GDAL's COG driver makes: until one block of
/// `block` x `block` would hold the raster, halving downwards.
inline std::vector<RasterSize> overview_sizes(RasterSize size, std::int64_t block) {
  std::vector<RasterSize> sizes;
  RasterSize counted = size;
  while (counted.columns > block || counted.rows > block) {
    counted = {counted.columns / 2, counted.rows / 2};
    size = {half_up(size.columns), half_up(size.rows)};
    sizes.push_back(size);
  }
  return sizes;
}

}  // namespace sink
