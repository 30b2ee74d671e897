// SPDX-License-Identifier: Apache-2.0
// What grid a raster is on, and which CRSs are the same.
#include <cmath>
#include <memory>

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/tiff_header.hpp"

namespace sink {
namespace {

using WktText = std::unique_ptr<char, decltype(&CPLFree)>;

std::string export_wkt(const OGRSpatialReference& crs) {
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  char* text = nullptr;
  const OGRErr failure = crs.exportToWkt(&text, options);
  const WktText owned(text, CPLFree);
  return failure == OGRERR_NONE && text != nullptr ? text : "";
}

OGRSpatialReference import_wkt(const std::string& wkt) {
  OGRSpatialReference crs;
  if (crs.importFromWkt(wkt.c_str()) != OGRERR_NONE)
    throw input_error("CRS", "this text is not a coordinate reference system: " + wkt.substr(0, 80));
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

std::string name_of(const OGRSpatialReference& crs) {
  const char* authority = crs.GetAuthorityName(nullptr);
  const char* code = crs.GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
  const char* name = crs.GetName();
  return name == nullptr ? "unnamed CRS" : name;
}

void check_affine(const Dataset& raster, const double (&affine)[6]) {
  for (const double coefficient : affine)
    if (!std::isfinite(coefficient)) throw input_error(raster.file(), "its georeference is not finite: make it again");
  const double width = std::abs(affine[1]), height = std::abs(affine[5]);
  // Rotation terms left by rounding, far below what could move a pixel, are not a rotation.
  const bool rotated = std::abs(affine[2]) * static_cast<double>(raster.rows()) > 1e-6 * width ||
                       std::abs(affine[4]) * static_cast<double>(raster.columns()) > 1e-6 * height;
  const std::string straighten = ": straighten it with: gdalwarp -r near " + raster.file() + " north_up.tif";
  if (rotated) throw input_error(raster.file(), "its grid is rotated" + straighten);
  if (affine[1] <= 0) throw input_error(raster.file(), "its columns run from east to west" + straighten);
  if (affine[5] >= 0) throw input_error(raster.file(), "its rows run from south to north" + straighten);
}

}  // namespace

Grid grid_with_crs_of(const Grid& other, const Dataset& raster) {
  double affine[6] = {};
  if (raster->GetGeoTransform(affine) != CE_None) {
    if (raster->GetGCPCount() > 0 || raster->GetMetadata("RPC") != nullptr)
      throw input_error(raster.file(), "has control points or RPCs only: rectify it with: gdalwarp " + raster.file() +
                                           " rectified.tif");
    throw input_error(raster.file(),
                      "has no georeference inside it: if a world file is beside it, take it in with: "
                      "gdal_translate " +
                          raster.file() + " with_place.tif");
  }
  check_affine(raster, affine);
  return {raster.columns(), raster.rows(), affine[0], affine[3], affine[1], -affine[5], other.crs_wkt, other.crs_name};
}

Grid grid_of(const Dataset& raster) {
  Grid grid = grid_with_crs_of({}, raster);
  const OGRSpatialReference* crs = raster->GetSpatialRef();
  const std::string wkt = crs == nullptr ? "" : export_wkt(*crs);
  if (wkt.empty())
    throw input_error(raster.file(),
                      "has no CRS: if you know it, write it in with: gdal_edit.py -a_srs EPSG:CODE " + raster.file());
  grid.crs_wkt = wkt;
  grid.crs_name = name_of(*crs);
  return grid;
}

bool same_crs(const std::string& wkt_a, const std::string& wkt_b) {
  if (wkt_a == wkt_b) return true;
  set_up_gdal();
  const OGRSpatialReference a = import_wkt(wkt_a), b = import_wkt(wkt_b);
  const char* const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                 "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
  return a.IsSame(&b, options) != 0;
}

std::string crs_name(const std::string& wkt) {
  set_up_gdal();
  return name_of(import_wkt(wkt));
}

}  // namespace sink
