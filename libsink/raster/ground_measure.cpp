// SPDX-License-Identifier: Apache-2.0
#include "raster/ground_measure.hpp"

#include <cmath>
#include <numbers>
#include <optional>

#include "raster/proj_objects.hpp"
#include "raster/transform.hpp"

namespace sink {

struct GroundMeasure::Data {
  Grid grid;
  bool geographic = false;
  double unit = 1;  ///< radians or metres per unit of the grid
  double degrees = 1;
  Ellipsoid ellipsoid;
  std::optional<CoordinateTransform> to_base;

  [[nodiscard]] double latitude(double y) const { return (grid.y_max - y * grid.pixel_height) * unit; }
  [[nodiscard]] double w(double latitude_rad) const {
    const double sine = std::sin(latitude_rad);
    return 1 - ellipsoid.e2 * sine * sine;
  }
};

GroundMeasure::GroundMeasure(const Grid& grid) : data_(std::make_unique<Data>()) {
  const ProjContext context = make_proj_context();
  const ProjObject crs = horizontal_crs(context.get(), grid.crs_wkt);
  const ProjObject base = geographic_base(context.get(), crs.get());
  data_->grid = grid;
  data_->geographic = is_geographic(crs.get());
  data_->unit = unit_of(context.get(), crs.get());
  data_->degrees = unit_of(context.get(), base.get()) * 180 / std::numbers::pi;
  data_->ellipsoid = ellipsoid_of(context.get(), base.get());
  if (data_->geographic) return;
  data_->to_base.emplace(proj_as_wkt(context.get(), crs.get(), PJ_WKT2_2019, nullptr),
                         proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr));
}

GroundMeasure::~GroundMeasure() = default;
GroundMeasure::GroundMeasure(GroundMeasure&&) noexcept = default;

double GroundMeasure::along_row_m(std::int64_t y) const {
  const Data& d = *data_;
  if (!d.geographic) return d.grid.pixel_width * d.unit;
  const double latitude = d.latitude(static_cast<double>(y));
  return d.ellipsoid.a * std::cos(latitude) / std::sqrt(d.w(latitude)) * d.grid.pixel_width * d.unit;
}

double GroundMeasure::along_column_m(std::int64_t y) const {
  const Data& d = *data_;
  if (!d.geographic) return d.grid.pixel_height * d.unit;
  // Radius of curvature of the meridian in the pixel's middle: good to 1e-9 for pixels below a quarter of a degree.
  const double w = d.w(d.latitude(static_cast<double>(y) + 0.5));
  return d.ellipsoid.a * (1 - d.ellipsoid.e2) / (w * std::sqrt(w)) * d.grid.pixel_height * d.unit;
}

void GroundMeasure::to_degrees(std::span<Point> positions) const {
  for (Point& position : positions) position = data_->grid.to_crs(position.x, position.y);
  if (data_->to_base) data_->to_base->forward(positions);
  const double degrees = data_->degrees;
  for (Point& position : positions) position = {position.x * degrees, position.y * degrees};
}

}  // namespace sink
