// SPDX-License-Identifier: Apache-2.0
// The 3-degree Gauss-Krueger zones of CGCS2000, in which counties keep their maps.
#pragma once

#include <optional>
#include <string>

namespace sink {

/// A transverse Mercator CRS as a county's maps have it.
struct GaussKruger {
  double central_meridian_deg = 0, false_easting_m = 0;
  bool three_degrees = false;  ///< by its name
};
/// None where the CRS is another one.
std::optional<GaussKruger> gauss_kruger(const std::string& crs_wkt);

/// "EPSG:4548": CGCS2000, 3-degree zone round the central meridian that is nearest to a longitude, coordinates without
/// the zone's number; blank outside of China's zones (75 to 135 degrees E).
std::string three_degree_crs(double longitude_deg);
/// "EPSG:4527": the same with the zone's number (25 to 45) before the coordinate; blank for others.
std::string numbered_zone_crs(int zone);

}  // namespace sink
