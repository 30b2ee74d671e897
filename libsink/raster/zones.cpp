// SPDX-License-Identifier: Apache-2.0
#include "raster/zones.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "raster/polygon_edges.hpp"
#include "raster/polygon_layer.hpp"
#include "raster/ring_transform.hpp"

namespace sink {
namespace {

/// Refuses ids that two features share: most are a mistake, and the rest are one line away from being merged.
void check_ids(const PolygonLayer& layer, const ZoneSource& source) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const PolygonFeature& feature : layer.features) {
    if (++seen[feature.fields[0]] < 2) continue;
    const std::string names = source.name_field.empty() ? "" : ", " + source.name_field;
    const std::string shape = layer.geometry_column.empty() ? "geometry" : layer.geometry_column;
    throw input_error(layer.file, "several features have the id '" + feature.fields[0] +
                                      "': if they are one zone, merge them with: ogr2ogr merged.gpkg " + layer.file +
                                      " -dialect sqlite -sql 'SELECT " + source.id_field + names + ", ST_Union(" +
                                      shape + ") FROM \"" + layer.layer + "\" GROUP BY " + source.id_field + "'");
  }
}

std::vector<ZoneFeatures> zone_per_feature(const PolygonLayer& layer) {
  std::vector<ZoneFeatures> zones;
  for (std::size_t i = 0; i < layer.features.size(); ++i)
    zones.push_back({{layer.features[i].fields[0], layer.features[i].fields[1]}, {i}});
  return zones;
}

}  // namespace

struct PolygonZones::Data {
  std::vector<Zone> zones;
  PolygonEdges edges;
  std::string operation;
  std::vector<std::string> warnings;

  Data(const PolygonLayer& layer, const std::vector<ZoneFeatures>& wanted, const Grid& grid)
      : edges(grid.columns, grid.rows) {
    const RingTransform transform(layer, grid);
    if (transform.transform()) operation = transform.transform()->description();
    if (transform.transform() && transform.transform()->ballpark())
      warnings.push_back(layer.file + ": PROJ knows no relation between the datums of " + layer.crs_name + " and " +
                         grid.crs_name + ": taken as equal, " +
                         (transform.transform()->same_ellipsoid()
                              ? "which is good to a metre or two"
                              : "zones may be off by 100 m; reproject the layer with your survey office's parameters"));
    std::size_t empty = 0;
    for (const ZoneFeatures& zone : wanted) {
      for (const std::size_t feature : zone.features) {
        if (layer.features.at(feature).polygons.empty() && empty++ == 0)
          warnings.push_back(layer.file + ": feature '" + zone.zone.id + "' has no geometry: it has no pixels");
        for (const Polygon& polygon : layer.features.at(feature).polygons)
          add(static_cast<std::int32_t>(zones.size()), polygon, transform, layer.file, zone.zone.id);
      }
      zones.push_back(zone.zone);
    }
    if (empty > 1) warnings.back() += " (and " + std::to_string(empty - 1) + " more)";
    edges.finish();
  }

  void add(std::int32_t zone, const Polygon& polygon, const RingTransform& transform, const std::string& file,
           const std::string& id) {
    if (transform.far_away(polygon)) return;
    std::vector<std::vector<Point>> rings;
    for (const std::vector<Point>& ring : polygon.rings) {
      std::optional<std::vector<Point>> pixels = transform.to_pixels(ring);
      if (!pixels)
        throw input_error(file, "feature '" + id +
                                    "' reaches where the raster's CRS is not defined: cut the layer with: "
                                    "ogr2ogr -clipsrc XMIN YMIN XMAX YMAX cut.gpkg " +
                                    file);
      rings.push_back(std::move(*pixels));
    }
    edges.add(zone, rings);
  }
};

PolygonZones::PolygonZones(const ZoneSource& source, const Grid& grid) {
  const PolygonLayer layer = read_polygons(source.file, {source.id_field, source.name_field}, source.where);
  check_ids(layer, source);
  data_ = std::make_unique<Data>(layer, zone_per_feature(layer), grid);
  if (data_->edges.empty())
    throw input_error(layer.file, "no zone of layer '" + layer.layer + "' (" + layer.crs_name +
                                      ") touches the raster: check that its CRS is right");
}

PolygonZones::PolygonZones(const PolygonLayer& layer, const std::vector<ZoneFeatures>& zones, const Grid& grid)
    : data_(std::make_unique<Data>(layer, zones, grid)) {}

PolygonZones::~PolygonZones() = default;
PolygonZones::PolygonZones(PolygonZones&&) noexcept = default;
PolygonZones& PolygonZones::operator=(PolygonZones&&) noexcept = default;

const std::vector<Zone>& PolygonZones::zones() const noexcept {
  return data_->zones;
}

void PolygonZones::spans(const Window& window, std::vector<Span>& spans) const {
  data_->edges.spans(window, spans);
}

const std::string& PolygonZones::coordinate_operation() const noexcept {
  return data_->operation;
}

const std::vector<std::string>& PolygonZones::warnings() const noexcept {
  return data_->warnings;
}

}  // namespace sink
