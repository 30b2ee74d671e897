// SPDX-License-Identifier: Apache-2.0
// The carbon of land that is converted: biomass in the year of the change, dead matter at once where it is lost and
// over twenty years where it builds up, soil over twenty years.
// Source: IPCC 2006/2019 V4 Ch2, equations 2.15/2.16 (biomass), 2.23 (dead organic matter: T_on is one year for a loss
// and twenty for a gain) and 2.25 (mineral soil, linear over D = 20 years). The year of the change is year 1.
#pragma once

#include <span>
#include <vector>

#include "core/pools.hpp"

namespace sink {

/// Densities of a piece of land before and after its conversion.
struct Conversion {
  double area_ha = 0;
  double biomass_before_tc_ha = 0, biomass_after_tc_ha = 0;  ///< living, above and below ground; after: in that year
  double dead_before_tc_ha = 0;                              ///< dead wood and litter
  double soil_before_tc_ha = 0, soil_after_tc_ha = 0;        ///< after: once in equilibrium
  double dead_after_tc_ha = 0;                               ///< once in equilibrium
};

/// Changes of stock [t C]; negative is a loss.
struct ConversionChange {
  double biomass_tc = 0, dead_tc = 0, soil_tc = 0;
  [[nodiscard]] double total_tc() const noexcept { return biomass_tc + dead_tc + soil_tc; }
};

/// Share of the change of soil that has happened by the end of the `years`-th year, the year of the change being the
/// first; and of dead matter.
double soil_share(int years) noexcept;
double dead_share(double before, double after, int years) noexcept;

/// What has changed by the end of the `years`-th year; NaN densities make the pool's change NaN.
ConversionChange conversion_change(const Conversion& conversion, int years);

/// Biomass density at the end of each of `years` years of a new plant cover that grows evenly from `from_tc_ha` to
/// `to_tc_ha` within `growing_years` and then stays [t C/ha]. Tea: 0 to its density in 10 years. Throws Error::usage
/// for less than one growing year.
std::vector<double> even_regrowth_tc_ha(double from_tc_ha, double to_tc_ha, int growing_years, int years);

/// The change in each year [t C/yr], the year of the change first, as many years as `biomass_tc_ha` has: the density of
/// living biomass at the end of each, from even_regrowth_tc_ha or a growth curve. `conversion.biomass_after_tc_ha` is
/// not read. In the first year all that stood before is lost and the first year's growth gained (equation 2.15).
std::vector<ConversionChange> conversion_series(const Conversion& conversion, std::span<const double> biomass_tc_ha);

}  // namespace sink
