// SPDX-License-Identifier: Apache-2.0
// Grids of the Nanping belt on any CRS, for tests.
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/transform.hpp"

/// WKT2 of a CRS by code or PROJ string.
inline std::string wkt_of(const std::string& crs) {
  const sink::ProjContext context = sink::make_proj_context();
  const sink::ProjObject object(proj_create(context.get(), crs.c_str()));
  return proj_as_wkt(context.get(), object.get(), PJ_WKT2_2019, nullptr);
}

/// A grid around a geographic rectangle (degrees on the CRS's own datum), with square pixels of `pixel` CRS units.
inline sink::Grid grid_around(const std::string& crs, const sink::GeographicArea& area, double pixel) {
  const sink::ProjContext context = sink::make_proj_context();
  const std::string wkt = wkt_of(crs);
  const sink::ProjObject object = sink::horizontal_crs(context.get(), wkt);
  const sink::ProjObject base = sink::geographic_base(context.get(), object.get());
  const sink::CoordinateTransform transform(proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr), wkt);
  std::vector<sink::Point> edge;
  for (int i = 0; i <= 20; ++i) {
    const double x = area.west + (area.east - area.west) * i / 20, y = area.south + (area.north - area.south) * i / 20;
    for (const sink::Point& point : {sink::Point{x, area.south}, {x, area.north}, {area.west, y}, {area.east, y}})
      edge.push_back(point);
  }
  transform.forward(edge);
  sink::Point low = edge[0], high = edge[0];
  for (const sink::Point& point : edge) {
    low = {std::fmin(low.x, point.x), std::fmin(low.y, point.y)};
    high = {std::fmax(high.x, point.x), std::fmax(high.y, point.y)};
  }
  const double x_min = std::floor(low.x / pixel) * pixel, y_max = std::ceil(high.y / pixel) * pixel;
  return {static_cast<std::int64_t>(std::ceil((high.x - x_min) / pixel)),
          static_cast<std::int64_t>(std::ceil((y_max - low.y) / pixel)),
          x_min,
          y_max,
          pixel,
          pixel,
          wkt,
          crs};
}

inline constexpr sink::GeographicArea nanping{117.0, 26.25, 119.42, 28.33};
