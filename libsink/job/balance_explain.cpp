// SPDX-License-Identifier: Apache-2.0
// BalanceWorker: what gain-loss says of one pixel.
#include "job/balance_worker.hpp"

namespace sink {
namespace {

constexpr std::array<const char*, balance_gaps> gap_words = {"its type has no growth curve", "its age is not known",
                                                             "it has no stock to start from", "it is beyond its curve",
                                                             "two disturbances share it"};

}  // namespace

std::vector<SideFact> BalanceWorker::explain(std::size_t pixel) const {
  std::vector<SideFact> facts;
  for (std::size_t index = 0; index < columns_.size() && rules_.gain_loss; ++index) {
    const std::size_t period = index / layout_.methods();
    SideFact fact;
    fact.year_from = setup_.dates[period].year;
    fact.year_to = setup_.dates[period + 1].year;
    fact.method = setup_.methods[index % layout_.methods()].name;
    explain_gain_loss(index, pixel, std::move(fact), facts);
  }
  return facts;
}

void BalanceWorker::explain_gain_loss(std::size_t index, std::size_t pixel, SideFact fact,
                                      std::vector<SideFact>& facts) const {
  const Columns& columns = columns_[index];
  const Status status = columns.status[pixel];
  if (status != followed) {
    fact.name = "gain-loss";
    fact.text = "none";
    fact.because = status == no_rate ? "no rate: not forest at either date, or a stock not known at both"
                                     : gap_words[static_cast<std::size_t>(status - first_gap)];
    facts.push_back(std::move(fact));
    return;
  }
  const auto add = [&](const char* name, double tc_ha, const char* because) {
    SideFact next = fact;
    next.name = name;
    next.value = tc_ha;
    next.unit = "t C/ha";
    next.because = because;
    facts.push_back(std::move(next));
  };
  const std::size_t period = index / layout_.methods();
  const PartView::Date& first = part_->dates[period];
  if (first.forest[pixel] != 0 && !rules_.unstocked[first.type[pixel]]) {
    const StockColumns& stock = part_->stocks[index];
    const ClassIndex type = first.type[pixel];
    const double biomass = stock.agb[pixel] + stock.bgb[pixel];
    const Growth stand = rules_.curves->start(type, first.age[pixel], biomass, stock.carbon[pixel]);
    const double years = setup_.years(period);
    const auto add_curve = [&](const char* name, double value, const char* unit, const char* because) {
      SideFact next = fact;
      next.name = name;
      next.value = value;
      next.unit = unit;
      next.because = because;
      facts.push_back(std::move(next));
    };
    add_curve("curve: age", stand.age_yr, "yr", "observed, or that at which the curve has the biomass");
    add_curve("curve: at that age", rules_.curves->biomass_t_ha(type, stand.age_yr), "t d.m./ha",
              "rows growth_w, k, a, c");
    add_curve("curve: at the end", rules_.curves->biomass_t_ha(type, stand.age_yr + years), "t d.m./ha", "undisturbed");
    add_curve("curve: scale", stand.scale, "t C per t d.m.", "carbon at the first date / curve at that age");
  }
  const auto detail =
      std::find_if(columns.details.begin(), columns.details.end(), [&](const Detail& d) { return d.pixel == pixel; });
  if (detail == columns.details.end()) {
    add("gain: growth", columns.grown_above[pixel] + columns.grown_below[pixel], "the curve, laid through the stock");
    return;
  }
  const PeriodBalance& b = detail->balance;
  add("gain: growth", b.growth_tc_ha, "the curve, to the year before the change");
  add("loss: disturbance", b.disturbed_tc_ha, "shares of the disturbance");
  add("loss: conversion", b.converted_tc_ha, "equation 2.16, in the year of the conversion");
  add("gain: regrowth", b.regrowth_tc_ha, "a new stand, or what was left of the old one");
  add("gain: cover", b.cover_tc_ha, "plants of the new land use");
  for (std::size_t pool = 0; pool < balance_pools; ++pool) {
    const std::string name = "change of " + std::string(pool_names[pool]);
    add(name.c_str(), b.pools[pool].closing - b.pools[pool].opening, "opening to closing");
  }
}

}  // namespace sink
