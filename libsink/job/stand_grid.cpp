// SPDX-License-Identifier: Apache-2.0
// On which grid stands become pixels, and what their zones of projection mean for it.
#include "job/stand_data.hpp"
#include "raster/gauss_kruger.hpp"
#include "raster/grid_around.hpp"
#include "raster/raster_source.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double half_zone_deg = 1.5, zone_deg = 3;

/// A word of a shell command.
std::string quoted(const std::string& word) {
  if (word.find_first_of(" '\"$`\\&;()<>|*?[]~#") == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// One decimal, to see which zone a longitude is in.
std::string degrees(double longitude) {
  return number_text(std::round(longitude * 10) / 10);
}

std::string ogr2ogr_line(const std::string& crs, const std::string& file) {
  return "ogr2ogr -t_srs " + crs + " aligned.gpkg " + quoted(file);
}

/// The CRS of the polygons, where all files share one.
std::string common_crs(const StandSet& set) {
  const PolygonLayer& first = set.layers.front();
  for (std::size_t f = 1; f < set.files.size(); ++f) {
    const PolygonLayer& other = set.layers[f];
    if (same_crs(first.crs_wkt, other.crs_wkt)) continue;
    throw input_error(set.files[f].path, "is in " + other.crs_name + ", " + set.files[0].path + " in " +
                                             first.crs_name + ": add --crs " + first.crs_name +
                                             ", or align it with: " + ogr2ogr_line(first.crs_name, other.file));
  }
  if (is_geographic_crs(first.crs_wkt)) {
    const Longitudes reach = longitudes_of(first);
    const std::string nearest = three_degree_crs((reach.west + reach.east) / 2);
    throw input_error(set.files[0].path, "is in degrees (" + first.crs_name + "): say the CRS of the rasters: --crs " +
                                             (nearest.empty() ? "EPSG:CODE" : nearest) +
                                             ", or give --like and a raster");
  }
  return first.crs_wkt;
}

/// A county that lies in two zones of three degrees has its maps in two CRSs: what brings the others onto this grid.
void warn_of_zones(const StandSet& set, const Grid& grid, std::vector<std::string>& warnings) {
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    const PolygonLayer& layer = set.layers[f];
    const auto zone = gauss_kruger(layer.crs_wkt);
    if (!zone || !zone->three_degrees) continue;
    const Longitudes reach = longitudes_of(layer);
    const double west = zone->central_meridian_deg - half_zone_deg, east = zone->central_meridian_deg + half_zone_deg;
    if (!(reach.west < west || reach.east > east)) continue;
    const double beyond = zone->central_meridian_deg + (reach.east > east ? zone_deg : -zone_deg);
    const std::string pixel = number_text(grid.pixel_width) + " " + number_text(grid.pixel_height);
    warnings.push_back(set.files[f].path + ": reaches from " + degrees(reach.west) + " to " + degrees(reach.east) +
                       " E, beyond its 3-degree zone (" + layer.crs_name + ", " + degrees(west) + " to " +
                       degrees(east) + " E): that is right for one county; bring maps that are in the next zone (" +
                       three_degree_crs(beyond) + ") onto this grid with: gdalwarp -r near -tap -t_srs " +
                       grid.crs_name + " -tr " + pixel + " OTHER.tif aligned.tif, polygons with: " + "ogr2ogr -t_srs " +
                       grid.crs_name + " aligned.gpkg OTHER");
  }
}

}  // namespace

void check_zone_numbers(const StandSet& set) {
  constexpr double zone_step_m = 1e6, most_easting_m = 1e6;
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    const PolygonLayer& layer = set.layers[f];
    const auto zone = gauss_kruger(layer.crs_wkt);
    if (!zone || zone->false_easting_m >= most_easting_m) continue;
    for (const PolygonFeature& feature : layer.features) {
      if (feature.polygons.empty()) continue;
      const double x = feature.polygons.front().rings.front().front().x;
      const std::string crs = numbered_zone_crs(static_cast<int>(x / zone_step_m));
      if (crs.empty()) break;
      throw input_error(set.files[f].path, "its coordinates begin with the zone number " +
                                               std::to_string(static_cast<int>(x / zone_step_m)) + ", which its CRS " +
                                               layer.crs_name +
                                               " does not have: give it the right one with: ogr2ogr -a_srs " + crs +
                                               " with_zone.gpkg " + quoted(layer.file));
    }
  }
}

Grid stand_grid(const StandsJob& job, const StandSet& set, std::vector<std::string>& warnings) {
  Grid grid;
  if (!job.like.empty()) {
    OpenFiles files;
    grid = RasterSource(files, "", job.like, job.run.access()).info().grid;
  } else {
    grid = grid_around(set.layers, job.crs.empty() ? common_crs(set) : crs_from_text(job.crs), job.resolution);
  }
  warn_of_zones(set, grid, warnings);
  return grid;
}

}  // namespace sink
