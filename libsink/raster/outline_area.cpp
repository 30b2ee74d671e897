// SPDX-License-Identifier: Apache-2.0
#include "raster/outline_area.hpp"

#include <cmath>
#include <numbers>
#include <optional>

#include "raster/geodesic_ring.hpp"
#include "raster/transform.hpp"

namespace sink {

struct OutlineAreas::Data {
  const PolygonLayer* layer = nullptr;
  geod_geodesic geodesic{};
  double degrees_per_unit = 1;
  std::optional<CoordinateTransform> to_geographic;

  [[nodiscard]] double ring_m2(std::vector<Point> ring) const {
    if (to_geographic) to_geographic->forward(ring);
    return geodesic_ring_m2(geodesic, ring, degrees_per_unit);
  }
};

OutlineAreas::OutlineAreas(const PolygonLayer& layer) : data_(std::make_unique<Data>()) {
  const ProjContext context = make_proj_context();
  const ProjObject crs = horizontal_crs(context.get(), layer.crs_wkt), base = geographic_base(context.get(), crs.get());
  const Ellipsoid ellipsoid = ellipsoid_of(context.get(), base.get());
  data_->layer = &layer;
  geod_init(&data_->geodesic, ellipsoid.a, 1 - std::sqrt(1 - ellipsoid.e2));
  data_->degrees_per_unit = unit_of(context.get(), base.get()) * 180 / std::numbers::pi;
  if (!is_geographic(crs.get()))
    data_->to_geographic.emplace(layer.crs_wkt, proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr));
}

OutlineAreas::~OutlineAreas() = default;
OutlineAreas::OutlineAreas(OutlineAreas&&) noexcept = default;

double OutlineAreas::area_ha(std::size_t feature) const {
  constexpr double m2_per_ha = 1e4;
  double sum_m2 = 0;
  for (const Polygon& polygon : data_->layer->features.at(feature).polygons) {
    for (std::size_t i = 0; i < polygon.rings.size(); ++i)
      sum_m2 += (i == 0 ? 1 : -1) * data_->ring_m2(polygon.rings[i]);
  }
  return sum_m2 / m2_per_ha;
}

}  // namespace sink
