// SPDX-License-Identifier: Apache-2.0
// Dead wood and litter of forest: as shares of above-ground biomass (CDM AR-TOOL12) or as fixed densities (measured, or
// IPCC 2006 V4 Table 2.2). How they build up and go after a conversion is account/land_conversion.hpp.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/class_table.hpp"
#include "core/legend.hpp"
#include "core/parameters.hpp"

namespace sink {

/// Carbon in dead matter [t C/ha]; NaN where a pool has no value.
struct DeadMatter {
  double dead_wood_tc_ha = 0, litter_tc_ha = 0;
};

/// The zones of AR-TOOL12, keys "TOOL12/<zone>".
inline constexpr std::array<std::string_view, 5> tool12_zones = {"temperate_boreal", "tropical_dry", "tropical_moist",
                                                                 "tropical_wet", "tropical_montane"};

/// The AR-TOOL12 zone of a place: above 2000 m montane, else dry below 1000 mm/yr, wet above 1600 mm/yr, moist between.
/// Throws Error::input for a missing boundary (rows montane_above, dry_below, wet_above of TOOL12).
std::string_view tool12_zone(const ParameterTable& parameters, bool tropical, double elevation_m,
                             double precipitation_mm_yr);

/// Dead matter as shares of above-ground biomass.
struct DeadMatterOfBiomass {
  double dead_wood_tc_t, litter_tc_t;  ///< t C in dead matter per t of above-ground biomass
  DeadMatter operator()(double agb_t_ha) const noexcept { return {agb_t_ha * dead_wood_tc_t, agb_t_ha * litter_tc_t}; }
};
/// Rows dead_wood_of_agb and litter_of_agb of "TOOL12/<zone>" times the carbon fractions of ANY. Throws Error::usage
/// for an unknown zone and Error::input for a missing row.
DeadMatterOfBiomass tool12_dead_matter(const ParameterTable& parameters, std::string_view zone);

/// Dead matter as a density of the class.
struct DeadMatterByClass {
  ClassTable dead_wood_tc_ha, litter_tc_ha;
  DeadMatter operator()(ClassIndex type) const noexcept { return {dead_wood_tc_ha[type], litter_tc_ha[type]}; }
};
/// Sets of fixed densities: keys with a row litter_carbon that are no class ("MEASURED", "IPCC2006/…").
std::vector<std::string> dead_matter_sets(const ParameterTable& parameters);
/// Rows dead_wood_carbon and litter_carbon of the class's own key, else of the set; land that is not forest has none
/// (0). IPCC 2006 gives no dead wood: NaN, the pool is unmodelled. Throws Error::usage for a set without a row.
DeadMatterByClass fixed_dead_matter(const ParameterTable& parameters, const Legend& legend, std::string_view set);

}  // namespace sink
