// SPDX-License-Identifier: Apache-2.0
// Rings from the CRS of a vector layer to the CRS of a grid, edges kept where they run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/polygon_layer.hpp"
#include "raster/transform.hpp"

namespace sink {

/// An edge is straight in the layer's CRS and a curve in the grid's: points are put in until no edge is further from
/// that curve than a tenth of a pixel. An edge that two polygons share is cut alike, whichever way it runs.
class RingTransform {
 public:
  RingTransform(const PolygonLayer& layer, const Grid& grid);

  /// True where no point of the polygon can be near the grid, so that it needs no transformation.
  [[nodiscard]] bool far_away(const Polygon& polygon) const;
  /// A ring in pixel coordinates of the grid, clockwise on the map; none where a point has no place in the grid's CRS.
  [[nodiscard]] std::optional<std::vector<Point>> to_pixels(const std::vector<Point>& ring) const;

  /// The transformation; none where the CRSs are one.
  [[nodiscard]] const std::optional<CoordinateTransform>& transform() const noexcept { return transform_; }

 private:
  struct Box {
    double x_min, y_min, x_max, y_max;
  };
  struct Node;

  [[nodiscard]] std::optional<Box> surroundings() const;
  [[nodiscard]] bool refine(std::vector<Node>& nodes) const;
  [[nodiscard]] bool bends(const Node& from, const Node& to, const Point* between) const;

  Grid grid_;
  std::optional<CoordinateTransform> transform_;
  std::optional<Box> near_;  ///< in the layer's CRS; none where it cannot be told
};

}  // namespace sink
