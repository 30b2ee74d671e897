// SPDX-License-Identifier: Apache-2.0
// Gain-loss: biomass carbon of forest that stays forest as growth minus what was taken and lost.
// Source: IPCC 2006/2019 V4 Ch2, equations 2.7 and 2.9-2.14 (2.10 tier 1 and tier 2/3). Gains and losses are both
// positive here; the change is their difference, positive for uptake.
#pragma once

namespace sink {

/// Equation 2.10 tier 1: growth of the whole tree [t d.m./ha/yr] from that above ground (G_W) and root:shoot.
constexpr double total_growth_t_ha_yr(double growth_above_t_ha_yr, double root_shoot) noexcept {
  return growth_above_t_ha_yr * (1 + root_shoot);
}
/// Equation 2.10 tier 2/3: from the increment of volume I_V and BCEF_I, which turns increment into biomass above
/// ground.
constexpr double total_growth_from_volume_t_ha_yr(double increment_m3_ha_yr, double bcef_i_t_m3,
                                                  double root_shoot) noexcept {
  return total_growth_t_ha_yr(increment_m3_ha_yr * bcef_i_t_m3, root_shoot);
}
/// Equation 2.9: carbon gained by growth [t C/yr].
constexpr double growth_gain_tc_yr(double area_ha, double total_growth_t_ha_yr, double carbon_fraction) noexcept {
  return area_ha * total_growth_t_ha_yr * carbon_fraction;
}

/// Equation 2.12: carbon lost with wood removed [t C/yr]; `removed_m3_yr` includes bark, BCEF_R turns it into the
/// biomass above ground of the felled trees. Where roots stay alive (coppice) root:shoot is 0.
constexpr double wood_loss_tc_yr(double removed_m3_yr, double bcef_r_t_m3, double root_shoot,
                                 double carbon_fraction) noexcept {
  return removed_m3_yr * bcef_r_t_m3 * (1 + root_shoot) * carbon_fraction;
}
/// Equation 2.13: carbon lost with fuelwood [t C/yr]: whole trees like other wood, and parts of trees, which leave the
/// tree alive, by their wood density alone.
constexpr double fuelwood_loss_tc_yr(double trees_m3_yr, double parts_m3_yr, double bcef_r_t_m3, double root_shoot,
                                     double wood_density_t_m3, double carbon_fraction) noexcept {
  return wood_loss_tc_yr(trees_m3_yr, bcef_r_t_m3, root_shoot, carbon_fraction) +
         parts_m3_yr * wood_density_t_m3 * carbon_fraction;
}
/// Equation 2.14: carbon lost to disturbance [t C/yr]: `lost` (fd) is the share of the biomass that dies, to dead
/// matter or to the air.
constexpr double disturbance_loss_tc_yr(double area_ha_yr, double biomass_above_t_ha, double root_shoot,
                                        double carbon_fraction, double lost) noexcept {
  return area_ha_yr * biomass_above_t_ha * (1 + root_shoot) * carbon_fraction * lost;
}

/// Equations 2.7 and 2.11 [t C/yr].
struct GainLoss {
  double growth_tc_yr = 0;
  double wood_tc_yr = 0, fuelwood_tc_yr = 0, disturbance_tc_yr = 0;
  [[nodiscard]] constexpr double loss_tc_yr() const noexcept { return wood_tc_yr + fuelwood_tc_yr + disturbance_tc_yr; }
  [[nodiscard]] constexpr double change_tc_yr() const noexcept { return growth_tc_yr - loss_tc_yr(); }
};

}  // namespace sink
