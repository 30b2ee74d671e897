// SPDX-License-Identifier: Apache-2.0
#include "core/value_range.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "core/wide.hpp"

namespace sink {
namespace {

/// Integers in the order of floating-point numbers: unlike these, their minimum may be taken in any order.
inline std::int32_t order_of(float x) noexcept {
  const auto bits = std::bit_cast<std::int32_t>(x);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
inline std::int64_t order_of(double x) noexcept {
  const auto bits = std::bit_cast<std::int64_t>(x);
  return bits ^ ((bits >> 63) & 0x7fffffffffffffff);
}
inline float number_at(std::int32_t order) noexcept {
  return std::bit_cast<float>(order ^ ((order >> 31) & 0x7fffffff));
}
inline double number_at(std::int64_t order) noexcept {
  return std::bit_cast<double>(order ^ ((order >> 63) & 0x7fffffffffffffff));
}

template <class Real, class Order>
inline __attribute__((always_inline)) ValueRange find_range(const Real* values, std::size_t n) noexcept {
  Order low = std::numeric_limits<Order>::max(), high = std::numeric_limits<Order>::min(), missing = 0;
  for (std::size_t i = 0; i < n; ++i) {  // vectorises
    const Real x = values[i];
    const Order order = order_of(x), nan = x == x ? 0 : -1;
    // NaN stands above all numbers for the least, and below all for the largest.
    const Order for_low = (order & ~nan) | (nan & std::numeric_limits<Order>::max());
    const Order for_high = (order & ~nan) | (nan & std::numeric_limits<Order>::min());
    low = for_low < low ? for_low : low;
    high = for_high > high ? for_high : high;
    missing -= nan;
  }
  if (static_cast<std::size_t>(missing) == n) return {HUGE_VAL, -HUGE_VAL, missing};
  return {number_at(low), number_at(high), missing};
}

/// Few enough that no counter overflows.
constexpr std::size_t piece = std::size_t{1} << 20;

SINK_WIDE ValueRange piece_range(const double* values, std::size_t n) noexcept {
  return find_range<double, std::int64_t>(values, n);
}
SINK_WIDE ValueRange piece_range(const float* values, std::size_t n) noexcept {
  return find_range<float, std::int32_t>(values, n);
}

template <class Real>
ValueRange whole_range(const Real* values, std::size_t n) noexcept {
  ValueRange range;
  for (std::size_t from = 0; from < n; from += piece) {
    const ValueRange own = piece_range(values + from, std::min(piece, n - from));
    range.min = std::min(range.min, own.min);
    range.max = std::max(range.max, own.max);
    range.nan += own.nan;
  }
  return range;
}

SINK_WIDE void mark(const double* __restrict values, std::size_t n, std::uint8_t* __restrict known) noexcept {
  for (std::size_t i = 0; i < n; ++i) known[i] = values[i] == values[i] ? 1 : 0;  // vectorises
}

}  // namespace

void mark_known(const double* values, std::size_t n, std::uint8_t* known) noexcept {
  mark(values, n, known);
}
ValueRange range_of(const double* values, std::size_t n) noexcept {
  return whole_range(values, n);
}
ValueRange range_of(const float* values, std::size_t n) noexcept {
  return whole_range(values, n);
}

}  // namespace sink
