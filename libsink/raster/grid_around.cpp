// SPDX-License-Identifier: Apache-2.0
#include "raster/grid_around.hpp"

#include <cpl_conv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/transform.hpp"

namespace sink {
namespace {

constexpr double most_pixels = 0x1p40, most_along_a_side = 0x1p31 - 1;

struct Box {
  double west = HUGE_VAL, south = HUGE_VAL, east = -HUGE_VAL, north = -HUGE_VAL;
  [[nodiscard]] bool empty() const { return !(west <= east); }
  void add(const Point& point) {
    west = std::min(west, point.x);
    east = std::max(east, point.x);
    south = std::min(south, point.y);
    north = std::max(north, point.y);
  }
};

/// Calls `take` with the outer rings of each feature, in another CRS where one is given.
template <class Take>
void for_each_outline(const PolygonLayer& layer, const std::optional<CoordinateTransform>& transform,
                      const Take& take) {
  for (std::size_t i = 0; i < layer.features.size(); ++i) {
    for (const Polygon& polygon : layer.features[i].polygons) {
      std::vector<Point> points = polygon.rings.front();
      if (transform) transform->forward(points);
      take(i, points);
    }
  }
}

std::optional<CoordinateTransform> transform_between(const std::string& from, const std::string& to) {
  if (same_crs(from, to)) return std::nullopt;
  return std::make_optional<CoordinateTransform>(from, to);
}

/// One vertex of each feature that has any, and the feature's place.
struct Vertices {
  std::vector<Point> points;
  std::vector<std::size_t> features;
};
Vertices first_vertices(const PolygonLayer& layer) {
  Vertices first;
  for (std::size_t i = 0; i < layer.features.size(); ++i) {
    if (layer.features[i].polygons.empty()) continue;
    first.points.push_back(layer.features[i].polygons.front().rings.front().front());
    first.features.push_back(i);
  }
  return first;
}

bool finite(const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

/// Whether a line between two points, in pixels, has a part on the grid (Liang and Barsky).
bool crosses(const Point& from, const Point& to, const Grid& grid) {
  if (!finite(from) || !finite(to)) return false;
  double enter = 0, leave = 1;
  const auto clip = [&](double start, double step, double most) {
    if (step == 0) return start >= 0 && start <= most;
    const double at_zero = -start / step, at_most = (most - start) / step;
    enter = std::max(enter, std::min(at_zero, at_most));
    leave = std::min(leave, std::max(at_zero, at_most));
    return enter <= leave;
  };
  return clip(from.x, to.x - from.x, static_cast<double>(grid.columns)) &&
         clip(from.y, to.y - from.y, static_cast<double>(grid.rows));
}

}  // namespace

std::string crs_from_text(const std::string& text) {
  set_up_gdal();
  clear_gdal_errors();
  OGRSpatialReference crs;
  const char* const no_files[] = {"ALLOW_NETWORK_ACCESS=NO", "ALLOW_FILE_ACCESS=NO", nullptr};
  char* wkt = nullptr;
  const char* const format[] = {"FORMAT=WKT2_2019", nullptr};
  const bool good = crs.SetFromUserInput(text.c_str(), no_files) == OGRERR_NONE &&
                    (crs.IsProjected() != 0 || crs.IsGeographic() != 0) &&
                    crs.exportToWkt(&wkt, format) == OGRERR_NONE && wkt != nullptr;
  const std::string result = good ? wkt : "";
  CPLFree(wkt);
  if (result.empty())
    throw usage_error("--crs: '" + text + "' is no CRS of the Earth's surface: write it as EPSG:4548");
  return result;
}

bool is_geographic_crs(const std::string& wkt) {
  const ProjContext context = make_proj_context();
  return is_geographic(horizontal_crs(context.get(), wkt).get());
}

Longitudes longitudes_of(const PolygonLayer& layer) {
  const ProjContext context = make_proj_context();
  const ProjObject crs = horizontal_crs(context.get(), layer.crs_wkt), base = geographic_base(context.get(), crs.get());
  const double degrees = unit_of(context.get(), base.get()) * 180 / std::numbers::pi;
  std::optional<CoordinateTransform> to_base;
  if (!is_geographic(crs.get()))
    to_base.emplace(layer.crs_wkt, proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr));
  Box box;
  std::vector<Point> corners = first_vertices(layer).points;
  if (to_base) to_base->forward(corners);
  for (const Point& corner : corners)
    if (finite(corner)) box.add(corner);
  if (box.empty()) return {std::nan(""), std::nan("")};
  return {box.west * degrees, box.east * degrees};
}

Grid grid_around(std::span<const PolygonLayer> layers, const std::string& crs_wkt, double pixel) {
  Box box;
  for (const PolygonLayer& layer : layers) {
    for_each_outline(
        layer, transform_between(layer.crs_wkt, crs_wkt), [&](std::size_t i, const std::vector<Point>& points) {
          for (const Point& point : points) {
            if (!finite(point))
              throw input_error(layer.file, "feature number " + std::to_string(i + 1) + " has no place in " +
                                                crs_name(crs_wkt) + ": check the CRS of the file");
            box.add(point);
          }
        });
  }
  if (box.empty()) throw input_error(layers.front().file, "no feature has a geometry: give polygons");
  const double west = std::floor(box.west / pixel), north = std::ceil(box.north / pixel);
  const double columns = std::max(1.0, std::ceil(box.east / pixel) - west),
               rows = std::max(1.0, north - std::floor(box.south / pixel));
  if (!(columns * rows <= most_pixels) || !(std::max(columns, rows) <= most_along_a_side))
    throw usage_error("--resolution: gives more than 2^40 pixels, or 2^31 in a row: give a coarser one, in units of " +
                      crs_name(crs_wkt));
  return {static_cast<std::int64_t>(columns),
          static_cast<std::int64_t>(rows),
          west * pixel,
          north * pixel,
          pixel,
          pixel,
          crs_wkt,
          crs_name(crs_wkt)};
}

std::vector<bool> on_grid(const PolygonLayer& layer, const std::vector<std::size_t>& features, const Grid& grid) {
  const auto transform = transform_between(layer.crs_wkt, grid.crs_wkt);
  const auto touches = [&](const Polygon& polygon) {
    std::vector<Point> points = polygon.rings.front();
    if (transform) transform->forward(points);
    for (Point& point : points) point = grid.to_pixel(point.x, point.y);
    for (std::size_t i = 0; i < points.size(); ++i)
      if (crosses(points[i], points[(i + 1) % points.size()], grid)) return true;
    return false;
  };
  std::vector<bool> found;
  for (const std::size_t feature : features) {
    const auto& polygons = layer.features.at(feature).polygons;
    found.push_back(std::any_of(polygons.begin(), polygons.end(), touches));
  }
  return found;
}

}  // namespace sink
