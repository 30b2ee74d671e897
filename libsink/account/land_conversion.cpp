// SPDX-License-Identifier: Apache-2.0
#include "account/land_conversion.hpp"

#include <algorithm>

namespace sink {

ConversionChange conversion_change(const Conversion& c, int years) {
  if (years < 1) return {};
  const double soil_share = static_cast<double>(std::min(years, soil_transition_years)) / soil_transition_years;
  return {(c.biomass_after_tc_ha - c.biomass_before_tc_ha) * c.area_ha, -c.dead_before_tc_ha * c.area_ha,
          (c.soil_after_tc_ha - c.soil_before_tc_ha) * soil_share * c.area_ha};
}

}  // namespace sink
