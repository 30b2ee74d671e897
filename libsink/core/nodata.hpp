// SPDX-License-Identifier: Apache-2.0
// What "no data" is inside the library: NaN in a measure column, `no_class` in a class column.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace sink {

inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// std::max and std::min swallow NaN; these keep it.
inline double at_least(double x, double low) noexcept {
  return x < low ? low : x;
}
inline double at_most(double x, double high) noexcept {
  return x > high ? high : x;
}

}  // namespace sink
