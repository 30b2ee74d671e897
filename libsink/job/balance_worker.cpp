// SPDX-License-Identifier: Apache-2.0
#include "job/balance_worker.hpp"

#include <algorithm>
#include <cmath>

namespace sink {
namespace {

/// Shares above ground of a stock; all of it where nothing stands.
double share_above(double above, double below) {
  return above + below > 0 ? above / (above + below) : 1;
}

double or_zero(double value) {
  return value >= 0 ? value : 0;
}

}  // namespace

void BalanceWorker::compute(const PartView& part) {
  part_ = &part;
  columns_.resize(layout_.periods() * layout_.methods());
  provincial_.resize(layout_.periods());
  for (std::size_t period = 0; period < layout_.periods(); ++period) {
    if (rules_.provincial) compute_provincial(period);
    for (std::size_t method = 0; method < layout_.methods(); ++method) compute_gain_loss(period, method);
  }
}

void BalanceWorker::compute_provincial(std::size_t period) {
  const PartView::Date &first = part_->dates[period], &second = part_->dates[period + 1];
  Provincial& columns = provincial_[period];
  columns.growth.resize(part_->pixels);
  columns.cover.resize(part_->pixels);
  columns.has.resize(part_->pixels);
  columns.unmodelled.resize(part_->pixels);
  const double years = setup_.years(period);
  for (std::size_t p = 0; p < part_->pixels; ++p) {
    const ClassIndex type_1 = first.type[p], type_2 = second.type[p];
    columns.growth[p] = (*rules_.provincial_growth)(type_1, first.volume[p]);
    const double density_1 = rules_.provincial_density_tc_ha[type_1],
                 density_2 = rules_.provincial_density_tc_ha[type_2];
    const bool covered = type_1 != no_class && type_2 != no_class && !(std::isnan(density_1) && std::isnan(density_2));
    columns.cover[p] = covered ? (or_zero(density_2) - or_zero(density_1)) / years : no_value;
    columns.has[p] = covered || !std::isnan(columns.growth[p]);
    columns.unmodelled[p] =
        first.forest[p] != 0 && columns.has[p] == 0 && !std::isnan(rules_.provincial_growth->rate_tc_m3_yr[type_1]);
  }
}

void BalanceWorker::compute_gain_loss(std::size_t period, std::size_t method) {
  const std::size_t index = period * layout_.methods() + method, pixels = part_->pixels;
  Columns& columns = columns_[index];
  columns.status.assign(pixels, no_rate);
  columns.rate_change.assign(pixels, no_value);
  columns.change.assign(pixels, no_value);
  for (auto& opening : columns.opening) opening.assign(pixels, no_value);
  columns.grown_above.assign(pixels, no_value);
  columns.grown_below.assign(pixels, no_value);
  columns.details.clear();
  const Flow* flow = part_->flows[index];
  const double* carbon_1 = part_->stocks[index].carbon;
  const double* carbon_2 = part_->stocks[index + layout_.methods()].carbon;
  for (std::size_t p = 0; p < pixels; ++p) {
    if (flow[p] > Flow::loss) continue;
    columns.rate_change[p] = carbon_2[p] - carbon_1[p];
    columns.status[p] = rules_.gain_loss ? follow({p, period, method}, columns) : no_rate;
    if (columns.status[p] == followed) columns.change[p] = columns.rate_change[p];
  }
}

PoolStock BalanceWorker::opening(const Place& at) const {
  const StockColumns& stock = part_->stocks[at.period * layout_.methods() + at.method];
  const PartView::Date& date = part_->dates[at.period];
  PoolStock pools{stock.above[at.pixel], stock.below[at.pixel], 0, 0, 0};
  const ClassIndex type = date.type[at.pixel];
  if (date.forest[at.pixel] != 0) {
    const DeadMatter dead = rules_.dead_matter(type, stock.agb[at.pixel]);
    pools.dead_wood_tc_ha = dead.dead_wood_tc_ha;
    pools.litter_tc_ha = dead.litter_tc_ha;
  }
  pools.soil_tc_ha = or_zero(rules_.soil_tc_ha[type]);
  return pools;
}

/// Whether anything but growth befell a pixel that has a rate.
bool BalanceWorker::changed(const Place& at) const {
  const PartView::Period& period = part_->periods[at.period];
  const PartView::Date &first = part_->dates[at.period], &second = part_->dates[at.period + 1];
  const std::size_t p = at.pixel;
  const bool event = period.event != nullptr && period.event[p] != no_event;
  const bool use = first.forest[p] != second.forest[p];
  return event || use || period.harvest[p] != 0 || rules_.unstocked[first.type[p]] || rules_.unstocked[second.type[p]];
}

BalanceWorker::Status BalanceWorker::follow(const Place& at, Columns& columns) {
  const PartView::Date& first = part_->dates[at.period];
  const StockColumns& stock = part_->stocks[at.period * layout_.methods() + at.method];
  const std::size_t p = at.pixel;
  const auto gap = [](GrowthGap why) { return static_cast<Status>(first_gap + static_cast<int>(why) - 1); };
  Growth stand;
  // Felled land that waits for its trees, and land that is no forest, has no stand.
  const bool has_stand = first.forest[p] != 0 && !rules_.unstocked[first.type[p]];
  if (has_stand) {
    stand = rules_.curves->start(first.type[p], first.age[p], stock.agb[p] + stock.bgb[p], stock.carbon[p]);
    if (stand.gap != GrowthGap::none) return gap(stand.gap);
    const double last = stand.age_yr + setup_.years(at.period);
    if (std::isnan(rules_.curves->biomass_t_ha(first.type[p], last))) return gap(GrowthGap::beyond_curve);
  }
  // A type that gave way to one without a curve, bamboo say, did not grow on as what it was.
  const ClassIndex type_2 = part_->dates[at.period + 1].type[p];
  const bool other_type = has_stand && part_->dates[at.period + 1].forest[p] != 0 && type_2 != first.type[p];
  if (other_type && !rules_.unstocked[type_2] && std::isnan(rules_.curves->last_age_yr(type_2))) {
    return gap(GrowthGap::no_curve);
  }
  if (changed(at)) {
    Detail detail;
    detail.pixel = p;
    const Status status = follow_change(at, stand, detail);
    if (status == followed) columns.details.push_back(detail);
    return status;
  }
  const PoolStock pools = opening(at);
  const double grown =
      stand.scale * (rules_.curves->biomass_t_ha(first.type[p], stand.age_yr + setup_.years(at.period)) -
                     rules_.curves->biomass_t_ha(first.type[p], stand.age_yr));
  const double above = share_above(pools.above_tc_ha, pools.below_tc_ha);
  columns.grown_above[p] = grown * above;
  columns.grown_below[p] = grown * (1 - above);
  columns.opening[0][p] = pools.above_tc_ha;
  columns.opening[1][p] = pools.below_tc_ha;
  columns.opening[2][p] = pools.dead_wood_tc_ha;
  columns.opening[3][p] = pools.litter_tc_ha;
  columns.opening[4][p] = pools.soil_tc_ha;
  return followed;
}

/// The year of a change, from 1: of the event; else the age of the new stand tells; else the middle of the period.
int BalanceWorker::change_year(const Place& at, bool planted) const {
  const PartView::Period& period = part_->periods[at.period];
  const int years = static_cast<int>(setup_.years(at.period));
  // An event on land that was no forest says nothing of the trees planted there.
  const bool was_forest = part_->dates[at.period].forest[at.pixel] != 0;
  if (was_forest && period.event != nullptr && period.event[at.pixel] != no_event) {
    return period.event_year[at.pixel] - setup_.dates[at.period].year;
  }
  const double age = part_->dates[at.period + 1].age[at.pixel];
  if (planted && age >= 0 && age < years) return std::max(1, years - static_cast<int>(age));
  return (years + 1) / 2;
}

}  // namespace sink
