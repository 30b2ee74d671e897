// SPDX-License-Identifier: Apache-2.0
// Areas on the ellipsoid in closed form, and the sphere of equal area that carries them.
#pragma once

#include <array>

#include "raster/proj_objects.hpp"

namespace sink {

/// With s = sin(latitude) and q(s) = s / (1 - e2 s^2) + atanh(e s) / e, the area between two parallels and two
/// meridians is b^2 / 2 * dlon * (q(s2) - q(s1)). The authalic sphere has radius^2 = b^2 / 2 * q(1) and keeps every
/// area when a point at q goes to the height q / q(1).
class AuthalicSphere {
 public:
  explicit AuthalicSphere(const Ellipsoid& ellipsoid);

  /// Area [m2] between two latitudes [rad] and two meridians `width` [rad] apart. Written with differences, so that a
  /// narrow cell loses no digits.
  [[nodiscard]] long double cell_m2(long double south, long double north, long double width) const;
  /// Square of the radius [m2].
  [[nodiscard]] long double radius2_m2() const noexcept { return half_b2_ * pole_q_; }
  /// The unit vector to a point; `longitude` and `latitude` [rad].
  [[nodiscard]] std::array<double, 3> unit_vector(double longitude, double latitude) const;

 private:
  [[nodiscard]] long double q(long double sine) const;

  long double e_ = 0, e2_ = 0, half_b2_ = 0, pole_q_ = 2;
};

}  // namespace sink
