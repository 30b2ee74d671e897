// SPDX-License-Identifier: Apache-2.0
// What many values hold: the least and the largest, and which are known.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace sink {

/// Over no value at all `min` is infinity and `max` minus infinity.
struct ValueRange {
  double min = HUGE_VAL, max = -HUGE_VAL;
  std::int64_t nan = 0;
};
ValueRange range_of(const double* values, std::size_t n) noexcept;
ValueRange range_of(const float* values, std::size_t n) noexcept;

/// 1 where a value is a number, 0 where it is NaN.
void mark_known(const double* values, std::size_t n, std::uint8_t* known) noexcept;

}  // namespace sink
