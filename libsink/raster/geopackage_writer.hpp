// SPDX-License-Identifier: Apache-2.0
// Writes tables, with polygons, with points or with neither, into a GeoPackage: the same bytes for the same content.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/cell.hpp"
#include "core/grid.hpp"
#include "raster/dataset.hpp"
#include "raster/polygon_layer.hpp"

namespace sink {

class GeoPackageWriter {
 public:
  /// Throws Error::output where the file cannot be made.
  explicit GeoPackageWriter(const std::string& file);

  /// A layer of polygons; `features[i]` goes with row i of `table` (null: a row without a shape). `crs_wkt` is theirs.
  void add_polygons(const std::string& layer, const std::string& crs_wkt,
                    const std::vector<const PolygonFeature*>& features, const Table& table);
  /// A layer of points; `points[i]` goes with row i of `table`.
  void add_points(const std::string& layer, const std::string& crs_wkt, const std::vector<Point>& points,
                  const Table& table);
  /// A layer without shapes.
  void add_table(const std::string& layer, const Table& table);
  /// A style of a layer of polygons or points for QGIS: a row of the table `layer_styles`. The first of a layer is the
  /// one with which it opens, the others can be chosen there.
  void add_style(const std::string& layer, const std::string& name, const std::string& qml);
  /// Throws Error::output; a file that was not closed is not complete.
  void close();

 private:
  void add(const std::string& layer, const std::string* crs_wkt, const std::vector<const PolygonFeature*>& features,
           const std::vector<Point>& points, const Table& table);
  Dataset file_;
  std::set<std::string> styled_;
};

}  // namespace sink
