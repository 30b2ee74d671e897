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
  const std::vector<Detail> none;
  const std::vector<Detail>& earlier = period > 0 ? columns_[index - layout_.methods()].details : none;
  auto next = earlier.begin();
  for (std::size_t p = 0; p < pixels; ++p) {
    Place at{p, period, method};
    if (next != earlier.end() && next->pixel == p) at.before = &*next++;
    if (flow[p] <= Flow::loss) {
      columns.rate_change[p] = carbon_2[p] - carbon_1[p];
      if (rules_.gain_loss) columns.status[p] = follow(at, columns);
    }
    if (columns.status[p] == followed) {
      columns.change[p] = columns.rate_change[p];
    } else if (at.before != nullptr) {
      carry(at, columns);
    }
  }
}

/// Whether anything but growth befell a pixel that has a rate.
bool BalanceWorker::changed(const Place& at, const Land& first, const Land& second) const {
  const PartView::Period& period = part_->periods[at.period];
  const bool event = period.event != nullptr && period.event[at.pixel] != no_event;
  const bool unstocked = (first.forest && !first.stocked) || (second.forest && !second.stocked);
  return event || first.forest != second.forest || period.harvest[at.pixel] != 0 || unstocked;
}

BalanceWorker::Status BalanceWorker::follow(const Place& at, Columns& columns) {
  const StockColumns& stock = part_->stocks[at.period * layout_.methods() + at.method];
  const std::size_t p = at.pixel;
  const Land first = land(at.period, p), second = land(at.period + 1, p);
  const auto gap = [](GrowthGap why) { return static_cast<Status>(first_gap + static_cast<int>(why) - 1); };
  Growth stand;
  // Felled land that waits for its trees, and land that is no forest, has no stand.
  if (first.stocked) {
    const double age_yr = part_->dates[at.period].age[p];
    stand = rules_.curves->start(first.type, age_yr, stock.agb[p] + stock.bgb[p], stock.carbon[p]);
    if (stand.gap != GrowthGap::none) return gap(stand.gap);
    const double last = stand.age_yr + setup_.years(at.period);
    if (std::isnan(rules_.curves->biomass_t_ha(first.type, last))) return gap(GrowthGap::beyond_curve);
  }
  // A type that gave way to one without a curve, bamboo say, did not grow on as what it was.
  const bool other_type = first.stocked && second.stocked && second.type != first.type;
  if (other_type && std::isnan(rules_.curves->last_age_yr(second.type))) return gap(GrowthGap::no_curve);
  if (at.before != nullptr || changed(at, first, second)) {
    Detail detail;
    detail.pixel = p;
    const Status status = follow_change(at, stand, detail);
    if (status == followed) columns.details.push_back(std::move(detail));
    return status;
  }
  const PoolStock pools = opening(at, first).opening;
  const double grown = stand.scale * (rules_.curves->biomass_t_ha(first.type, stand.age_yr + setup_.years(at.period)) -
                                      rules_.curves->biomass_t_ha(first.type, stand.age_yr));
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

}  // namespace sink
