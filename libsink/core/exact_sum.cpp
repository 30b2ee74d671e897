// SPDX-License-Identifier: Apache-2.0
#include "core/exact_sum.hpp"

#include <algorithm>

#include "core/wide.hpp"

namespace sink {
namespace {

constexpr std::size_t chunk = 1024;

/// What a chunk of numbers holds; NaN was replaced by 0 and counts as missing.
struct Extent {
  std::int64_t missing = 0;
  double min = HUGE_VAL, max = -HUGE_VAL;
};

/// Turns floats into doubles with 0 for NaN, in lanes that the compiler turns into vectors.
SINK_WIDE Extent unpack(const float* values, std::size_t n, double* out) {
  constexpr std::size_t lanes = 8;
  double low[lanes], high[lanes];
  std::int64_t missing[lanes] = {};
  std::fill_n(low, lanes, HUGE_VAL);
  std::fill_n(high, lanes, -HUGE_VAL);
  const auto see = [&](std::size_t i, std::size_t p) {
    const double x = values[p];
    const bool nan = x != x;
    low[i] = x < low[i] ? x : low[i];
    high[i] = x > high[i] ? x : high[i];
    missing[i] += nan ? 1 : 0;
    out[p] = nan ? 0.0 : x;
  };
  std::size_t p = 0;
  for (; p + lanes <= n; p += lanes) {
    for (std::size_t i = 0; i < lanes; ++i) see(i, p + i);
  }
  for (; p < n; ++p) see(0, p);
  Extent extent;
  for (std::size_t i = 0; i < lanes; ++i) {
    extent.missing += missing[i];
    extent.min = std::min(extent.min, low[i]);
    extent.max = std::max(extent.max, high[i]);
  }
  return extent;
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
  for (std::size_t i = 0; i < n; ++i) {
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
    const Extent extent = unpack(values.data() + from, n, buffer);
    const std::int64_t valid = static_cast<std::int64_t>(n) - extent.missing;
    if (valid == 0) continue;
    count_ += valid;
    min_ = std::min(min_, extent.min);
    max_ = std::max(max_, extent.max);
    int top = 0;
    std::frexp(std::max(std::abs(extent.min), std::abs(extent.max)), &top);
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
