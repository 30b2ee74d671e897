// SPDX-License-Identifier: Apache-2.0
#include "raster/polygon_layer.hpp"

#include <cmath>
#include <optional>
#include <utility>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/polygon_request.hpp"
#include "raster/vector_fields.hpp"

namespace sink {
namespace {

struct Where {
  int field = 0;
  std::string value;
};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

int field_index(const std::string& file, OGRLayer& layer, const std::string& name) {
  OGRFeatureDefn& definition = *layer.GetLayerDefn();
  const int index = definition.GetFieldIndex(name.c_str());
  if (index >= 0) return index;
  std::string known;
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    if (i == 12) known += ", ...";
    if (i >= 12) break;
    known += (i == 0 ? "" : ", ") + std::string(definition.GetFieldDefn(i)->GetNameRef());
  }
  throw input_error(file, "has no field '" + name + "': its fields are " + (known.empty() ? "none" : known));
}

std::optional<Where> parse_where(const std::string& file, OGRLayer& layer, const std::string& text) {
  if (trimmed(text).empty()) return std::nullopt;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) throw input_error(file, "'" + text + "' is not a filter: write field=value");
  std::string value = trimmed(text.substr(equals + 1));
  if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return Where{field_index(file, layer, trimmed(text.substr(0, equals))), value};
}

/// Says what is wrong with a feature.
struct Complaint {
  const std::string* file;
  std::string id;
  [[noreturn]] void say(const std::string& what) const {
    throw input_error(*file,
                      "feature '" + id + "' " + what + ": repair it with: ogr2ogr -makevalid repaired.gpkg " + *file);
  }
};

std::vector<Point> ring_of(const OGRLinearRing& ring, const Complaint& complaint) {
  // A ring that repeats its first point needs four; OGR closes those of a Shapefile.
  if (ring.getNumPoints() < 4) complaint.say("has a ring of fewer than four points");
  std::vector<Point> points;
  points.reserve(static_cast<std::size_t>(ring.getNumPoints()));
  for (int i = 0; i < ring.getNumPoints(); ++i) {
    const Point point{ring.getX(i), ring.getY(i)};
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) complaint.say("has a coordinate that is not finite");
    points.push_back(point);
  }
  return points;
}

void collect(const OGRGeometry& geometry, const Complaint& complaint, std::vector<Polygon>& polygons) {
  if (geometry.IsEmpty()) return;
  const OGRwkbGeometryType type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbPolygon) {
    Polygon polygon;
    for (const OGRLinearRing* ring : *geometry.toPolygon())
      if (!ring->IsEmpty()) polygon.rings.push_back(ring_of(*ring, complaint));
    if (!polygon.rings.empty()) polygons.push_back(std::move(polygon));
  } else if (type == wkbMultiPolygon || type == wkbGeometryCollection) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) collect(*part, complaint, polygons);
  } else {
    complaint.say(std::string("is a ") + OGRGeometryTypeToName(type) + ", not a polygon");
  }
}

PolygonFeature feature_of(OGRFeature& feature, const std::string& file, const std::vector<int>& indices,
                          bool needs_id) {
  PolygonFeature result;
  for (const int index : indices)
    result.fields.emplace_back(index < 0 || !feature.IsFieldSetAndNotNull(index) ? ""
                                                                                 : feature.GetFieldAsString(index));
  if (needs_id && !indices.empty() && result.fields[0].empty())
    throw input_error(file, "the feature with FID " + std::to_string(feature.GetFID()) +
                                " has no id: fill the id field, or leave it out with --where");
  for (std::size_t i = 0; i < result.fields.size(); ++i) {
    if (CPLIsUTF8(result.fields[i].c_str(), -1) == 0)
      throw input_error(file, "field " + std::to_string(i + 1) +
                                  " of those read is not UTF-8: say how a Shapefile is encoded: "
                                  "echo GBK > NAME.cpg beside it (sinkcalc stands: --encoding GBK), or convert it with "
                                  "ogr2ogr");
  }
  const std::string id = !needs_id || result.fields.empty() ? std::to_string(feature.GetFID()) : result.fields[0];
  const OGRGeometry* geometry = feature.GetGeometryRef();
  if (geometry == nullptr) return result;
  const OGRGeometryUniquePtr linear(geometry->hasCurveGeometry() ? geometry->getLinearGeometry() : nullptr);
  collect(linear ? *linear : *geometry, {&file, id}, result.polygons);
  return result;
}

void read_crs(OGRLayer& layer, PolygonLayer& result) {
  const OGRSpatialReference* crs = layer.GetSpatialRef();
  char* text = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  if (crs != nullptr && crs->exportToWkt(&text, options) == OGRERR_NONE && text != nullptr) result.crs_wkt = text;
  CPLFree(text);
  if (!result.crs_wkt.empty()) result.crs_name = crs_name(result.crs_wkt);
  // A GeoPackage without a CRS says "Undefined geographic SRS" or "Undefined Cartesian SRS".
  if (result.crs_wkt.empty() || result.crs_name.starts_with("Undefined "))
    throw input_error(
        result.file,
        "has no CRS: if you know it, write it in with: ogr2ogr -a_srs EPSG:CODE with_crs.gpkg " + result.file);
}

}  // namespace

PolygonLayer read_polygons(const std::string& file, const std::vector<std::string>& fields, const std::string& where,
                           std::size_t optional_from) {
  return read_polygons(PolygonRequest{file, fields, where, optional_from}).layer;
}

NumberedPolygons read_polygons(const PolygonRequest& request) {
  const std::vector<std::string>& fields = request.fields;
  const LayerPath path = parse_layer_path(request.file);
  const Dataset dataset = open_vector(path.file, request.encoding);
  OGRLayer& layer = layer_of(dataset, path.layer, "polygons");
  NumberedPolygons found;
  PolygonLayer& result = found.layer;
  result.file = path.file;
  result.layer = layer.GetName();
  result.geometry_column = layer.GetGeometryColumn();
  read_crs(layer, result);
  std::vector<int> indices;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool missing = layer.GetLayerDefn()->GetFieldIndex(fields[i].c_str()) < 0;
    const bool skip = fields[i].empty() || (missing && i >= request.optional_from);
    indices.push_back(skip ? -1 : field_index(path.file, layer, fields[i]));
  }
  if (request.needs_id && !indices.empty() && indices[0] < 0)
    throw input_error(
        path.file,
        "polygons need a field that identifies them: name it with --zone-id, or id = \"FIELD\" in the inventory");
  const std::optional<Where> filter = parse_where(path.file, layer, request.where);

  clear_gdal_errors();
  layer.ResetReading();
  while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()}) {
    if (filter && filter->value != feature->GetFieldAsString(filter->field)) continue;
    found.fids.push_back(feature->GetFID());
    result.features.push_back(feature_of(*feature, path.file, indices, request.needs_id));
  }
  if (gdal_error_count() > 0)
    throw gdal_error(Error::Kind::input, path.file,
                     "layer '" + result.layer + "' cannot be read to its end: copy or make it again");
  if (result.features.empty())
    throw input_error(path.file, filter ? "no feature has " + request.where + ": check the filter"
                                        : "layer '" + result.layer + "' holds no feature: give one with polygons");
  return found;
}

}  // namespace sink
