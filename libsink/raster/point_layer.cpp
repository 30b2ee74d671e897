// SPDX-License-Identifier: Apache-2.0
#include "raster/point_layer.hpp"

#include <cmath>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

std::optional<Point> point_of(const OGRFeature& feature, const std::string& file) {
  const OGRGeometry* shape = feature.GetGeometryRef();
  if (shape == nullptr || shape->IsEmpty()) return std::nullopt;
  const std::string id = "feature " + std::to_string(feature.GetFID());
  const OGRGeometry* single = shape;
  if (wkbFlatten(shape->getGeometryType()) == wkbMultiPoint && shape->toMultiPoint()->getNumGeometries() == 1)
    single = shape->toMultiPoint()->getGeometryRef(0);
  if (wkbFlatten(single->getGeometryType()) != wkbPoint)
    throw input_error(file, id + " is a " + OGRGeometryTypeToName(shape->getGeometryType()) +
                                ", not a point: give the points of the sample");
  const Point point{single->toPoint()->getX(), single->toPoint()->getY()};
  if (!std::isfinite(point.x) || !std::isfinite(point.y))
    throw input_error(file, id + " has a coordinate that is not finite: repair or delete it");
  return point;
}

}  // namespace

PointLayer read_points(const std::string& file) {
  const LayerPath path = parse_layer_path(file);
  const Dataset dataset = open_vector(path.file);
  OGRLayer& layer = layer_of(dataset, path.layer, "points");
  PointLayer result;
  result.file = path.file;
  result.layer = layer.GetName();
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  const OGRSpatialReference* crs = layer.GetSpatialRef();
  if (crs != nullptr && crs->exportToWkt(&wkt, options) == OGRERR_NONE && wkt != nullptr) result.crs_wkt = wkt;
  CPLFree(wkt);
  if (!result.crs_wkt.empty() && crs_name(result.crs_wkt).starts_with("Undefined ")) result.crs_wkt.clear();
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  for (int i = 0; i < definition.GetFieldCount(); ++i)
    result.fields.emplace_back(definition.GetFieldDefn(i)->GetNameRef());

  clear_gdal_errors();
  layer.ResetReading();
  while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()}) {
    auto& row = result.rows.emplace_back();
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
      row.emplace_back(feature->IsFieldSetAndNotNull(i) ? feature->GetFieldAsString(i) : "");
      if (CPLIsUTF8(row.back().c_str(), -1) == 0)
        throw input_error(path.file, "field " + result.fields[static_cast<std::size_t>(i)] +
                                         " is not UTF-8: convert the file with ogr2ogr -oo ENCODING=GBK");
    }
    result.ids.push_back(feature->GetFID());
    result.points.push_back(point_of(*feature, path.file));
  }
  if (gdal_error_count() > 0)
    throw gdal_error(Error::Kind::input, path.file,
                     "layer '" + result.layer + "' cannot be read to its end: copy or make it again");
  return result;
}

}  // namespace sink
