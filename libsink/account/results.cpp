// SPDX-License-Identifier: Apache-2.0
#include "account/results.hpp"

#include <algorithm>
#include <cmath>

#include "core/nodata.hpp"

namespace sink {
namespace {

double if_known(bool known, double value) {
  return known ? value : no_value;
}

double co2(const FixedSum& carbon_t) {
  return to_co2(CarbonMass(carbon_t.value())).value();
}

}  // namespace

StockResult stock_result(const AccountLayout& layout, Sums sums, const AccountFeatures& has, std::size_t date,
                         std::size_t method) {
  const auto stock = [&](AccountLayout::StockSum sum) { return sums[layout.stock(date, method, sum)]; };
  StockResult r{};
  r.area_ha = sums[layout.area()].value();
  r.forest_area_ha = if_known(has.land_use, sums[layout.date(date, AccountLayout::forest_area)].value());
  r.unmodelled_area_ha = if_known(has.land_use, stock(AccountLayout::unmodelled_area).value());
  r.volume_m3 = if_known(has.volume, sums[layout.date(date, AccountLayout::volume)].value());
  FixedSum biomass = stock(AccountLayout::agb);
  biomass += stock(AccountLayout::bgb);
  r.agb_t = if_known(has.biomass, stock(AccountLayout::agb).value());
  r.bgb_t = if_known(has.biomass, stock(AccountLayout::bgb).value());
  r.biomass_t = if_known(has.biomass, biomass.value());
  FixedSum all = stock(AccountLayout::carbon);
  r.carbon_t = all.value();
  r.co2_t = co2(all);
  r.carbon_above_t = if_known(has.split, stock(AccountLayout::carbon_above).value());
  r.carbon_below_t = if_known(has.split, stock(AccountLayout::carbon_below).value());
  r.dead_carbon_t = if_known(has.dead, stock(AccountLayout::dead).value());
  r.soil_carbon_t = if_known(has.soil, stock(AccountLayout::soil).value());
  all += stock(AccountLayout::dead);
  all += stock(AccountLayout::soil);
  r.all_pools_carbon_t = if_known(has.dead || has.soil, all.value());
  return r;
}

SinkResult sink_result(const AccountLayout& layout, Sums sums, const AccountFeatures& has, std::size_t period,
                       std::size_t method, double years) {
  using Layout = AccountLayout;
  const auto flow = [&](Flow kind, Layout::FlowSum sum) { return sums[layout.flow(period, method, kind, sum)]; };
  const auto with_rate = [&](Layout::FlowSum sum) {
    FixedSum total = flow(Flow::stable, sum);
    total += flow(Flow::gain, sum);
    total += flow(Flow::loss, sum);
    return total;
  };
  const auto per_year = [&](const FixedSum& carbon_t) { return co2(carbon_t) / years; };

  SinkResult r{};
  r.area_ha = sums[layout.area()].value();
  FixedSum forest = sums[layout.date(period, Layout::forest_area)];
  forest += sums[layout.date(period + 1, Layout::forest_area)];
  r.forest_area_ha = if_known(has.land_use, forest.value() / 2);
  const FixedSum no_rate = sums[layout.no_rate_area(period, method)];
  r.unmodelled_area_ha = if_known(has.land_use, no_rate.value());
  const FixedSum rate_area = with_rate(Layout::flow_area);
  r.rate_area_ha = rate_area.value();

  const FixedSum carbon = with_rate(Layout::flow_carbon);
  r.sink_tco2_yr = per_year(carbon);
  r.sink_tco2_ha_yr = r.rate_area_ha > 0 ? r.sink_tco2_yr / r.rate_area_ha : no_value;
  FixedSum forest_either = rate_area;
  forest_either += no_rate;
  r.rate_coverage = has.land_use && forest_either.value() > 0 ? r.rate_area_ha / forest_either.value() : no_value;

  const auto part = [&](Flow kind) { return if_known(has.land_use, flow(kind, Layout::flow_area).value()); };
  const auto sink = [&](Flow kind) { return if_known(has.land_use, per_year(flow(kind, Layout::flow_carbon))); };
  r.stable_area_ha = part(Flow::stable);
  r.gain_area_ha = part(Flow::gain);
  r.loss_area_ha = part(Flow::loss);
  r.sink_stable_tco2_yr = sink(Flow::stable);
  r.sink_gain_tco2_yr = sink(Flow::gain);
  r.sink_loss_tco2_yr = sink(Flow::loss);

  r.volume_change_m3_yr = if_known(has.volume, sums[layout.period(period, Layout::volume_change)].value() / years);
  FixedSum area_change = sums[layout.period(period, Layout::forest_gained_area)];
  area_change -= sums[layout.period(period, Layout::forest_lost_area)];
  r.forest_area_change_ha_yr = if_known(has.land_use, area_change.value() / years);
  r.harvest_area_ha = if_known(has.land_use, sums[layout.period(period, Layout::harvest_area)].value());

  FixedSum below = carbon;
  below -= with_rate(Layout::flow_above);
  r.sink_above_tco2_yr = if_known(has.split, per_year(with_rate(Layout::flow_above)));
  r.sink_below_tco2_yr = if_known(has.split, per_year(below));
  r.sink_dead_tco2_yr = if_known(has.dead, per_year(with_rate(Layout::flow_dead)));
  FixedSum all_land = carbon;
  all_land += flow(Flow::neither, Layout::flow_carbon);
  r.sink_all_land_tco2_yr = if_known(has.all_land, per_year(all_land));
  return r;
}

Standing standing(const SinkResult& result, double benchmark_tco2_ha_yr) {
  if (std::isnan(result.sink_tco2_ha_yr)) return {no_value, no_value, ""};
  const double gap = benchmark_tco2_ha_yr - result.sink_tco2_ha_yr;
  std::string status = gap <= 0 ? "above" : "below";
  if (result.rate_coverage < enough_coverage) status = "incomplete";
  return {gap, gap * result.rate_area_ha, status};
}

bool Closure::holds() const noexcept {
  // Written so that NaN fails.
  return std::abs(difference()) <= 1e-9 * scale || (difference() == 0);
}

Closure pool_closure(const AccountLayout& layout, Sums sums, std::string where, std::size_t date, std::size_t method) {
  const double above = sums[layout.stock(date, method, AccountLayout::carbon_above)].value();
  const double below = sums[layout.stock(date, method, AccountLayout::carbon_below)].value();
  const double total = sums[layout.stock(date, method, AccountLayout::carbon)].value();
  return {"pools to total",
          std::move(where),
          {{"above_t", above}, {"below_t", below}, {"living_t", total}},
          above + below,
          total,
          std::abs(above) + std::abs(below)};
}

Closure period_closure(const AccountLayout& layout, Sums sums, std::string where, std::size_t period,
                       std::size_t method) {
  const auto flow = [&](Flow kind) {
    return sums[layout.flow(period, method, kind, AccountLayout::flow_carbon)].value();
  };
  const double opening = sums[layout.stock(period, method, AccountLayout::carbon)].value();
  const double closing = sums[layout.stock(period + 1, method, AccountLayout::carbon)].value();
  const double sink = flow(Flow::stable) + flow(Flow::gain) + flow(Flow::loss);
  const double one_date = flow(Flow::second_only) + flow(Flow::first_only);
  return {"opening to closing",
          std::move(where),
          {{"opening_t", opening},
           {"sink_x_years_t", sink},
           {"change_off_forest_t", flow(Flow::neither)},
           {"known_at_one_date_t", one_date},
           {"closing_t", closing}},
          opening + sink + flow(Flow::neither) + one_date,
          closing,
          std::max(std::abs(opening), std::abs(closing))};
}

Closure zone_closure(std::string name, std::string where, const FixedSum& zones, const FixedSum& outside,
                     const FixedSum& whole) {
  return {std::move(name),
          std::move(where),
          {{"zones", zones.value()}, {"outside", outside.value()}, {"whole", whole.value()}},
          zones.value() + outside.value(),
          whole.value(),
          std::abs(whole.value())};
}

}  // namespace sink
