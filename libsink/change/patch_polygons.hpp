// SPDX-License-Identifier: Apache-2.0
// Polygons of patches along pixel edges, valid as OGC asks, and the metrics of a patch's shape.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "change/patches.hpp"

namespace sink {

/// A corner of pixels: column and row of the pixel to its lower right.
struct PixelCorner {
  std::int32_t x = 0, y = 0;
  friend bool operator==(const PixelCorner&, const PixelCorner&) = default;
};
/// Corners where the ring turns, the first not repeated; it starts at the uppermost, then leftmost corner.
using PixelRing = std::vector<PixelCorner>;
/// Outer ring (anticlockwise on a north-up map) and holes (clockwise), in order of their first corners.
using PixelPolygon = std::vector<PixelRing>;

/// A run of one patch in one row.
struct PatchRun {
  std::int32_t row = 0, begin = 0, end = 0;
};

/// The patch as polygons, in order of their first corners; `runs` are all runs of the patch in row-major order. Parts
/// that only corners join are polygons of their own, and rings touch themselves nowhere (they are split there).
std::vector<PixelPolygon> polygons_of(const std::vector<PatchRun>& runs);

/// change.md e; as landscapemetrics computes them. `perimeter` is the staircase along pixel edges.
struct PatchShape {
  double shape = 0;              ///< 0.25 P / sqrt(A): 1 for a square
  double fractal_dimension = 0;  ///< 2 ln(0.25 P) / ln A, 1 to 2; 1 where A is 1 m2
};
PatchShape shape_of(double area_m2, double perimeter_m);

}  // namespace sink
