// SPDX-License-Identifier: Apache-2.0
// From exact sums to the numbers of a table: stocks of a date, the sink of a period by stock difference (IPCC 2006
// V4 eq. 2.8a), the standing against a benchmark, and the closures that every run checks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/layout.hpp"
#include "core/fixed_sum.hpp"
#include "core/quantity.hpp"

namespace sink {

/// Which numbers a run can know; the others are NaN, printed blank.
struct AccountFeatures {
  bool land_use = true;  ///< a legend says what is forest
  bool volume = false;
  bool biomass = true;  ///< the method knows dry matter, not only carbon
  bool split = true;    ///< above and below ground apart
  bool dead = false, soil = false;
  bool all_land = false;  ///< the sink has a value off the forest too (lookup, ready maps)
};

/// Stocks of one zone, date and method.
struct StockResult {
  double area_ha, forest_area_ha, unmodelled_area_ha, volume_m3;
  double agb_t, bgb_t, biomass_t;                   ///< t d.m.
  double carbon_t, carbon_above_t, carbon_below_t;  ///< t C, living biomass
  double co2_t;                                     ///< t CO2, living biomass
  double dead_carbon_t, soil_carbon_t, all_pools_carbon_t;
};

/// The sink of one zone, period and method; positive is uptake.
struct SinkResult {
  double area_ha, forest_area_ha, unmodelled_area_ha, rate_area_ha;
  double sink_tco2_yr, sink_tco2_ha_yr, rate_coverage;
  double stable_area_ha, gain_area_ha, loss_area_ha;
  double sink_stable_tco2_yr, sink_gain_tco2_yr, sink_loss_tco2_yr;
  double volume_change_m3_yr, forest_area_change_ha_yr;
  double sink_above_tco2_yr, sink_below_tco2_yr, sink_dead_tco2_yr, sink_all_land_tco2_yr;
  double harvest_area_ha;
};

/// A zone's rate held against a benchmark: positive gaps are shortfalls.
struct Standing {
  double gap_tco2_ha_yr, gap_tco2_yr;
  std::string status;  ///< above, below or incomplete; blank where there is no rate
};

using Sums = std::span<const FixedSum>;

StockResult stock_result(const AccountLayout& layout, Sums sums, const AccountFeatures& features, std::size_t date,
                         std::size_t method);
SinkResult sink_result(const AccountLayout& layout, Sums sums, const AccountFeatures& features, std::size_t period,
                       std::size_t method, double years);

/// Below this share of the forest with a rate, a standing is `incomplete`.
inline constexpr double enough_coverage = 0.95;
Standing standing(const SinkResult& result, double benchmark_tco2_ha_yr);

/// One check of a balance: `left` and `right` must agree to 1e-9 of `scale`.
struct Closure {
  std::string name, where;
  std::vector<std::pair<std::string, double>> terms;
  double left = 0, right = 0, scale = 0;
  [[nodiscard]] double difference() const noexcept { return left - right; }
  [[nodiscard]] bool holds() const noexcept;
};

/// Pools to total: above + below = living carbon, for one date and method [t C].
Closure pool_closure(const AccountLayout& layout, Sums sums, std::string where, std::size_t date, std::size_t method);
/// Opening stock + sink x years + change on land that is forest at neither date + stock of pixels known at one date
/// only (signed) = closing stock, for one period and method [t C].
Closure period_closure(const AccountLayout& layout, Sums sums, std::string where, std::size_t period,
                       std::size_t method);
/// All zones and what lies outside them = the whole, for the sum at `index`.
Closure zone_closure(std::string name, std::string where, const FixedSum& zones, const FixedSum& outside,
                     const FixedSum& whole);

}  // namespace sink
