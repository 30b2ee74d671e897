// SPDX-License-Identifier: Apache-2.0
// BlockWorker: the order of the whole computation of a window, and sums by zone.
#include <algorithm>

#include "job/block_worker.hpp"
#include "job/change_count.hpp"

namespace sink {

void BlockWorker::for_parts(const Window& window, const std::function<void(const Window&)>& use) {
  for (DateState& date : dates_) {
    for (RasterSource& source : date.sources) source.begin(window);
  }
  for (ZoneSet::Reader& reader : zone_readers_) {
    if (reader.raster) reader.raster->begin(window);
  }
  const std::int64_t rows = std::max<std::int64_t>(1, part_pixels / window.columns);
  for (std::int64_t row = 0; row < window.rows; row += rows) {
    use({window.column, window.row + row, window.columns, std::min(rows, window.rows - row)});
  }
}

void BlockWorker::take_census(const Window& window, Census& census) {
  census = {};
  for_parts(window, [&](const Window& part) {
    if (!read_part(part, census)) return;
    for (std::size_t d = 0; d < dates_.size(); ++d) {
      for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_stock(d, m);
    }
  });
  counts_.flush(census);
}

void BlockWorker::compute(const Window& window, BlockResult& result) {
  begin_window(window, result);
  for_parts(window, [&](const Window& part) {
    // What stops the run is counted in the whole window.
    result.usable = read_part(part, result.census) && result.usable;
    if (!result.usable) return;
    blank_ ? leave_blank() : compute_part();
    point_reduction();
    point_view(part);
    for (const auto& side : sides_) {
      if (!blank_) side->compute(view_);
    }
    fill_outputs(static_cast<std::size_t>((part.row - window.row) * window.columns), result);
    reduce(part, result);
    if (patch_finder_) find_patches(part);
  });
  end_window(result);
}

void BlockWorker::compute_part() {
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_stock(d, m);
  }
  for (std::size_t p = 0; p < harvest_.size(); ++p) {
    compute_period(p);
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) compute_flows(p, m);
  }
}

/// What `compute_part` would come to.
void BlockWorker::leave_blank() {
  for (StockState& state : stocks_) {
    state.carbon.assign(pixels_, no_value);
    state.has_stock.assign(pixels_, 0);
    state.agb = state.bgb = state.above = state.below = state.dead = state.soil = nullptr;
  }
  for (auto& harvest : harvest_) harvest.assign(pixels_, 0);
  for (auto& flow : flows_) flow.assign(pixels_, Flow::unknown);
}

void BlockWorker::begin_window(const Window& window, BlockResult& result) {
  const std::size_t sums = setup_.layout->size(), sets = setup_.zone_sets.size();
  const auto pixels = static_cast<std::size_t>(window.pixels());
  result.usable = true;
  result.census = {};
  result.rasters.resize(setup_.outputs.size());
  result.codes.resize(setup_.outputs.size());
  for (std::size_t i = 0; i < setup_.outputs.size(); ++i) {
    if (setup_.outputs[i].codes()) {
      result.codes[i].resize(pixels);
    } else {
      result.rasters[i].resize(pixels);
    }
  }
  result.statistics.assign(setup_.outputs.size(), {});
  result.codes_seen.resize(setup_.outputs.size());
  for (std::size_t i = 0; i < setup_.outputs.size(); ++i) {
    result.codes_seen[i].assign(setup_.code_places(setup_.outputs[i]), 0);
  }
  result.whole = ZoneSums(sums);
  result.zones.assign(sets, ZoneSums(sums));
  result.inside.assign(sets, ZoneSums(sums));
  result.parcels.assign(setup_.parcel_groups.size() * sets, ZoneSums(sums));
  result.changes.assign(setup_.change ? sets : 0, ChangeCells());
  result.sides.clear();
  for (const auto& side : setup_.sides) result.sides.emplace_back(sets, ZoneSums(side->sums()));
  sides_apart_ = result.sides;
  apart_.assign(sets, ZoneSums(sums));
  changes_apart_.assign(result.changes.size(), ChangeCells());
  if (patch_finder_) patch_finder_->begin(window);
}

void BlockWorker::end_window(BlockResult& result) {
  counts_.flush(result.census);
  // Where no two zones share a pixel, the total is the sum of the zones.
  for (std::size_t set = 0; set < apart_.size(); ++set) {
    result.zones[set] += apart_[set];
    result.inside[set].add_all_as(ZoneSet::once, apart_[set]);
  }
  for (std::size_t side = 0; side < sides_apart_.size(); ++side) {
    for (std::size_t set = 0; set < sides_apart_[side].size(); ++set) {
      result.sides[side][set] += sides_apart_[side][set];
      if (!setup_.zone_sets[set].whole_grid()) {
        result.sides[side][set].add_all_as(ZoneSet::once, sides_apart_[side][set]);
      }
    }
  }
  for (std::size_t set = 0; set < changes_apart_.size(); ++set) join_apart(changes_apart_[set], result.changes[set]);
  if (patch_finder_) patch_finder_->finish(result.patches);
}

void BlockWorker::point_reduction() {
  reduction_.area_ha = area_ha_.data();
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    DateState& date = dates_[d];
    const bool classes = setup_.classes.has_value();
    reduction_.dates[d] = {classes ? date.known.data() : nullptr, classes ? date.forest.data() : nullptr,
                           date.volume_given ? date.has_volume.data() : nullptr,
                           date.inputs.column(layer::volume).data()};
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      const StockState& s = stock(d, m);
      reduction_.stocks[d * setup_.methods.size() + m] = {s.has_stock.data(), s.agb,  s.bgb, s.above, s.below,
                                                          s.carbon.data(),    s.dead, s.soil};
    }
  }
  for (std::size_t p = 0; p < harvest_.size(); ++p) reduction_.harvest[p] = harvest_[p].data();
  reduction_.find_runs(pixels_);
}

void BlockWorker::point_view(const Window& part) {
  view_.window = part;
  view_.pixels = pixels_;
  view_.area_ha = area_ha_.data();
  view_.dates.clear();
  view_.periods.clear();
  view_.flows.clear();
  for (DateState& date : dates_) {
    view_.dates.push_back({date.inputs.column(layer::forest_type).data(),
                           date.known.data(),
                           date.forest.data(),
                           date.inputs.column(layer::volume).data(),
                           date.inputs.column(layer::age).data(),
                           date.inputs.column(layer::culms).data(),
                           date.inputs.column(layer::agb_map).data(),
                           date.inputs.column(layer::carbon_map).data(),
                           date.inputs.column(layer::landcover).data(),
                           {}});
    if (setup_.culm_maps != CulmMaps::by_age) continue;
    for (std::size_t i = 0; i < culm_ages; ++i) {
      view_.dates.back().culms_by_age[i] = date.inputs.column(*culm_layers[i]).data();
    }
  }
  for (std::size_t p = 0; p < harvest_.size(); ++p) {
    const bool events = event_reader_.has_value();
    view_.periods.push_back(
        {harvest_[p].data(), events ? events_[p].event.data() : nullptr, events ? events_[p].year.data() : nullptr});
  }
  for (const auto& flow : flows_) view_.flows.push_back(flow.data());
  view_.stocks = reduction_.stocks;
  view_.steps.clear();
  for (const StockState& state : stocks_) view_.steps.push_back(state.step.data());
}

void BlockWorker::reduce_sides(const Window& part, std::size_t set, bool overlap, BlockResult& result) {
  for (std::size_t side = 0; side < sides_.size(); ++side) {
    const auto add_all = [&](const std::vector<Span>& spans, ZoneSums& sums) {
      for_spans(part, spans, [&](std::int32_t zone, std::size_t first, std::size_t n) {
        sides_[side]->add(first, n, sums.at(zone));
        sums.pixels(zone) += static_cast<std::int64_t>(n);
      });
    };
    if (overlap) {
      add_all(spans_, result.sides[side][set]);
      add_all(inside_, result.sides[side][set]);
    } else {
      add_all(spans_, sides_apart_[side][set]);
    }
  }
}

void BlockWorker::for_spans(const Window& part, const std::vector<Span>& spans, const auto& use) {
  for (const Span& span : spans) {
    const auto first = static_cast<std::size_t>((span.row - part.row) * part.columns + span.begin - part.column);
    use(span.zone, first, static_cast<std::size_t>(span.end - span.begin));
  }
}

void BlockWorker::reduce(const Window& part, BlockResult& result) {
  reduction_.blank = blank_;
  reduction_.add_brief(0, pixels_, result.whole.at(0));
  result.whole.pixels(0) += part.pixels();
  for (std::size_t set = 0; set < setup_.zone_sets.size(); ++set) reduce_set(part, set, result);
}

void BlockWorker::reduce_set(const Window& part, std::size_t set, BlockResult& result) {
  setup_.zone_sets[set].spans(zone_readers_[set], part, spans_);
  const bool overlap = cover(part, spans_, inside_, outside_);
  const auto add_all = [&](const std::vector<Span>& spans, ZoneSums& sums) {
    for_spans(part, spans, [&](std::int32_t zone, std::size_t first, std::size_t n) {
      reduction_.add(first, n, sums.at(zone));
      sums.pixels(zone) += static_cast<std::int64_t>(n);
    });
  };
  const bool whole_grid = setup_.zone_sets[set].whole_grid();
  if (patch_finder_ && !whole_grid) patch_finder_->take_spans(set, spans_);
  if (overlap) {
    result.census.overlapping_sets.insert(set);
    add_all(spans_, result.zones[set]);
    add_all(inside_, result.inside[set]);
  } else {
    add_all(spans_, apart_[set]);
  }
  if (setup_.change)
    reduce_changes(part, {spans_, inside_, overlap, whole_grid}, changes_apart_[set], result.changes[set]);
  if (!blank_) reduce_sides(part, set, overlap, result);
  for_spans(part, outside_, [&](std::int32_t, std::size_t first, std::size_t n) {
    reduction_.add_brief(first, n, result.inside[set].at(ZoneSet::outside));
    result.inside[set].pixels(ZoneSet::outside) += static_cast<std::int64_t>(n);
  });
  reduce_parcels(part, set, result);
}

void BlockWorker::reduce_changes(const Window& part, const WindowZones& zones, ChangeCells& apart,
                                 ChangeCells& cells) const {
  const std::size_t methods = setup_.methods.size();
  std::vector<ChangeColumns> intervals(harvest_.size());
  for (std::size_t period = 0; period < intervals.size(); ++period) {
    // The carbon is that of the first method: transitions are compared with one account.
    intervals[period].from = dates_[period].change_class.data();
    intervals[period].to = dates_[period + 1].change_class.data();
    intervals[period].area_ha = area_ha_.data();
    intervals[period].carbon_before = stocks_[period * methods].carbon.data();
    intervals[period].carbon_after = stocks_[(period + 1) * methods].carbon.data();
  }
  count_zones(part, zones, intervals, apart, cells);
}

void BlockWorker::reduce_parcels(const Window& part, std::size_t set, BlockResult& result) {
  const std::size_t sets = setup_.zone_sets.size();
  for (std::size_t g = 0; g < setup_.parcel_groups.size(); ++g) {
    parcel_spans_.clear();
    setup_.parcel_groups[g].zones.spans(part, parcel_spans_);
    if (parcel_spans_.empty()) continue;
    ZoneSums& sums = result.parcels[g * sets + set];
    const auto add = [&](std::int32_t zone, std::size_t first, std::size_t n) {
      reduction_.add(first, n, sums.at(zone));
      sums.pixels(zone) += static_cast<std::int64_t>(n);
    };
    intersect(parcel_spans_, spans_, both_);
    for_spans(part, both_, add);
    intersect(parcel_spans_, inside_, both_);
    for (Span& span : both_) span.zone = ZoneSet::once_in_parcels;
    for_spans(part, both_, add);
  }
}

}  // namespace sink
