// SPDX-License-Identifier: Apache-2.0
#include "raster/geopackage_writer.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

OGRFieldType type_of(Column::Type type) {
  if (type == Column::Type::text) return OFTString;
  return type == Column::Type::integer ? OFTInteger64 : OFTReal;
}

void set_field(OGRFeature& feature, int index, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) feature.SetField(index, text->c_str());
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) feature.SetField(index, static_cast<GIntBig>(*whole));
  if (const auto* number = std::get_if<double>(&cell)) feature.SetField(index, *number);
}

OGRGeometryUniquePtr shape_of(const PolygonFeature& feature) {
  auto shape = std::make_unique<OGRMultiPolygon>();
  for (const auto& polygon : feature.polygons) {
    OGRPolygon part;
    for (const auto& points : polygon.rings) {
      OGRLinearRing ring;
      for (const Point& point : points) ring.addPoint(point.x, point.y);
      ring.closeRings();
      part.addRing(&ring);
    }
    shape->addGeometry(&part);
  }
  return OGRGeometryUniquePtr(shape.release());
}

}  // namespace

GeoPackageWriter::GeoPackageWriter(const std::string& file) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  clear_gdal_errors();
  GDALDataset* made = driver == nullptr ? nullptr : driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  if (made == nullptr) throw gdal_error(Error::Kind::output, file, "cannot be made");
  file_ = Dataset(made, file);
}

void GeoPackageWriter::add_polygons(const std::string& layer, const std::string& crs_wkt,
                                    const std::vector<const PolygonFeature*>& features, const Table& table) {
  add(layer, &crs_wkt, features, {}, table);
}

void GeoPackageWriter::add_points(const std::string& layer, const std::string& crs_wkt,
                                  const std::vector<Point>& points, const Table& table) {
  add(layer, &crs_wkt, {}, points, table);
}

void GeoPackageWriter::add_table(const std::string& layer, const Table& table) {
  add(layer, nullptr, {}, {}, table);
}

void GeoPackageWriter::add(const std::string& name, const std::string* crs_wkt,
                           const std::vector<const PolygonFeature*>& features, const std::vector<Point>& points,
                           const Table& table) {
  clear_gdal_errors();
  OGRSpatialReference crs;
  if (crs_wkt != nullptr) crs.importFromWkt(crs_wkt->c_str());
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const OGRwkbGeometryType shapes = crs_wkt == nullptr ? wkbNone : points.empty() ? wkbMultiPolygon : wkbPoint;
  OGRLayer* layer = file_->CreateLayer(name.c_str(), crs_wkt != nullptr ? &crs : nullptr, shapes, nullptr);
  if (layer == nullptr) throw gdal_error(Error::Kind::output, file_.file(), "layer '" + name + "' cannot be made");
  for (const Column& column : table.columns) {
    OGRFieldDefn field(column.name.c_str(), type_of(column.type));
    if (layer->CreateField(&field) != OGRERR_NONE) break;
  }
  bool done = layer->StartTransaction() == OGRERR_NONE;
  for (std::size_t r = 0; done && r < table.rows.size(); ++r) {
    OGRFeature feature(layer->GetLayerDefn());
    for (std::size_t c = 0; c < table.columns.size(); ++c) set_field(feature, static_cast<int>(c), table.rows[r][c]);
    if (r < features.size() && features[r] != nullptr && !features[r]->polygons.empty()) {
      const auto shape = shape_of(*features[r]);
      feature.SetGeometry(shape.get());
    }
    if (r < points.size()) {
      const OGRPoint place(points[r].x, points[r].y);
      feature.SetGeometry(&place);
    }
    done = layer->CreateFeature(&feature) == OGRERR_NONE;
  }
  done = done && layer->CommitTransaction() == OGRERR_NONE;
  if (!done || gdal_error_count() > 0) {
    throw gdal_error(Error::Kind::output, file_.file(), "layer '" + name + "' cannot be written (is the disk full?)");
  }
}

void GeoPackageWriter::add_style(const std::string& layer, const std::string& name, const std::string& qml) {
  // The columns that QGIS makes itself. Its time stamp is fixed: the same content gives the same bytes.
  constexpr const char* texts[] = {"f_table_catalog", "f_table_schema",
                                   "f_table_name",    "f_geometry_column",
                                   "styleName",       "styleQML",
                                   "styleSLD",        "description",
                                   "owner",           "ui"};
  clear_gdal_errors();
  OGRLayer* styles = file_->GetLayerByName("layer_styles");
  if (styles == nullptr) {
    CPLStringList options;
    options.SetNameValue("FID", "id");
    styles = file_->CreateLayer("layer_styles", nullptr, wkbNone, options.List());
    if (styles == nullptr) throw gdal_error(Error::Kind::output, file_.file(), "layer_styles cannot be made");
    for (const char* text : texts) {
      OGRFieldDefn field(text, OFTString);
      styles->CreateField(&field);
    }
    OGRFieldDefn is_default("useAsDefault", OFTInteger), time("update_time", OFTDateTime);
    is_default.SetSubType(OFSTBoolean);
    styles->CreateField(&is_default);
    styles->CreateField(&time);
  }
  OGRFeature row(styles->GetLayerDefn());
  for (const char* blank : {"f_table_catalog", "f_table_schema", "styleSLD", "owner"}) row.SetField(blank, "");
  row.SetField("f_table_name", layer.c_str());
  row.SetField("f_geometry_column", "geom");
  row.SetField("styleName", name.c_str());
  row.SetField("styleQML", qml.c_str());
  row.SetField("description", "made by sinkcalc");
  row.SetField("useAsDefault", styled_.insert(layer).second ? 1 : 0);
  row.SetField("update_time", "2000/01/01 00:00:00+00");
  if (styles->CreateFeature(&row) != OGRERR_NONE || gdal_error_count() > 0) {
    throw gdal_error(Error::Kind::output, file_.file(), "layer_styles cannot be written (is the disk full?)");
  }
}

void GeoPackageWriter::close() {
  file_.close();
}

}  // namespace sink
