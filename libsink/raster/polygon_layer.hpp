// SPDX-License-Identifier: Apache-2.0
// Polygon features of a vector file as plain data.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "core/grid.hpp"

namespace sink {

/// One polygon: the outer ring first, then holes; rings may but need not repeat their first point.
struct Polygon {
  std::vector<std::vector<Point>> rings;
};

/// One feature: its fields as text, in the order asked for, and its polygons (none: null or empty geometry).
struct PolygonFeature {
  std::vector<std::string> fields;
  std::vector<Polygon> polygons;
};

struct PolygonLayer {
  std::string file, layer, geometry_column;
  std::string crs_wkt, crs_name;
  std::vector<PolygonFeature> features;  ///< in the order of the file
};

/// Reads polygons FILE[:LAYER] of a GeoPackage, GeoJSON or Shapefile: the first of `fields` is the feature's id, needed
/// in every row; blank names give blank text, and so do fields from place `optional_from` on that the layer lacks.
/// `where` is blank or "field=value", compared as text. Throws Error::input: no such layer or field, no CRS, another
/// geometry than polygons, a ring with fewer than four points or a coordinate that is not finite; messages about a
/// feature name its id.
PolygonLayer read_polygons(const std::string& file, const std::vector<std::string>& fields, const std::string& where,
                           std::size_t optional_from = std::numeric_limits<std::size_t>::max());

}  // namespace sink
