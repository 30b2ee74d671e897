// SPDX-License-Identifier: Apache-2.0
#include "raster/transform.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace sink {
namespace {

void run(PJ* operation, PJ_DIRECTION direction, std::span<Point> points) {
  if (points.empty()) return;
  proj_errno_reset(operation);  // PROJ refuses further points while an error is pending
  proj_trans_generic(operation, direction, &points.front().x, sizeof(Point), points.size(), &points.front().y,
                     sizeof(Point), points.size(), nullptr, 0, 0, nullptr, 0, 0);
}

/// The grid file that an operation needs and this machine lacks; blank where there is none.
std::string missing_grid(PJ_CONTEXT* context, const PJ* operation) {
  const int count = proj_coordoperation_get_grid_used_count(context, operation);
  for (int i = 0; i < count; ++i) {
    const char* name = nullptr;
    int available = 0;
    proj_coordoperation_get_grid_used(context, operation, i, &name, nullptr, nullptr, nullptr, nullptr, nullptr,
                                      &available);
    if (available == 0) return name == nullptr ? "a grid" : name;
  }
  return "";
}

ProjObject best_operation(PJ_CONTEXT* context, const PJ* from, const PJ* to,
                          const std::optional<GeographicArea>& area) {
  using Factory = std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, ProjDestroy>;
  const Factory factory(proj_create_operation_factory_context(context, nullptr));
  if (area)
    proj_operation_factory_context_set_area_of_interest(context, factory.get(), area->west, area->south, area->east,
                                                        area->north);
  proj_operation_factory_context_set_spatial_criterion(context, factory.get(),
                                                       PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
  // Missing grids must not push the best operation down the list: it is then refused by name.
  proj_operation_factory_context_set_grid_availability_use(context, factory.get(), PROJ_GRID_AVAILABILITY_IGNORED);
  using List = std::unique_ptr<PJ_OBJ_LIST, ProjDestroy>;
  const List list(proj_create_operations(context, from, to, factory.get()));
  if (list == nullptr || proj_list_get_count(list.get()) < 1) return nullptr;
  return ProjObject(proj_list_get(context, list.get(), 0));
}

}  // namespace

CoordinateTransform::CoordinateTransform(const std::string& from_wkt, const std::string& to_wkt,
                                         const std::optional<GeographicArea>& area)
    : context_(make_proj_context()) {
  PJ_CONTEXT* context = context_.get();
  const ProjObject from = horizontal_crs(context, from_wkt), to = horizontal_crs(context, to_wkt);
  const std::string pair = std::string(proj_get_name(from.get())) + " to " + proj_get_name(to.get());
  const ProjObject operation = best_operation(context, from.get(), to.get(), area);
  if (operation == nullptr)
    throw input_error(pair, "PROJ knows no transformation: reproject the layer with ogr2ogr -t_srs");
  const std::string grid = missing_grid(context, operation.get());
  if (!grid.empty())
    throw input_error(pair, "the best transformation needs " + grid +
                                ", which is not installed: apt-get install "
                                "proj-data, or reproject the layer yourself with ogr2ogr -t_srs");
  operation_.reset(proj_normalize_for_visualization(context, operation.get()));
  if (operation_ == nullptr) throw input_error(pair, "PROJ cannot do it: reproject the layer with ogr2ogr -t_srs");
  const char* name = proj_get_name(operation.get());
  description_ = name == nullptr || *name == '\0' ? pair : name;
  ballpark_ = proj_coordoperation_has_ballpark_transformation(context, operation.get()) != 0;
  same_ellipsoid_ = std::abs(ellipsoid_of(context, from.get()).a - ellipsoid_of(context, to.get()).a) < 1;
}

void CoordinateTransform::forward(std::span<Point> points) const {
  run(operation_.get(), PJ_FWD, points);
}
void CoordinateTransform::inverse(std::span<Point> points) const {
  run(operation_.get(), PJ_INV, points);
}

std::optional<GeographicArea> geographic_area_of(const Grid& grid) {
  const ProjContext context = make_proj_context();
  const ProjObject crs = horizontal_crs(context.get(), grid.crs_wkt);
  const ProjObject base = geographic_base(context.get(), crs.get());
  const double to_degrees = unit_of(context.get(), base.get()) * 180 / std::numbers::pi;
  const ProjObject operation = best_operation(context.get(), crs.get(), base.get(), std::nullopt);
  const ProjObject normal(operation == nullptr ? nullptr
                                               : proj_normalize_for_visualization(context.get(), operation.get()));
  if (normal == nullptr) return std::nullopt;
  const Point low = grid.to_crs(0, static_cast<double>(grid.rows)),
              high = grid.to_crs(static_cast<double>(grid.columns), 0);
  GeographicArea area;
  if (proj_trans_bounds(context.get(), normal.get(), PJ_FWD, low.x, low.y, high.x, high.y, &area.west, &area.south,
                        &area.east, &area.north, 21) == 0)
    return std::nullopt;
  for (double* value : {&area.west, &area.south, &area.east, &area.north}) {
    if (!std::isfinite(*value)) return std::nullopt;
    *value *= to_degrees;
  }
  return area;
}

}  // namespace sink
