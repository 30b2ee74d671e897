// SPDX-License-Identifier: Apache-2.0
// Owning handles of PROJ, and what this library asks of a CRS.
#pragma once

#include <memory>
#include <string>

#include <proj.h>

namespace sink {

struct ProjDestroy {
  void operator()(PJ* pj) const noexcept { proj_destroy(pj); }
  void operator()(PJ_CONTEXT* context) const noexcept { proj_context_destroy(context); }
  void operator()(PJ_OBJ_LIST* list) const noexcept { proj_list_destroy(list); }
  void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const noexcept {
    proj_operation_factory_context_destroy(factory);
  }
};
using ProjContext = std::unique_ptr<PJ_CONTEXT, ProjDestroy>;
using ProjObject = std::unique_ptr<PJ, ProjDestroy>;

/// A context for one thread at a time, without network and without messages.
ProjContext make_proj_context();

/// The horizontal CRS of a WKT text, its bound transformation and vertical part left off. Throws Error::input.
ProjObject horizontal_crs(PJ_CONTEXT* context, const std::string& wkt);

/// The geographic CRS that a horizontal CRS is built on, or the CRS itself. Throws Error::input where there is none: a
/// local or geocentric CRS, or a geographic one with a shifted pole.
ProjObject geographic_base(PJ_CONTEXT* context, const PJ* crs);

bool is_geographic(const PJ* crs);

/// Radians (geographic) or metres (projected) per unit of a CRS's coordinates. Throws Error::input.
double unit_of(PJ_CONTEXT* context, const PJ* crs);

/// Semi-major axis [m] and eccentricity squared.
struct Ellipsoid {
  double a = 0, e2 = 0;
};
Ellipsoid ellipsoid_of(PJ_CONTEXT* context, const PJ* crs);

}  // namespace sink
