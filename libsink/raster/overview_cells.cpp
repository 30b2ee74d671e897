// SPDX-License-Identifier: Apache-2.0
// Rows of cells as vector loops, with the bits of `overview_cell`.
#include "raster/overview_cells.hpp"

#include <algorithm>

#include "core/wide.hpp"

namespace sink {
namespace {

SINK_WIDE void halve_pairs(const float* __restrict upper, const float* __restrict lower, std::size_t pairs,
                           float* __restrict out) {
  for (std::size_t i = 0; i < pairs; ++i) {  // vectorises
    const float a = upper[2 * i], b = upper[2 * i + 1], c = lower[2 * i], d = lower[2 * i + 1];
    double sum = is_valid(a) ? double{a} : 0.0, n = is_valid(a) ? 1.0 : 0.0;
    sum += is_valid(b) ? double{b} : 0.0;
    n += is_valid(b) ? 1.0 : 0.0;
    sum += is_valid(c) ? double{c} : 0.0;
    n += is_valid(c) ? 1.0 : 0.0;
    sum += is_valid(d) ? double{d} : 0.0;
    n += is_valid(d) ? 1.0 : 0.0;
    const auto mean = static_cast<float>(sum / n);
    out[i] = is_valid(mean) ? mean : stored_nodata<float>;
  }
}

/// Codes of a cell ordered by (how often, lowest first) in one integer, of which the largest is the answer; 0 for
/// nodata, which therefore comes out only where there is nothing else.
SINK_WIDE void halve_pairs(const std::uint16_t* __restrict upper, const std::uint16_t* __restrict lower,
                           std::size_t pairs, std::uint16_t* __restrict out) {
  constexpr std::int32_t none = stored_nodata<std::uint16_t>;
  for (std::size_t i = 0; i < pairs; ++i) {  // vectorises
    const std::int32_t a = upper[2 * i], b = upper[2 * i + 1], c = lower[2 * i], d = lower[2 * i + 1];
    const std::int32_t ab = a == b, ac = a == c, ad = a == d, bc = b == c, bd = b == d, cd = c == d;
    const std::int32_t of_a = a == none ? 0 : ((1 + ab + ac + ad) << 16) + none - a;
    const std::int32_t of_b = b == none ? 0 : ((1 + ab + bc + bd) << 16) + none - b;
    const std::int32_t of_c = c == none ? 0 : ((1 + ac + bc + cd) << 16) + none - c;
    const std::int32_t of_d = d == none ? 0 : ((1 + ad + bd + cd) << 16) + none - d;
    const std::int32_t x = of_a > of_b ? of_a : of_b, y = of_c > of_d ? of_c : of_d;
    out[i] = static_cast<std::uint16_t>(none - ((x > y ? x : y) & 0xffff));
  }
}

/// Codes of other types: few rasters, or small ones.
template <class Code>
void halve_pairs(const Code* upper, const Code* lower, std::size_t pairs, Code* out) {
  for (std::size_t i = 0; i < pairs; ++i)
    out[i] = overview_cell(upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]);
}

}  // namespace

template <class T>
void halve(const T* values, std::int64_t stride, std::int64_t columns, std::int64_t rows, T* halved,
           std::int64_t halved_stride) {
  const auto pairs = static_cast<std::size_t>(columns / 2);
  const std::vector<T> beyond(rows % 2 == 0 ? 0 : static_cast<std::size_t>(columns), stored_nodata<T>);
  for (std::int64_t row = 0; row < rows; row += 2, halved += halved_stride) {
    const T* upper = values + row * stride;
    const T* lower = row + 1 < rows ? upper + stride : beyond.data();
    halve_pairs(upper, lower, pairs, halved);
    if (columns % 2 != 0)
      halved[pairs] = overview_cell(upper[2 * pairs], stored_nodata<T>, lower[2 * pairs], stored_nodata<T>);
  }
}

template void halve(const float*, std::int64_t, std::int64_t, std::int64_t, float*, std::int64_t);
template void halve(const std::uint8_t*, std::int64_t, std::int64_t, std::int64_t, std::uint8_t*, std::int64_t);
template void halve(const std::uint16_t*, std::int64_t, std::int64_t, std::int64_t, std::uint16_t*, std::int64_t);
template void halve(const std::uint32_t*, std::int64_t, std::int64_t, std::int64_t, std::uint32_t*, std::int64_t);

}  // namespace sink
