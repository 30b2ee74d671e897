// SPDX-License-Identifier: Apache-2.0
// The area inside a ring of geodesic edges.
#pragma once

#include <geodesic.h>

#include <cmath>
#include <span>

#include "core/grid.hpp"

namespace sink {

/// Area [m2] of a ring whose points are longitude and latitude, `degrees_per_unit` degrees a unit; NaN where one is.
/// Source: Karney 2013, Algorithms for geodesics, J. Geodesy 87:43, in PROJ's geodesic.h.
inline double geodesic_ring_m2(const geod_geodesic& geodesic, std::span<const Point> ring, double degrees_per_unit) {
  geod_polygon polygon{};
  geod_polygon_init(&polygon, 0);
  for (const Point& point : ring) {
    geod_polygon_addpoint(&geodesic, &polygon, point.y * degrees_per_unit, point.x * degrees_per_unit);
  }
  double area_m2 = 0;
  geod_polygon_compute(&geodesic, &polygon, 0, 1, &area_m2, nullptr);
  return std::abs(area_m2);
}

}  // namespace sink
