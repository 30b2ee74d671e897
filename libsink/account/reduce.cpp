// SPDX-License-Identifier: Apache-2.0
#include "account/reduce.hpp"

#include <cstring>

#include "core/wide.hpp"

namespace sink {
namespace {

bool at(Flags flags, std::size_t pixel) {
  return flags != nullptr && flags[pixel] != 0;
}

SINK_WIDE void mark_changes(const std::uint8_t* __restrict flags, std::size_t n, std::uint8_t* __restrict begins) {
  for (std::size_t p = 1; p < n; ++p) {  // vectorises
    begins[p] = static_cast<std::uint8_t>(begins[p] | (flags[p] ^ flags[p - 1]));
  }
}

}  // namespace

Reduction::Reduction(const AccountLayout& layout, bool land_use)
    : dates(layout.shape().dates),
      stocks(layout.shape().dates * layout.shape().methods),
      harvest(layout.shape().periods()),
      layout_(&layout),
      land_use_(land_use),
      run_dates_(dates.size()),
      run_stocks_(stocks.size()) {}

void Reduction::find_runs(std::size_t pixels) {
  begins_.assign(pixels, 0);
  const auto mark = [&](Flags flags) {
    if (flags != nullptr) mark_changes(flags, pixels, begins_.data());
  };
  for (const auto& date : dates) {
    mark(date.known);
    mark(date.forest);
    mark(date.has_volume);
  }
  for (const auto& stock : stocks) mark(stock.has_stock);
  for (const Flags flags : harvest) mark(flags);
}

void Reduction::add(std::size_t from, std::size_t n, std::span<FixedSum> sums) {
  const std::size_t end = from + n;
  while (from < end) {
    const void* next = std::memchr(begins_.data() + from + 1, 1, end - from - 1);
    const std::size_t to =
        next == nullptr ? end : static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - begins_.data());
    add_run(from, to - from, sums);
    from = to;
  }
}

void Reduction::add_brief(std::size_t from, std::size_t n, std::span<FixedSum> sums) const {
  sums[layout_->area()].add(area_ha + from, n);
  if (blank) return;
  const std::size_t methods = layout_->shape().methods;
  for (std::size_t i = 0; i < stocks.size(); ++i) {
    sums[layout_->stock(i / methods, i % methods, AccountLayout::carbon)].add_products(stocks[i].carbon + from,
                                                                                       area_ha + from, n);
  }
}

void Reduction::add_run(std::size_t from, std::size_t n, std::span<FixedSum> sums) {
  FixedSum area;
  area.add(area_ha + from, n);
  sums[layout_->area()] += area;
  const std::size_t methods = layout_->shape().methods;
  for (std::size_t d = 0; d < dates.size(); ++d) {
    add_date(d, from, n, area, sums);
    for (std::size_t m = 0; m < methods; ++m) add_stock(d, m, from, n, area, sums);
  }
  for (std::size_t p = 0; p < harvest.size(); ++p) {
    add_period(p, from, area, sums);
    for (std::size_t m = 0; m < methods; ++m) add_flow(p, m, area, sums);
  }
}

void Reduction::add_date(std::size_t date, std::size_t from, std::size_t n, const FixedSum& area,
                         std::span<FixedSum> sums) {
  const DateColumns& columns = dates[date];
  RunDate& run = run_dates_[date];
  run = {at(columns.known, from), at(columns.forest, from), at(columns.has_volume, from), {}};
  if (run.has_volume) run.volume_m3.add_products(columns.volume + from, area_ha + from, n);
  if (run.forest) sums[layout_->date(date, AccountLayout::forest_area)] += area;
  if (run.forest || !land_use_) sums[layout_->date(date, AccountLayout::volume)] += run.volume_m3;
}

void Reduction::add_stock(std::size_t date, std::size_t method, std::size_t from, std::size_t n, const FixedSum& area,
                          std::span<FixedSum> sums) {
  const StockColumns& columns = stocks[date * layout_->shape().methods + method];
  RunStock& run = run_stocks_[date * layout_->shape().methods + method];
  const bool known = at(columns.has_stock, from);
  run = {known, land_use_ ? run_dates_[date].forest : known, {}, {}, {}};
  const auto sum_of = [&](const double* density) {
    FixedSum sum;
    if (density != nullptr) sum.add_products(density + from, area_ha + from, n);
    return sum;
  };
  const auto add_to = [&](AccountLayout::StockSum sum, const FixedSum& value) {
    sums[layout_->stock(date, method, sum)] += value;
  };
  if (run.known) {
    run.carbon_t = sum_of(columns.carbon);
    run.above_t = sum_of(columns.above);
    add_to(AccountLayout::carbon, run.carbon_t);
    add_to(AccountLayout::carbon_above, run.above_t);
    add_to(AccountLayout::carbon_below, sum_of(columns.below));
    add_to(AccountLayout::agb, sum_of(columns.agb));
    add_to(AccountLayout::bgb, sum_of(columns.bgb));
  } else if (land_use_ && run.forest) {
    add_to(AccountLayout::unmodelled_area, area);
  }
  run.dead_t = sum_of(columns.dead);
  add_to(AccountLayout::dead, run.dead_t);
  if (columns.soil != nullptr) add_to(AccountLayout::soil, sum_of(columns.soil));
}

void Reduction::add_period(std::size_t period, std::size_t from, const FixedSum& area, std::span<FixedSum> sums) const {
  const RunDate &first = run_dates_[period], &second = run_dates_[period + 1];
  const auto sum = [&](AccountLayout::PeriodSum which) -> FixedSum& { return sums[layout_->period(period, which)]; };
  if (first.has_volume && second.has_volume) {
    sum(AccountLayout::volume_change) += second.volume_m3;
    sum(AccountLayout::volume_change) -= first.volume_m3;
  }
  if (first.known && second.known && first.forest != second.forest) {
    sum(second.forest ? AccountLayout::forest_gained_area : AccountLayout::forest_lost_area) += area;
  }
  if (at(harvest[period], from)) sum(AccountLayout::harvest_area) += area;
}

void Reduction::add_flow(std::size_t period, std::size_t method, const FixedSum& area, std::span<FixedSum> sums) const {
  const std::size_t methods = layout_->shape().methods;
  const RunStock &first = run_stocks_[period * methods + method],
                 &second = run_stocks_[(period + 1) * methods + method];
  const Flow flow = flow_of({first.known, first.forest}, {second.known, second.forest});
  const auto sum = [&](AccountLayout::FlowSum which) -> FixedSum& {
    return sums[layout_->flow(period, method, flow, which)];
  };
  const auto add_change = [&](AccountLayout::FlowSum which, const FixedSum& before, const FixedSum& after) {
    sum(which) += after;
    sum(which) -= before;
  };
  sum(AccountLayout::flow_area) += area;
  add_change(AccountLayout::flow_carbon, first.carbon_t, second.carbon_t);
  add_change(AccountLayout::flow_above, first.above_t, second.above_t);
  add_change(AccountLayout::flow_dead, first.dead_t, second.dead_t);
  const bool rate = first.known && second.known;
  if (land_use_ && !rate && (first.forest || second.forest)) sums[layout_->no_rate_area(period, method)] += area;
}

}  // namespace sink
