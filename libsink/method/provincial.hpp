// SPDX-License-Identifier: Apache-2.0
// The provincial method: carbon gained in a year = V x (GR - CR) x SVD x BEF_total x CF, and for forest without a
// volume (bamboo, economic forest, shrub) the change of its area times a biomass density. Source: NDRC 2011, provincial
// greenhouse gas inventory guideline, ch. 5. BEF_total is whole tree over stem, roots inside: it is no `bef` row and (1
// + R) never comes to it. CF is the guideline's own, 0.5, not that of the species. Parameters: growth_rate,
// consumption_rate [1/yr], wood_density_svd [t/m3], bef_total [1] of the class's key, else of PROVINCE; carbon_fraction
// of PROVINCE. None of the four is shipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/class_table.hpp"
#include "core/legend.hpp"
#include "core/parameters.hpp"

namespace sink {

/// The key whose rows stand in for classes without rows of their own.
inline constexpr std::string_view province_key = "PROVINCE";

/// Growth minus consumption of trees with a volume, by class.
struct ProvincialGrowth {
  ClassTable rate_tc_m3_yr;  ///< (GR - CR) x SVD x BEF_total x CF
  /// Sink [t C/ha/yr]; NaN where the class does not go by volume or the volume is unknown or negative. The volume is
  /// that of the year in question, in a period that of its first date.
  double operator()(ClassIndex type, double volume_m3_ha) const noexcept {
    return (volume_m3_ha >= 0 ? volume_m3_ha : no_value) * rate_tc_m3_yr[type];
  }
};

/// Rows ("KEY,parameter,VALUE,unit") that the method still needs for the classes of this legend: of PROVINCE, which
/// serve every class. Empty where nothing is missing.
std::vector<std::string> provincial_rows_to_add(const ParameterTable& parameters, const Legend& forest_types);
/// Throws Error::input, listing the rows to add, where some are missing.
ProvincialGrowth provincial_growth(const ParameterTable& parameters, const Legend& forest_types);

/// The density that a change of area is multiplied with [t C/ha], by class: biomass_density x the CF of PROVINCE for
/// bamboo, economic forest (perennial cropland) and shrub; NaN for the others. A pixel that enters such a class gains
/// it, one that leaves loses it: the sink of a period is (density of its last date - density of its first) / years, NaN
/// read as 0 there. Throws Error::input without the row PROVINCE,carbon_fraction.
ClassTable provincial_area_density_tc_ha(const ParameterTable& parameters, const Legend& legend);

/// The method over a whole area: `volume_m3` of standing timber. [t C/yr]
constexpr double provincial_growth_tc_yr(double volume_m3, double growth_rate, double consumption_rate,
                                         double wood_density_t_m3, double bef_total, double carbon_fraction) noexcept {
  return volume_m3 * (growth_rate - consumption_rate) * wood_density_t_m3 * bef_total * carbon_fraction;
}
/// The change of area of one class without a volume. [t C/yr]
constexpr double provincial_area_change_tc_yr(double area_1_ha, double area_2_ha, double biomass_t_ha,
                                              double carbon_fraction, double years) noexcept {
  return (area_2_ha - area_1_ha) * biomass_t_ha * carbon_fraction / years;
}

}  // namespace sink
