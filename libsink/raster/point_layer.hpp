// SPDX-License-Identifier: Apache-2.0
// Point features of a vector file as plain data: all fields as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/grid.hpp"

namespace sink {

struct PointLayer {
  std::string file, layer;
  std::string crs_wkt;  ///< blank where the layer has none
  std::vector<std::string> fields;
  std::vector<std::vector<std::string>> rows;  ///< as long as `fields`; blank where null
  std::vector<std::int64_t> ids;               ///< FID of each row
  std::vector<std::optional<Point>> points;    ///< of each row; none: null or empty
};

/// Reads points FILE[:LAYER] of a GeoPackage, GeoJSON or Shapefile, or a layer without shapes. Throws Error::input: no
/// such file or layer, another geometry than points, text that is not UTF-8, a coordinate that is not finite.
PointLayer read_points(const std::string& file);

}  // namespace sink
