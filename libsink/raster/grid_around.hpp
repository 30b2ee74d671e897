// SPDX-License-Identifier: Apache-2.0
// A grid made for polygons: pixels of a stated size whose edges lie on multiples of it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/polygon_layer.hpp"

namespace sink {

/// WKT of a CRS as a person writes it: "EPSG:4548" or WKT. Throws Error::usage.
std::string crs_from_text(const std::string& text);
/// Whether coordinates of a CRS are degrees.
bool is_geographic_crs(const std::string& wkt);

/// Longitudes [degrees] that the polygons of a layer reach from and to, by one vertex of each; NaN where there is none.
struct Longitudes {
  double west = 0, east = 0;
};
Longitudes longitudes_of(const PolygonLayer& layer);

/// The smallest grid of such pixels (units of the CRS) that holds every vertex. Throws Error::usage where it would have
/// more than 2^40 pixels, and Error::input where a polygon has no place in the CRS or no layer has any.
Grid grid_around(std::span<const PolygonLayer> layers, const std::string& crs_wkt, double pixel);

/// For each of some features whether its outline has a part on the grid.
std::vector<bool> on_grid(const PolygonLayer& layer, const std::vector<std::size_t>& features, const Grid& grid);

}  // namespace sink
