// SPDX-License-Identifier: Apache-2.0
#include "raster/authalic.hpp"

#include <algorithm>
#include <cmath>

namespace sink {

AuthalicSphere::AuthalicSphere(const Ellipsoid& ellipsoid)
    : e_(std::sqrt(std::max(0.0L, static_cast<long double>(ellipsoid.e2)))), e2_(ellipsoid.e2) {
  const long double a = ellipsoid.a;
  half_b2_ = a * a * (1 - e2_) / 2;
  pole_q_ = q(1);
}

long double AuthalicSphere::q(long double sine) const {
  if (!(e2_ > 0)) return 2 * sine;  // the limit on a sphere
  return sine / (1 - e2_ * sine * sine) + std::atanh(e_ * sine) / e_;
}

long double AuthalicSphere::cell_m2(long double south, long double north, long double width) const {
  const long double s1 = std::sin(south), s2 = std::sin(north);
  const long double ds = 2 * std::cos((south + north) / 2) * std::sin((north - south) / 2);
  if (!(e2_ > 0)) return half_b2_ * width * 2 * ds;
  const long double rational = ds * (1 + e2_ * s1 * s2) / ((1 - e2_ * s1 * s1) * (1 - e2_ * s2 * s2));
  const long double dq = rational + std::atanh(e_ * ds / (1 - e2_ * s1 * s2)) / e_;
  return half_b2_ * width * dq;
}

std::array<double, 3> AuthalicSphere::unit_vector(double longitude, double latitude) const {
  const long double height = q(std::sin(static_cast<long double>(latitude))) / pole_q_;
  const long double radius = std::sqrt(std::max(0.0L, (1 - height) * (1 + height)));
  const long double angle = longitude;
  return {static_cast<double>(radius * std::cos(angle)), static_cast<double>(radius * std::sin(angle)),
          static_cast<double>(height)};
}

}  // namespace sink
