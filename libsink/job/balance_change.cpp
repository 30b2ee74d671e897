// SPDX-License-Identifier: Apache-2.0
// BalanceWorker: pixels that were disturbed, felled, converted or planted.
#include <algorithm>
#include <cmath>

#include "job/balance_worker.hpp"

namespace sink {

/// What befell a pixel, and what a loss of living biomass is booked as (`cause`).
PeriodEvents BalanceWorker::events_of(const Place& at, const Land& first, const Land& second, LossCause& cause) const {
  const PartView::Period& period = part_->periods[at.period];
  PeriodEvents events;
  events.years = static_cast<int>(setup_.years(at.period));
  const std::uint8_t event = period.event != nullptr ? period.event[at.pixel] : no_event;
  // Forest land without trees at the second date was felled, whatever else befell it.
  const bool felled = first.stocked && second.forest && !second.stocked;
  if (event < overlapping_events && first.forest) {
    events.disturbance = felled ? &rules_.events_then_felled[event] : &rules_.events[event];
    const LossCause named = rules_.event_causes[event];
    if (first.stocked || named == LossCause::fire) cause = named;  // no wood is harvested where none stands
  } else if (period.harvest[at.pixel] != 0 || felled) {
    events.disturbance = &rules_.harvest;
    cause = LossCause::harvest;
  } else if (first.forest && !first.stocked && second.stocked) {
    events.disturbance = &rules_.cover_cleared;  // what grew on the clearing gives way to the trees
  }
  if (first.forest != second.forest) events.conversion = first.forest ? &rules_.conversion : &rules_.cover_cleared;
  const bool replaced = events.disturbance != nullptr && events.disturbance->share(Pool::above, Pool::above) <= 0;
  events.new_stand = second.stocked && (replaced || !first.stocked);
  events.change_year = change_year(at, first.forest, events.new_stand);
  // Felled and never planted again: nothing grows after it.
  if (replaced && !events.new_stand) events.new_stand = true;
  return events;
}

BalanceWorker::Status BalanceWorker::follow_change(const Place& at, const Growth& stand, Detail& detail) {
  const std::size_t p = at.pixel, index = at.period * layout_.methods() + at.method;
  const Land first = land(at.period, p), second = land(at.period + 1, p);
  const StockColumns& stock_2 = part_->stocks[index + layout_.methods()];
  const auto gap = [](std::size_t why) { return static_cast<Status>(first_gap + why); };
  const std::uint8_t* event = part_->periods[at.period].event;
  if (event != nullptr && event[p] == overlapping_events && first.forest) return gap(balance_gaps - 1);
  const PeriodEvents events = events_of(at, first, second, detail.cause);

  PeriodFacts facts = opening(at, first);
  if (first.stocked) {
    stand_.resize(static_cast<std::size_t>(events.years) + 1);
    for (std::size_t t = 0; t < stand_.size(); ++t) {
      stand_[t] = stand.scale * rules_.curves->biomass_t_ha(first.type, stand.age_yr + static_cast<double>(t));
    }
    facts.stand = stand_;
  }
  if (events.new_stand && second.stocked) {
    // A new stand grows by the bare curve of its type: nothing was observed to anchor it to.
    const double fraction = rules_.carbon_fraction[second.type];
    if (std::isnan(fraction * rules_.curves->biomass_t_ha(second.type, static_cast<double>(events.years)))) {
      return gap(static_cast<std::size_t>(GrowthGap::no_curve) - 1);
    }
    next_.resize(static_cast<std::size_t>(events.years) + 1);
    for (std::size_t t = 0; t < next_.size(); ++t) {
      next_[t] = fraction * rules_.curves->biomass_t_ha(second.type, static_cast<double>(t));
    }
    facts.next = next_;
  }
  const double living_2 = stock_2.above[p] + stock_2.below[p];
  facts.cover_above = living_2 > 0 ? stock_2.above[p] / living_2 : 1;
  if (first.stocked ? !second.stocked : first.forest && !second.forest) {
    const double cover_share = std::min((events.years - events.change_year + 1) / rules_.cover_years, 1.0);
    facts.cover_tc_ha = living_2 * cover_share;
  }
  if (at.before != nullptr) {
    detail.way = at.before->way;
  } else {
    detail.way.soil_known = !std::isnan(first.soil_tc_ha);
  }
  if (events.conversion != nullptr) convert(at, second, facts, detail);
  // Where the use of the land changes, all of the loss is that of the conversion, whatever came before it.
  detail.converted = events.conversion != nullptr;
  detail.balance = period_balance(facts, events, detail.way);
  detail.events = events;
  detail.soil_after_tc_ha = facts.soil_after_tc_ha;
  if (detail.cause == LossCause::fire && rules_.fire) {
    const PoolStock& fuel = detail.balance.at_change;
    const StockColumns& stock = part_->stocks[index];
    const double stood_t_ha =
        fuel.above_tc_ha > 0 ? fuel.above_tc_ha * (stock.agb[p] + stock.bgb[p]) / stock.carbon[p] : 0;
    detail.fuel_t_ha = stood_t_ha + fuel.dead_wood_tc_ha / rules_.dead_wood_carbon_fraction +
                       fuel.litter_tc_ha / rules_.litter_carbon_fraction;
  }
  return followed;
}

void BalanceWorker::add(std::size_t from, std::size_t n, std::span<FixedSum> sums) {
  const double* area = part_->area_ha;
  for (std::size_t period = 0; period < layout_.periods(); ++period) {
    for (std::size_t method = 0; method < layout_.methods(); ++method) {
      add_columns(columns_[period * layout_.methods() + method], layout_.at(period, method, 0), from, n, sums);
    }
    if (!rules_.provincial) continue;
    const Provincial& provincial = provincial_[period];
    sums[layout_.provincial(period, BalanceLayout::provincial_growth)].add_products(&provincial.growth[from],
                                                                                    area + from, n);
    sums[layout_.provincial(period, BalanceLayout::provincial_cover)].add_products(&provincial.cover[from], area + from,
                                                                                   n);
    for (std::size_t p = from; p < from + n; ++p) {
      if (provincial.has[p] != 0) {
        sums[layout_.provincial(period, BalanceLayout::provincial_area)].add(area + p, 1);
      }
      if (provincial.unmodelled[p] != 0) {
        sums[layout_.provincial(period, BalanceLayout::provincial_unmodelled)].add(area + p, 1);
      }
    }
  }
}

void BalanceWorker::add_columns(const Columns& columns, std::size_t base, std::size_t from, std::size_t n,
                                std::span<FixedSum> sums) const {
  const double* area = part_->area_ha;
  const auto at = [&](std::size_t sum) -> FixedSum& { return sums[base + sum]; };
  const std::size_t last = from + n;
  for (std::size_t begin = from; begin < last;) {
    const Status status = columns.status[begin];
    const bool rate = !std::isnan(columns.rate_change[begin]);
    std::size_t end = begin + 1;
    while (end < last && columns.status[end] == status && !std::isnan(columns.rate_change[end]) == rate) ++end;
    if (rate) at(BalanceLayout::rate_area).add(area + begin, end - begin);
    if (status == followed) at(BalanceLayout::modelled_area).add(area + begin, end - begin);
    if (status >= first_gap) {
      at(BalanceLayout::gap_area + static_cast<std::size_t>(status - first_gap)).add(area + begin, end - begin);
    }
    begin = end;
  }
  const auto add_column = [&](std::size_t sum, const std::vector<double>& column) {
    at(sum).add_products(column.data() + from, area + from, n);
  };
  add_column(BalanceLayout::rate_change, columns.rate_change);
  if (!rules_.gain_loss) return;
  add_column(BalanceLayout::modelled_change, columns.change);
  add_column(BalanceLayout::growth, columns.grown_above);
  add_column(BalanceLayout::growth, columns.grown_below);
  for (std::size_t pool = 0; pool < land_pool_count; ++pool) {
    add_column(BalanceLayout::pool(pool, BalanceLayout::opening), columns.opening[pool]);
    add_column(BalanceLayout::pool(pool, BalanceLayout::closing), columns.opening[pool]);
  }
  const auto grow = [&](Pool pool, const std::vector<double>& column) {
    add_column(BalanceLayout::pool(static_cast<std::size_t>(pool), BalanceLayout::gained), column);
    add_column(BalanceLayout::pool(static_cast<std::size_t>(pool), BalanceLayout::closing), column);
  };
  grow(Pool::above, columns.grown_above);
  grow(Pool::below, columns.grown_below);
  const auto before = [](const Detail& detail, std::size_t pixel) { return detail.pixel < pixel; };
  auto detail = std::lower_bound(columns.details.begin(), columns.details.end(), from, before);
  for (; detail != columns.details.end() && detail->pixel < last; ++detail) add_detail(*detail, base, sums);
}

void BalanceWorker::add_detail(const Detail& detail, std::size_t base, std::span<FixedSum> sums) const {
  const double* area = part_->area_ha + detail.pixel;
  const auto add_one = [&](std::size_t sum, double density) { sums[base + sum].add_products(&density, area, 1); };
  const PeriodBalance& b = detail.balance;
  add_one(BalanceLayout::growth, b.growth_tc_ha);
  add_one(BalanceLayout::regrowth, b.regrowth_tc_ha);
  add_one(BalanceLayout::cover, b.cover_tc_ha);
  const std::size_t lost = detail.cause == LossCause::harvest ? BalanceLayout::lost_harvest
                           : detail.cause == LossCause::fire  ? BalanceLayout::lost_fire
                                                              : BalanceLayout::lost_other;
  add_one(detail.converted ? BalanceLayout::lost_conversion : lost, b.disturbed_tc_ha);
  add_one(BalanceLayout::lost_conversion, b.converted_tc_ha);
  add_one(BalanceLayout::fuel, detail.fuel_t_ha);
  if (detail.carried) sums[base + BalanceLayout::carried_area].add(area, 1);
  if (detail.soil_unknown) sums[base + BalanceLayout::soil_unknown_area].add(area, 1);
  for (std::size_t pool = 0; pool < balance_pools; ++pool) {
    const PoolFlows& flows = b.pools[pool];
    add_one(BalanceLayout::pool(pool, BalanceLayout::opening), flows.opening);
    add_one(BalanceLayout::pool(pool, BalanceLayout::gained), flows.gained);
    add_one(BalanceLayout::pool(pool, BalanceLayout::received), flows.received);
    add_one(BalanceLayout::pool(pool, BalanceLayout::given), flows.given);
    add_one(BalanceLayout::pool(pool, BalanceLayout::emitted), flows.emitted);
    add_one(BalanceLayout::pool(pool, BalanceLayout::closing), flows.closing);
  }
}

}  // namespace sink
