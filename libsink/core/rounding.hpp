// SPDX-License-Identifier: Apache-2.0
// Rounding of stored values: fewer bits, so that a compressor has less to store.
#pragma once

#include <cmath>
#include <cstddef>

namespace sink {

/// The largest power of two that is not above `precision` (more than 0).
inline double step_within(double precision) noexcept {
  return std::exp2(std::floor(std::log2(precision)));
}

/// Rounds to the nearest multiple of `step`, a power of two, halves to the even one; NaN and values of 2^22 steps and
/// more (which a float32 holds to a step or so anyway) stay as they are.
inline void round_to_step(float* values, std::size_t n, float step) noexcept {
  // A float32 near 1.5 x 2^23 steps has no room for fractions of a step.
  const float shift = 12582912.0F * step, limit = 4194304.0F * step;
  for (std::size_t i = 0; i < n; ++i) {
    const float rounded = (values[i] + shift) - shift;
    values[i] = std::abs(values[i]) < limit ? rounded : values[i];
  }
}

}  // namespace sink
