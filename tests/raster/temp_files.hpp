// SPDX-License-Identifier: Apache-2.0
// A folder for one test's files, and small rasters and polygon layers in it.
#pragma once

#include <gdal_priv.h>
#include <ogrsf_frmts.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/grid.hpp"
#include "raster/gdal_setup.hpp"

namespace sink::tests {

class TempFolder {
 public:
  TempFolder() {
    set_up_gdal();
    std::string name = (std::filesystem::temp_directory_path() / "sinkcalc_test_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for temporary files");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Features of a polygon layer: id, name, year_planned, year_done, status and a geometry as WKT; blank is null.
struct TestFeature {
  std::string id, name, wkt;
  int year_planned = 0, year_done = 0;
  std::string status = {};
};

inline void write_polygons(const std::string& path, const std::string& crs_wkt,
                           const std::vector<TestFeature>& features, const char* driver = "GPKG",
                           const char* layer_name = "zones") {
  const GDALDatasetUniquePtr file(
      GetGDALDriverManager()->GetDriverByName(driver)->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  OGRSpatialReference crs;
  if (!crs_wkt.empty()) crs.importFromWkt(crs_wkt.c_str());
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRLayer* layer = file->CreateLayer(layer_name, crs_wkt.empty() ? nullptr : &crs, wkbUnknown, nullptr);
  for (const auto& [name, type] : {std::pair{"code", OFTString},
                                   {"name", OFTString},
                                   {"year_plan", OFTInteger},
                                   {"year_done", OFTInteger},
                                   {"status", OFTString}}) {
    OGRFieldDefn field(name, type);
    layer->CreateField(&field);
  }
  bool good = layer->StartTransaction() == OGRERR_NONE;
  for (const TestFeature& feature : features) {
    OGRFeature row(layer->GetLayerDefn());
    if (!feature.id.empty()) row.SetField("code", feature.id.c_str());
    row.SetField("name", feature.name.c_str());
    row.SetField("year_plan", feature.year_planned);
    if (feature.year_done != 0) row.SetField("year_done", feature.year_done);
    row.SetField("status", feature.status.c_str());
    OGRGeometry* geometry = nullptr;
    if (!feature.wkt.empty()) OGRGeometryFactory::createFromWkt(feature.wkt.c_str(), nullptr, &geometry);
    row.SetGeometryDirectly(geometry);
    if (layer->CreateFeature(&row) != OGRERR_NONE) throw std::runtime_error("test feature not written");
  }
  good = layer->CommitTransaction() == OGRERR_NONE && good;
  if (!good) throw std::runtime_error("test layer not written");
}

/// "POLYGON((...),(...))" of rings with all their digits.
inline std::string polygon_wkt(const std::vector<std::vector<Point>>& rings) {
  std::string text = "(";
  for (const std::vector<Point>& ring : rings) {
    text += text.size() > 1 ? ",(" : "(";
    for (std::size_t i = 0; i <= ring.size(); ++i) {
      char place[64];
      std::snprintf(place, sizeof place, "%s%.17g %.17g", i == 0 ? "" : ",", ring[i % ring.size()].x,
                    ring[i % ring.size()].y);
      text += place;
    }
    text += ")";
  }
  return text + ")";
}

}  // namespace sink::tests
