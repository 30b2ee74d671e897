// SPDX-License-Identifier: Apache-2.0
#include "account/land_conversion.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace sink {

double soil_share(int years) noexcept {
  return static_cast<double>(std::clamp(years, 0, transition_years)) / transition_years;
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

std::vector<double> even_regrowth_tc_ha(double from_tc_ha, double to_tc_ha, int growing_years, int years) {
  if (growing_years < 1) throw usage_error("a plant cover cannot regrow in less than one year: give 1 year or more");
  std::vector<double> density;
  for (int year = 1; year <= years; ++year) {
    const double grown = static_cast<double>(std::min(year, growing_years)) / growing_years;
    density.push_back(from_tc_ha + grown * (to_tc_ha - from_tc_ha));
  }
  return density;
}

std::vector<ConversionChange> conversion_series(const Conversion& conversion, std::span<const double> biomass_tc_ha) {
  std::vector<ConversionChange> years;
  double density_before_tc_ha = conversion.biomass_before_tc_ha;
  ConversionChange so_far;
  for (const double density_tc_ha : biomass_tc_ha) {
    const ConversionChange total = conversion_change(conversion, static_cast<int>(years.size()) + 1);
    years.push_back({(density_tc_ha - density_before_tc_ha) * conversion.area_ha, total.dead_tc - so_far.dead_tc,
                     total.soil_tc - so_far.soil_tc});
    density_before_tc_ha = density_tc_ha;
    so_far = total;
  }
  return years;
}

}  // namespace sink
