// SPDX-License-Identifier: Apache-2.0
// Gases of a fire: L_fire = A x M_B x C_f x G_ef x 10^-3. Source: IPCC 2006 V4 equation 2.27.
// The CO2 of it is carbon that the stock already lost (equations 2.8 and 2.14, or a disturbance): it is shown and never
// added to a change of stock. CH4 and N2O are added, as CO2 equivalents of a stated warming potential.
#pragma once

#include <string_view>

#include "core/parameters.hpp"

namespace sink {

/// Gases [t, or t/ha of a fire of one hectare].
struct FireGases {
  double co2_t = 0, ch4_t = 0, n2o_t = 0;
};

struct FireFactors {
  double combustion_factor;                         ///< C_f, share of the fuel that burns
  double gef_co2_g_kg, gef_ch4_g_kg, gef_n2o_g_kg;  ///< G_ef
  /// Gases of `fuel_t` tonnes of dry matter that the fire reached: living and dead, above ground (A x M_B).
  [[nodiscard]] FireGases operator()(double fuel_t) const noexcept;
};
/// Rows combustion_factor of "FIRE/<what burns>" (temperate_wildfire, temperate_clearing, temperate_slash,
/// tropical_primary, tropical_secondary) and gef_… of "FIRE/<forest>" (extratropical_forest, tropical_forest).
/// Throws Error::input with the row to add.
FireFactors fire_factors(const ParameterTable& parameters, std::string_view what_burns, std::string_view forest);

/// Global warming potentials over 100 years.
struct WarmingPotentials {
  double ch4, n2o;
  /// CO2 equivalents of the gases that are not CO2 [t CO2e].
  [[nodiscard]] double not_co2_tco2e(const FireGases& gases) const noexcept {
    return gases.ch4_t * ch4 + gases.n2o_t * n2o;
  }
};
/// Rows gwp_ch4 and gwp_n2o of the set "AR5" (default of the inventories) or "AR6". Throws Error::usage for another
/// set.
WarmingPotentials warming_potentials(const ParameterTable& parameters, std::string_view set = "AR5");

}  // namespace sink
