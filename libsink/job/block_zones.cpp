// SPDX-License-Identifier: Apache-2.0
// BlockWorker: sums by zone, and the order of the whole computation of a window.
#include "job/block_worker.hpp"
#include "job/change_count.hpp"

namespace sink {

bool BlockWorker::read_window(const Window& window, Census& census) {
  pixels_ = static_cast<std::size_t>(window.pixels());
  census = {};
  area_ha_.resize(pixels_);
  for (std::int64_t row = 0; row < window.rows; ++row) {
    setup_.areas->row_ha(window.row + row, window.column,
                         std::span(area_ha_).subspan(static_cast<std::size_t>(row * window.columns),
                                                     static_cast<std::size_t>(window.columns)));
  }
  bool usable = true;
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    usable = read_date(d, window, census) && usable;
    if (usable) find_land_use(d, census);
  }
  return usable;
}

void BlockWorker::take_census(const Window& window, Census& census) {
  if (!read_window(window, census)) return;
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_stock(d, m, census);
  }
}

void BlockWorker::compute(const Window& window, BlockResult& result) {
  result.usable = read_window(window, result.census);
  if (!result.usable) return;
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_stock(d, m, result.census);
  }
  for (std::size_t p = 0; p < periods_.size(); ++p) {
    compute_period(p, result.census);
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_flows(p, m, result.census);
  }
  fill_outputs(result);
  fill_reduction();
  reduce(window, result);
  find_patches(window, result);
}

void BlockWorker::fill_reduction() {
  const AccountLayout& layout = *setup_.layout;
  reduction_ = {&layout, area_ha_.data(), {}, {}};
  brief_ = reduction_;
  const auto add = [&](const double* column, std::size_t sum) {
    if (column != nullptr) reduction_.densities.push_back({column, sum});
  };
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    if (setup_.classes) add(dates_[d].forest_one.data(), layout.date(d, AccountLayout::forest_area));
    if (dates_[d].has_volume) add(dates_[d].forest_volume.data(), layout.date(d, AccountLayout::volume));
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      const StockState& s = stock(d, m);
      if (setup_.classes) add(s.unmodelled_one.data(), layout.stock(d, m, AccountLayout::unmodelled_area));
      add(s.agb, layout.stock(d, m, AccountLayout::agb));
      add(s.bgb, layout.stock(d, m, AccountLayout::bgb));
      add(s.above, layout.stock(d, m, AccountLayout::carbon_above));
      add(s.below, layout.stock(d, m, AccountLayout::carbon_below));
      add(s.carbon.data(), layout.stock(d, m, AccountLayout::carbon));
      add(s.dead, layout.stock(d, m, AccountLayout::dead));
      add(s.soil, layout.stock(d, m, AccountLayout::soil));
      brief_.densities.push_back({s.carbon.data(), layout.stock(d, m, AccountLayout::carbon)});
    }
  }
  for (std::size_t p = 0; p < periods_.size(); ++p) {
    const PeriodState& state = periods_[p];
    add(state.volume_change.data(), layout.period(p, AccountLayout::volume_change));
    if (setup_.classes) {
      add(state.gained_one.data(), layout.period(p, AccountLayout::forest_gained_area));
      add(state.lost_one.data(), layout.period(p, AccountLayout::forest_lost_area));
      add(state.harvest_one.data(), layout.period(p, AccountLayout::harvest_area));
    }
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      const FlowState& f = flows(p, m);
      const AccountFeatures& has = setup_.methods[m].features;
      if (setup_.classes) add(f.no_rate_one.data(), layout.no_rate_area(p, m));
      reduction_.flows.push_back({f.flow.data(), f.carbon_change.data(), has.split ? f.above_change.data() : nullptr,
                                  has.dead ? f.dead_change.data() : nullptr, p, m});
    }
  }
}

void BlockWorker::add_spans(const Window& window, const std::vector<Span>& spans, const Reduction& reduction,
                            ZoneSums& sums) const {
  for (const Span& span : spans) {
    const std::int64_t from = (span.row - window.row) * window.columns + span.begin - window.column;
    const auto n = static_cast<std::size_t>(span.end - span.begin);
    reduction.add(static_cast<std::size_t>(from), n, sums.at(span.zone));
    sums.pixels(span.zone) += span.end - span.begin;
  }
}

void BlockWorker::reduce(const Window& window, BlockResult& result) {
  const std::size_t sums = setup_.layout->size(), sets = setup_.zone_sets.size();
  result.whole = ZoneSums(sums);
  brief_.add(0, pixels_, result.whole.at(0));
  result.whole.pixels(0) += window.pixels();
  result.zones.assign(sets, ZoneSums(sums));
  result.inside.assign(sets, ZoneSums(sums));
  result.changes.assign(setup_.change ? sets : 0, ChangeCells());
  result.parcels.assign(setup_.parcel_groups.size() * sets, ZoneSums(sums));
  for (std::size_t set = 0; set < sets; ++set) {
    setup_.zone_sets[set].spans(zone_readers_[set], window, spans_);
    if (patch_finder_ && !setup_.zone_sets[set].whole_grid()) patch_finder_->take_spans(set, spans_);
    const bool overlap = cover(window, spans_, inside_, outside_);
    add_spans(window, spans_, reduction_, result.zones[set]);
    if (overlap) {
      result.census.overlapping_sets.insert(set);
      add_spans(window, inside_, reduction_, result.inside[set]);
    } else {
      result.inside[set].add_all_as(ZoneSet::once, result.zones[set]);
    }
    for (Span& span : outside_) span.zone = ZoneSet::outside;
    add_spans(window, outside_, brief_, result.inside[set]);
    reduce_parcels(window, set, result);
    if (setup_.change) reduce_changes(window, set, overlap, result);
  }
}

void BlockWorker::reduce_changes(const Window& window, std::size_t set, bool overlap, BlockResult& result) const {
  std::vector<ChangeColumns> intervals(periods_.size());
  for (std::size_t period = 0; period < periods_.size(); ++period) {
    // The carbon is that of the first method: transitions are compared with one account.
    const std::size_t methods = setup_.methods.size();
    intervals[period].from = dates_[period].change_class.data();
    intervals[period].to = dates_[period + 1].change_class.data();
    intervals[period].area_ha = area_ha_.data();
    intervals[period].carbon_before = stocks_[period * methods].carbon.data();
    intervals[period].carbon_after = stocks_[(period + 1) * methods].carbon.data();
  }
  count_zones(window, {spans_, inside_, overlap, setup_.zone_sets[set].whole_grid()}, intervals, result.changes[set]);
}

void BlockWorker::reduce_parcels(const Window& window, std::size_t set, BlockResult& result) {
  const std::size_t sets = setup_.zone_sets.size();
  for (std::size_t g = 0; g < setup_.parcel_groups.size(); ++g) {
    parcel_spans_.clear();
    setup_.parcel_groups[g].zones.spans(window, parcel_spans_);
    if (parcel_spans_.empty()) continue;
    ZoneSums& sums = result.parcels[g * sets + set];
    intersect(parcel_spans_, spans_, both_);
    add_spans(window, both_, reduction_, sums);
    intersect(parcel_spans_, inside_, both_);
    for (Span& span : both_) span.zone = ZoneSet::once_in_parcels;
    add_spans(window, both_, reduction_, sums);
  }
}

}  // namespace sink
