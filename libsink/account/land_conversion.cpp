// SPDX-License-Identifier: Apache-2.0
#include "account/land_conversion.hpp"

#include <algorithm>

namespace sink {

double soil_share(int years) noexcept {
  return static_cast<double>(std::clamp(years, 0, soil_transition_years)) / soil_transition_years;
}

double dead_share(double before, double after, int years) noexcept {
  return after > before ? soil_share(years) : 1;
}

ConversionChange conversion_change(const Conversion& c, int years) {
  if (years < 1) return {};
  const double dead =
      (c.dead_after_tc_ha - c.dead_before_tc_ha) * dead_share(c.dead_before_tc_ha, c.dead_after_tc_ha, years);
  return {(c.biomass_after_tc_ha - c.biomass_before_tc_ha) * c.area_ha, dead * c.area_ha,
          (c.soil_after_tc_ha - c.soil_before_tc_ha) * soil_share(years) * c.area_ha};
}

}  // namespace sink
