// SPDX-License-Identifier: Apache-2.0
#include "core/exact_sum.hpp"

#include <algorithm>

#include "core/value_range.hpp"
#include "core/wide.hpp"

namespace sink {
namespace {

constexpr std::size_t chunk = 1024;

/// Turns floats into doubles, with 0 for NaN.
SINK_WIDE void unpack(const float* __restrict values, std::size_t n, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {  // vectorises
    out[i] = values[i] == values[i] ? static_cast<double>(values[i]) : 0.0;
  }
}

/// Sums as integers in units of 2^(top - 40), 2^(top - 80), 2^(top - 120), for numbers below 2^top; `rest` where a
/// number has still smaller digits.
constexpr int level_bits = 40, levels = 3;
struct LevelSums {
  std::int64_t units[levels] = {};
  bool rest = false;
};
struct Anchors {
  double at[levels];
  explicit Anchors(int top) {
    for (int level = 0; level < levels; ++level) at[level] = std::ldexp(1.5, 52 + top - (level + 1) * level_bits);
  }
};

inline __attribute__((always_inline)) LevelSums sum_levels(const double* values, std::size_t n, const Anchors& anchors,
                                                           bool squares) {
  std::int64_t units[levels] = {};
  int rest = 0;
  for (std::size_t i = 0; i < n; ++i) {  // vectorises
    // The square of a float is exact in a double.
    double x = squares ? values[i] * values[i] : values[i];
    for (int level = 0; level < levels; ++level) {
      // Adding 1.5 x 2^52 units leaves the number of units in the low bits; what it rounds away is exact.
      const double shifted = x + anchors.at[level];
      x -= shifted - anchors.at[level];
      units[level] += std::bit_cast<std::int64_t>(shifted) - std::bit_cast<std::int64_t>(anchors.at[level]);
    }
    rest |= x != 0 ? 1 : 0;
  }
  LevelSums sums;
  std::copy_n(units, levels, sums.units);
  sums.rest = rest != 0;
  return sums;
}

SINK_WIDE LevelSums sums_of(const double* values, std::size_t n, const Anchors& anchors) {
  return sum_levels(values, n, anchors, false);
}
SINK_WIDE LevelSums sums_of_squares(const double* values, std::size_t n, const Anchors& anchors) {
  return sum_levels(values, n, anchors, true);
}

void add_levels(const LevelSums& sums, int top, ExactSum& sum) {
  for (int level = 0; level < levels; ++level) {
    // 52 bits and 12 bits: each is exact in a double.
    const std::int64_t high = sums.units[level] >> 20, low = sums.units[level] - high * (1LL << 20);
    const int unit = top - (level + 1) * level_bits;
    sum.add(std::ldexp(static_cast<double>(high), unit + 20));
    sum.add(std::ldexp(static_cast<double>(low), unit));
  }
}

}  // namespace

void StoredStatistics::add_one_by_one(std::span<const double> values) noexcept {
  for (const double x : values) {
    sum_.add(x);
    squares_.add(x * x);
  }
}

void StoredStatistics::add(std::span<const float> values) noexcept {
  double buffer[chunk];
  for (std::size_t from = 0; from < values.size(); from += chunk) {
    const std::size_t n = std::min(chunk, values.size() - from);
    const ValueRange range = range_of(values.data() + from, n);
    const std::int64_t valid = static_cast<std::int64_t>(n) - range.nan;
    if (valid == 0) continue;
    unpack(values.data() + from, n, buffer);
    count_ += valid;
    min_ = std::min(min_, range.min);
    max_ = std::max(max_, range.max);
    int top = 0;
    std::frexp(std::max(std::abs(range.min), std::abs(range.max)), &top);
    const LevelSums sums = sums_of(buffer, n, Anchors(top));
    const LevelSums squares = sums_of_squares(buffer, n, Anchors(2 * top));
    if (sums.rest || squares.rest) {
      add_one_by_one({buffer, n});
    } else {
      add_levels(sums, top, sum_);
      add_levels(squares, 2 * top, squares_);
    }
  }
}

}  // namespace sink
