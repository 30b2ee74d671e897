// SPDX-License-Identifier: Apache-2.0
// Reading polygons that need no id, with their numbers in the file and in a stated encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "raster/polygon_layer.hpp"

namespace sink {

/// What to read of a vector file.
struct PolygonRequest {
  std::string file;                 ///< FILE[:LAYER] of a GeoPackage, GeoJSON or Shapefile
  std::vector<std::string> fields;  ///< blank names give blank text
  std::string where;                ///< blank or "field=value", compared as text
  /// Fields from this place on may be missing in the layer: blank text.
  std::size_t optional_from = std::numeric_limits<std::size_t>::max();
  bool needs_id = true;       ///< the first field tells features apart and is filled in every row
  std::string encoding = {};  ///< of a Shapefile's text ("GBK"); blank: what it says of itself
};

struct NumberedPolygons {
  PolygonLayer layer;
  std::vector<std::int64_t> fids;  ///< the number of each feature in its file
};

/// As `read_polygons` of polygon_layer.hpp; without `needs_id` messages name a feature by its number.
NumberedPolygons read_polygons(const PolygonRequest& request);

}  // namespace sink
