// SPDX-License-Identifier: Apache-2.0
// Gain-loss of one hectare over a period: growth by a curve, a disturbance or a conversion in its year, regrowth, dead
// matter, soil and products, pool by pool.
// Source: IPCC 2006/2019 V4 Ch2, equations 2.7 and 2.9-2.16 (biomass), 2.23 (dead organic matter), 2.25 (mineral
// soil); products by first-order decay (Ch12). The year of a change is year 1: it has no growth of the stand, all of
// the loss, and a first twentieth of the change of soil. Tier 1: dead matter of forest that stays forest changes only
// where a disturbance adds to it, which then decays as products do; soil only where the use of the land changes. What
// is under way at the end of a period goes on in the next one.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/disturbance.hpp"
#include "core/pools.hpp"

namespace sink {

/// The pools of a balance: those on the land, and products in use.
inline constexpr std::size_t balance_pools = land_pool_count + 1;

/// A year's growth is looked up, not computed: living carbon of a stand of this age [t C/ha] by years since it began.
using CarbonByYear = std::span<const double>;

/// What became of a hectare in a period of `years` years.
struct PeriodEvents {
  int years = 1;
  /// Year of the period, from 1, in which disturbance and conversion happen; growth ends the year before.
  int change_year = 1;
  const DisturbanceMatrix* disturbance = nullptr;  ///< null: none
  const DisturbanceMatrix* conversion = nullptr;   ///< null: the use of the land stays
  bool new_stand = false;                          ///< trees start anew in the change year
};

/// What a change brought into pools that decay, as it came [t C/ha].
struct Inflow {
  int years_decayed = 0;  ///< its own year included
  double products_tc_ha = 0, dead_wood_tc_ha = 0, litter_tc_ha = 0;
};

/// What earlier changes of a hectare have set going and what has not come to its end.
struct UnderWay {
  std::vector<Inflow> inflows;
  PoolStock step;                     ///< of soil and dead matter, over all of the transition
  int step_years = transition_years;  ///< of the transition that have passed
  bool soil_known = true;             ///< false: the land had a use whose soil is not modelled
};

/// Densities of a hectare; what a run does not model is 0.
struct PeriodFacts {
  PoolStock opening;  ///< as an earlier period closed it, else in equilibrium with the use at the first date
  double products_tc_ha = 0;
  CarbonByYear stand;      ///< living carbon of the stand by year from the first date, `years` + 1 values; empty: none
  CarbonByYear next;       ///< of the new stand by age; empty: none
  double cover_tc_ha = 0;  ///< living carbon gained by the plant cover of land that is no forest after the change
  double cover_above = 1;  ///< share above ground of a new stand or cover
  PoolStock dead_target;   ///< dead wood and litter of new forest, once in equilibrium
  double soil_after_tc_ha = 0;  ///< in equilibrium with the use after a conversion; NaN: not known, soil stays
  /// Shares still there of what a change brings into these pools, by years since the change year; empty: all of it.
  std::span<const double> products_left, dead_wood_left, litter_left;
};

/// What happened to each pool: closing = opening + gained + received - given - emitted, all positive [t C/ha].
struct PoolFlows {
  double opening = 0, gained = 0, received = 0, given = 0, emitted = 0, closing = 0;
};

struct PeriodBalance {
  std::array<PoolFlows, balance_pools> pools;                    ///< in the order of Pool
  double growth_tc_ha = 0, regrowth_tc_ha = 0, cover_tc_ha = 0;  ///< gains of living biomass
  double disturbed_tc_ha = 0, converted_tc_ha = 0;               ///< losses of living biomass, wherever it went
  PoolStock at_change;                                           ///< stock just before the disturbance or conversion
  /// Change of living biomass [t C/ha]: gains minus losses (equation 2.7).
  [[nodiscard]] double living_tc_ha() const noexcept {
    return growth_tc_ha + regrowth_tc_ha + cover_tc_ha - disturbed_tc_ha - converted_tc_ha;
  }
};

/// The balance of a hectare. Mass is conserved: what the pools gained minus what they emitted is what they changed by.
/// `way` is what earlier periods left under way, and afterwards what this one leaves.
PeriodBalance period_balance(const PeriodFacts& facts, const PeriodEvents& events, UnderWay& way);

}  // namespace sink
