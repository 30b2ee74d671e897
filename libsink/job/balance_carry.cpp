// SPDX-License-Identifier: Apache-2.0
// BalanceWorker: what a pixel opens a period with, and land that keeps what an earlier change left under way there.
#include <algorithm>
#include <cmath>

#include "job/balance_worker.hpp"

namespace sink {

BalanceWorker::Land BalanceWorker::land(std::size_t date, std::size_t pixel) const {
  while (date > 0 && part_->dates[date].known[pixel] == 0) --date;
  const PartView::Date& d = part_->dates[date];
  Land land;
  land.type = d.type[pixel];
  land.forest = d.forest[pixel] != 0;
  land.stocked = land.forest && !rules_.unstocked[land.type];
  land.soil_tc_ha = rules_.pools.soil ? rules_.soil_tc_ha[land.type] : 0;
  if (land.forest) return land;
  if (const auto stood = clearings_.waits_since(*part_, date, pixel)) {
    land.forest = true;
    land.type = part_->dates[*stood].type[pixel];
    land.soil_tc_ha = rules_.pools.soil ? rules_.soil_tc_ha[land.type] : 0;
  }
  return land;
}

PeriodFacts BalanceWorker::opening(const Place& at, const Land& land) const {
  const std::size_t p = at.pixel, index = at.period * layout_.methods() + at.method;
  const StockColumns& stock = part_->stocks[index];
  PeriodFacts facts;
  facts.products_left = rules_.products_left;
  facts.dead_wood_left = rules_.dead_wood_left;
  facts.litter_left = rules_.litter_left;
  // Living biomass is what the map of the date shows, whatever growth made of that before.
  facts.opening.above_tc_ha = stock.above[p];
  facts.opening.below_tc_ha = stock.below[p];
  const auto open = [&](double dead_wood, double litter, double soil) {
    facts.opening.dead_wood_tc_ha = dead_wood;
    facts.opening.litter_tc_ha = litter;
    facts.opening.soil_tc_ha = soil;
  };
  if (at.before != nullptr) {
    const auto closed = [&](Pool pool) { return at.before->balance.pools[static_cast<std::size_t>(pool)].closing; };
    open(closed(Pool::dead_wood), closed(Pool::litter), closed(Pool::soil));
    facts.products_tc_ha = closed(Pool::products);
    return facts;
  }
  if (at.period > 0 && columns_[index - layout_.methods()].status[p] == followed) {
    const auto& closed = columns_[index - layout_.methods()].opening;  // nothing but living biomass changed
    open(closed[2][p], closed[3][p], closed[4][p]);
    return facts;
  }
  const DeadMatter dead = land.forest ? rules_.dead_matter(land.type, stock.agb[p]) : DeadMatter{};
  open(dead.dead_wood_tc_ha, dead.litter_tc_ha, land.soil_tc_ha >= 0 ? land.soil_tc_ha : 0);
  return facts;
}

/// The use of the land changes to that of `second`.
void BalanceWorker::convert(const Place& at, const Land& second, PeriodFacts& facts, Detail& detail) const {
  facts.soil_after_tc_ha = detail.way.soil_known ? second.soil_tc_ha : no_value;
  detail.soil_unknown = std::isnan(facts.soil_after_tc_ha);
  if (!second.forest) return;
  const StockColumns& stock = part_->stocks[(at.period + 1) * layout_.methods() + at.method];
  const DeadMatter dead = rules_.dead_matter(second.type, stock.agb[at.pixel]);
  facts.dead_target = {0, 0, dead.dead_wood_tc_ha, dead.litter_tc_ha, 0};
}

void BalanceWorker::carry(const Place& at, Columns& columns) const {
  const Land first = land(at.period, at.pixel), second = land(at.period + 1, at.pixel);
  Detail detail;
  detail.pixel = at.pixel;
  detail.carried = true;
  detail.way = at.before->way;
  PeriodFacts facts = opening(at, first);
  facts.opening.above_tc_ha = facts.opening.below_tc_ha = 0;
  PeriodEvents events;
  events.years = static_cast<int>(setup_.years(at.period));
  events.change_year = change_year(at, first.forest, false);
  const PartView::Period& period = part_->periods[at.period];
  if (first.forest && period.event != nullptr && period.event[at.pixel] < overlapping_events) {
    events.disturbance = &rules_.events[period.event[at.pixel]];
  }
  const bool other_soil = first.soil_tc_ha != second.soil_tc_ha && (first.soil_tc_ha >= 0 || second.soil_tc_ha >= 0);
  if (first.forest != second.forest || other_soil) {
    events.conversion = first.forest && !second.forest ? &rules_.conversion : &rules_.cover_cleared;
    convert(at, second, facts, detail);
  }
  detail.balance = period_balance(facts, events, detail.way);
  detail.events = events;
  detail.soil_after_tc_ha = facts.soil_after_tc_ha;
  columns.details.push_back(std::move(detail));
}

/// The year of a change, from 1: of the event; else the age of the new stand tells; else the middle of the period.
int BalanceWorker::change_year(const Place& at, bool was_forest, bool planted) const {
  const PartView::Period& period = part_->periods[at.period];
  const int years = static_cast<int>(setup_.years(at.period));
  // An event on land that was no forest says nothing of the trees planted there.
  if (was_forest && period.event != nullptr && period.event[at.pixel] < overlapping_events) {
    return period.event_year[at.pixel] - setup_.dates[at.period].year;
  }
  const double age = part_->dates[at.period + 1].age[at.pixel];
  if (planted && age >= 0 && age < years) return std::max(1, years - static_cast<int>(age));
  return (years + 1) / 2;
}

}  // namespace sink
