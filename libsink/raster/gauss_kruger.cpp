// SPDX-License-Identifier: Apache-2.0
#include "raster/gauss_kruger.hpp"

#include <ogr_spatialref.h>

#include <cmath>
#include <string_view>

#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

constexpr int first_meridian_deg = 75, last_meridian_deg = 135, zone_width_deg = 3;
constexpr int first_code = 4534;           // EPSG: CGCS2000 / 3-degree Gauss-Kruger CM 75E, and so on to 4554, CM 135E
constexpr int first_numbered_code = 4513;  // EPSG: CGCS2000 / 3-degree Gauss-Kruger zone 25, to 4533, zone 45

}  // namespace

std::optional<GaussKruger> gauss_kruger(const std::string& crs_wkt) {
  set_up_gdal();
  OGRSpatialReference crs;
  if (crs.importFromWkt(crs_wkt.c_str()) != OGRERR_NONE) return std::nullopt;
  const char* projection = crs.GetAttrValue("PROJECTION");
  if (projection == nullptr || std::string_view(projection) != SRS_PT_TRANSVERSE_MERCATOR) return std::nullopt;
  const std::string name = crs.GetName() == nullptr ? "" : crs.GetName();
  // EPSG writes "3-degree", ArcGIS "3_Degree".
  const bool three = name.find("3-degree") != std::string::npos || name.find("3_Degree") != std::string::npos;
  return GaussKruger{crs.GetNormProjParm(SRS_PP_CENTRAL_MERIDIAN), crs.GetNormProjParm(SRS_PP_FALSE_EASTING), three};
}

std::string three_degree_crs(double longitude_deg) {
  const int zone = static_cast<int>(std::lround(longitude_deg / zone_width_deg));
  const int meridian = zone * zone_width_deg;
  if (meridian < first_meridian_deg || meridian > last_meridian_deg) return "";
  return "EPSG:" + std::to_string(first_code + (meridian - first_meridian_deg) / zone_width_deg);
}

std::string numbered_zone_crs(int zone) {
  constexpr int first = first_meridian_deg / zone_width_deg, last = last_meridian_deg / zone_width_deg;
  return zone < first || zone > last ? "" : "EPSG:" + std::to_string(first_numbered_code + zone - first);
}

}  // namespace sink
