// SPDX-License-Identifier: Apache-2.0
#include "raster/proj_objects.hpp"

#include "core/error.hpp"

namespace sink {
namespace {

std::string name_of(const PJ* crs) {
  const char* name = proj_get_name(crs);
  return name == nullptr ? "CRS" : name;
}

Error not_on_the_earth(const PJ* crs) {
  return input_error(name_of(crs),
                     "this CRS has no places on the Earth's surface, so no areas: reproject with gdalwarp "
                     "-t_srs to a projected or geographic CRS");
}

}  // namespace

ProjContext make_proj_context() {
  ProjContext context(proj_context_create());
  if (context == nullptr) throw Error(Error::Kind::memory, "no memory for PROJ");
  proj_log_level(context.get(), PJ_LOG_NONE);
  proj_context_set_enable_network(context.get(), 0);
  return context;
}

ProjObject horizontal_crs(PJ_CONTEXT* context, const std::string& wkt) {
  ProjObject crs(proj_create_from_wkt(context, wkt.c_str(), nullptr, nullptr, nullptr));
  if (crs == nullptr)
    throw input_error("CRS",
                      "PROJ cannot use it: " + wkt.substr(0, 60) + "...: give it by its code with gdal_edit.py -a_srs");
  if (proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS) crs.reset(proj_crs_get_sub_crs(context, crs.get(), 0));
  if (crs != nullptr && proj_get_type(crs.get()) == PJ_TYPE_BOUND_CRS)
    crs.reset(proj_get_source_crs(context, crs.get()));
  if (crs == nullptr) throw input_error("CRS", "it has no horizontal part: give one with gdal_edit.py -a_srs");
  return crs;
}

bool is_geographic(const PJ* crs) {
  const PJ_TYPE type = proj_get_type(crs);
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

ProjObject geographic_base(PJ_CONTEXT* context, const PJ* crs) {
  if (!is_geographic(crs) && proj_get_type(crs) != PJ_TYPE_PROJECTED_CRS) throw not_on_the_earth(crs);
  ProjObject base(proj_crs_get_geodetic_crs(context, crs));
  if (base == nullptr || !is_geographic(base.get())) throw not_on_the_earth(crs);
  const ProjObject derivation(is_geographic(crs) ? proj_crs_get_coordoperation(context, crs) : nullptr);
  if (derivation != nullptr)  // rows of such a grid are not parallels
    throw input_error(name_of(crs),
                      "a geographic CRS with a shifted pole is not supported: reproject with gdalwarp -t_srs");
  return base;
}

double unit_of(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject axes(proj_crs_get_coordinate_system(context, crs));
  double unit = 0;
  const bool found = axes != nullptr && proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, nullptr, &unit,
                                                              nullptr, nullptr, nullptr) != 0;
  if (!found || !(unit > 0))
    throw input_error(name_of(crs), "this CRS has no unit: give it by its code with gdal_edit.py -a_srs");
  return unit;
}

Ellipsoid ellipsoid_of(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject ellipsoid(proj_get_ellipsoid(context, crs));
  double a = 0, b = 0;
  if (ellipsoid == nullptr || proj_ellipsoid_get_parameters(context, ellipsoid.get(), &a, &b, nullptr, nullptr) == 0)
    throw not_on_the_earth(crs);
  return {a, (a - b) * (a + b) / (a * a)};
}

}  // namespace sink
