// SPDX-License-Identifier: Apache-2.0
// BalanceWorker: what gain-loss and the provincial method say of one pixel, number by number.
#include <algorithm>

#include "job/balance_worker.hpp"
#include "method/derivation.hpp"

namespace sink {
namespace {

constexpr std::array<const char*, balance_gaps> gap_words = {"its type has no growth curve", "its age is not known",
                                                             "it has no stock to start from", "it is beyond its curve",
                                                             "two disturbances share it"};

}  // namespace

/// Facts of one period and method.
class FactList {
 public:
  FactList(SideFact common, std::vector<SideFact>& facts) : common_(std::move(common)), facts_(facts) {}
  void add(const std::string& name, double value, const std::string& unit, const std::string& because) {
    add(name, "", because);
    facts_.back().value = value;
    facts_.back().unit = unit;
  }
  void add(const std::string& name, const std::string& text, const std::string& because) {
    SideFact fact = common_;
    fact.name = name;
    fact.text = text;
    fact.because = because;
    facts_.push_back(std::move(fact));
  }

 private:
  SideFact common_;
  std::vector<SideFact>& facts_;
};

std::vector<SideFact> BalanceWorker::explain(std::size_t pixel) const {
  std::vector<SideFact> facts;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    const std::size_t period = index / layout_.methods(), method = index % layout_.methods();
    SideFact common;
    common.year_from = setup_.dates[period].year;
    common.year_to = setup_.dates[period + 1].year;
    common.method = setup_.methods[method].name;
    FactList list(common, facts);
    if (rules_.gain_loss) explain_gain_loss(index, pixel, list);
    common.method = "provincial";
    FactList provincial(common, facts);
    if (rules_.provincial && method + 1 == layout_.methods()) explain_provincial(period, pixel, provincial);
  }
  return facts;
}

void BalanceWorker::explain_gain_loss(std::size_t index, std::size_t pixel, FactList& facts) const {
  const Columns& columns = columns_[index];
  const Status status = columns.status[pixel];
  const auto detail =
      std::find_if(columns.details.begin(), columns.details.end(), [&](const Detail& d) { return d.pixel == pixel; });
  if (status != followed) {
    facts.add("gain-loss", "none",
              status == no_rate ? "no rate: not forest at either date, or a stock not known at both"
                                : gap_words[static_cast<std::size_t>(status - first_gap)]);
    if (detail == columns.details.end()) return;
    facts.add("carried", "yes", "what an earlier change left beside living biomass goes on");
    return explain_change(*detail, facts);
  }
  explain_curve(index, pixel, facts);
  if (detail != columns.details.end()) return explain_change(*detail, facts);
  facts.add("gain: growth", columns.grown_above[pixel] + columns.grown_below[pixel], "t C/ha",
            "scale x (curve at the end - curve at the beginning)");
}

void BalanceWorker::explain_curve(std::size_t index, std::size_t pixel, FactList& facts) const {
  const std::size_t period = index / layout_.methods();
  const PartView::Date& first = part_->dates[period];
  const ClassIndex type = first.type[pixel];
  if (first.forest[pixel] == 0 || rules_.unstocked[type]) return;
  const StockColumns& stock = part_->stocks[index];
  const double biomass = stock.agb[pixel] + stock.bgb[pixel];
  const Growth stand = rules_.curves->start(type, first.age[pixel], biomass, stock.carbon[pixel]);
  const GrowthOptions& growth = *setup_.job.growth;
  const std::string own = setup_.classes->joined()[type].key;
  const auto like = growth.like.find(own);
  const std::string key = like == growth.like.end() ? own : like->second;
  explain_rows(facts, [&](const ParameterRow& row) {
    return row.parameter.starts_with("growth_") && (row.key == key || row.key == growth.set + "/" + key);
  });
  const double end_yr = stand.age_yr + setup_.years(period);
  facts.add("curve: age", stand.age_yr, "yr", "observed, or that at which the curve has the biomass");
  facts.add("curve: at that age", rules_.curves->biomass_t_ha(type, stand.age_yr), "t d.m./ha",
            "by these rows, or points");
  facts.add("curve: at the end", rules_.curves->biomass_t_ha(type, end_yr), "t d.m./ha", "undisturbed");
  facts.add("curve: scale", stand.scale, "t C per t d.m.", "carbon at the first date / curve at that age");
}

void BalanceWorker::explain_rows(FactList& facts, const std::function<bool(const ParameterRow&)>& wanted) const {
  for (const ParameterRow& row : setup_.parameters.used()) {
    if (wanted(row)) facts.add(row.key + "," + row.parameter, row.value, row.unit, row.status + "; " + row.source);
  }
}

void BalanceWorker::explain_change(const Detail& detail, FactList& facts) const {
  const PeriodEvents& events = detail.events;
  if (events.disturbance != nullptr || events.conversion != nullptr || events.new_stand) {
    explain_event(detail, facts);
  } else if (!detail.carried) {
    facts.add("gain: growth", detail.balance.growth_tc_ha, "t C/ha", "the curve, over the whole period");
  }
  const UnderWay& way = detail.way;
  if (way.step.soil_tc_ha != 0 && rules_.pools.soil) {
    const std::string edition = setup_.job.balance->edition + "/";
    explain_rows(facts, [&](const ParameterRow& row) { return row.key.starts_with(edition); });
    facts.add("soil: years of the transition", way.step_years, "yr", "of 20, at the end of the period");
  }
  const auto decays = [&](double Inflow::*part) {
    return std::any_of(way.inflows.begin(), way.inflows.end(), [&](const Inflow& inflow) { return inflow.*part > 0; });
  };
  const bool products = rules_.pools.products && decays(&Inflow::products_tc_ha);
  const bool dead_wood = rules_.pools.dead_wood && decays(&Inflow::dead_wood_tc_ha);
  const bool litter = rules_.pools.litter && decays(&Inflow::litter_tc_ha);
  explain_rows(facts, [&](const ParameterRow& row) {
    return (products && row.key.starts_with("PRODUCTS/")) || (dead_wood && row.key == "DEAD_MATTER/dead_wood") ||
           (litter && row.key == "DEAD_MATTER/litter");
  });
  for (std::size_t pool = 0; pool < balance_pools; ++pool) {
    const PoolFlows& f = detail.balance.pools[pool];
    facts.add("change of " + std::string(pool_names[pool]), f.closing - f.opening, "t C/ha",
              digits(f.opening) + " + " + digits(f.gained) + " gained + " + digits(f.received) + " received - " +
                  digits(f.given) + " given - " + digits(f.emitted) + " emitted, less the opening");
  }
}

void BalanceWorker::explain_event(const Detail& detail, FactList& facts) const {
  const PeriodBalance& b = detail.balance;
  facts.add("change: year", detail.events.change_year, "year of the period",
            "that of the event, else by the age of the new stand, else the middle");
  const auto add_shares = [&](const char* what, const DisturbanceMatrix* matrix) {
    for (std::size_t from = 0; matrix != nullptr && from < land_pool_count; ++from) {
      for (std::size_t to = 0; to < pool_count; ++to) {
        const double share = matrix->share(static_cast<Pool>(from), static_cast<Pool>(to));
        if (from == to || share <= 0) continue;
        facts.add(what + std::string(": ") + std::string(pool_names[from]) + " to " + std::string(pool_names[to]),
                  share, "1", "table of disturbances");
      }
    }
  };
  add_shares("disturbance", detail.events.disturbance);
  add_shares("conversion", detail.events.conversion);
  const auto tc_ha = [&](const std::string& name, double value, const char* because) {
    facts.add(name, value, "t C/ha", because);
  };
  tc_ha("living just before the change", b.at_change.above_tc_ha + b.at_change.below_tc_ha, "opening + growth");
  tc_ha("gain: growth", b.growth_tc_ha, "the curve, to the year before the change");
  tc_ha("loss: disturbance", b.disturbed_tc_ha, "by the shares");
  tc_ha("loss: conversion", b.converted_tc_ha, "equation 2.16, in the year of the conversion");
  tc_ha("gain: regrowth", b.regrowth_tc_ha, "a new stand, or what was left of the old one");
  tc_ha("gain: cover", b.cover_tc_ha, "plants of the new land use");
  if (detail.events.conversion != nullptr && !detail.soil_unknown) {
    tc_ha("soil of the new use, in equilibrium", detail.soil_after_tc_ha,
          "SOC_REF x F_LU; a twentieth of the way a year");
  }
  if (detail.fuel_t_ha > 0 && rules_.fire) {
    const FireGases gases = (*rules_.fire)(detail.fuel_t_ha);
    facts.add("fuel the fire reached", detail.fuel_t_ha, "t d.m./ha", "living above ground, dead wood, litter");
    facts.add("CH4 of the fire", gases.ch4_t, "t/ha", "fuel x C_f x G_ef / 1000 (equation 2.27)");
    facts.add("N2O of the fire", gases.n2o_t, "t/ha", "fuel x C_f x G_ef / 1000 (equation 2.27)");
  }
}

void BalanceWorker::explain_provincial(std::size_t period, std::size_t pixel, FactList& facts) const {
  const Provincial& columns = provincial_[period];
  if (columns.has[pixel] == 0) {
    facts.add("provincial", "none", "no volume, and no class that goes by area at either date");
    return;
  }
  const PartView::Date& first = part_->dates[period];
  if (!std::isnan(columns.growth[pixel])) {
    facts.add("volume x rate", columns.growth[pixel], "t C/ha/yr",
              "V x (GR - CR) x SVD x BEF_total x CF = " + digits(first.volume[pixel]) + " x " +
                  digits(rules_.provincial_growth->rate_tc_m3_yr[first.type[pixel]]));
  }
  if (!std::isnan(columns.cover[pixel])) {
    facts.add("change of area", columns.cover[pixel], "t C/ha/yr",
              "biomass_density x CF, second date less first, by years");
  }
}

}  // namespace sink
