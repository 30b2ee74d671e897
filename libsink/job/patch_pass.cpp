// SPDX-License-Identifier: Apache-2.0
#include "job/patch_pass.hpp"

#include <algorithm>
#include <cmath>

#include "raster/polygon_layer.hpp"

namespace sink {
namespace {

constexpr std::uint32_t not_chosen = no_patch;

/// All features of a layer as one zone.
PolygonZones overlay_of(const std::string& file, const Grid& grid) {
  const PolygonLayer layer = read_polygons(file, {}, "");
  ZoneFeatures all{{"overlay", ""}, {}};
  for (std::size_t i = 0; i < layer.features.size(); ++i) all.features.push_back(i);
  return {layer, {all}, grid};
}

void by_row(const Window& window, const std::vector<Span>& spans, std::vector<std::vector<Span>>& rows) {
  rows.assign(static_cast<std::size_t>(window.rows), {});
  for (const Span& span : spans) rows[static_cast<std::size_t>(span.row - window.row)].push_back(span);
}

/// Pixels of a run in each span of its row.
void for_shared(const LabelRun& run, const std::vector<Span>& spans, const auto& use) {
  for (const Span& span : spans) {
    const std::int32_t pixels = std::min(run.end, span.end) - std::max(run.begin, span.begin);
    if (pixels > 0) use(span.zone, std::int64_t{pixels});
  }
}

}  // namespace

PatchPasses::PatchPasses(const ChangePatchesJob& job, const ChangeSetup& setup)
    : job_(job), setup_(setup), rows_(setup), units_(minimum_units(setup.maps.legend(), job.minimum_units)) {
  const Legend& legend = setup.maps.legend();
  wanted_.resize(legend.size() * legend.size());
  for (const auto& transition : job.transitions) add_transition(legend, transition, wanted_);
  for (const auto& preset : job.presets) add_preset(legend, preset, wanted_);
  if (job.stocks.size() > 1 && job.stocks.size() != setup.intervals()) {
    throw usage_error("--stock: give one carbon map, or one for each of the " + std::to_string(setup.intervals()) +
                      " intervals");
  }
  rows_.measures = job.stocks;
  rows_.check_measures();
  for (const auto& [name, file] : job.overlays) overlays_.push_back(overlay_of(file, setup.maps.grid()));
  for (const auto& set : setup.zones) zone_readers_.push_back(set.reader());
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    collectors_.emplace_back(setup.maps.grid().columns, job.connectivity);
  }
}

void PatchPasses::code_row(std::size_t interval, std::int64_t y, const Window& window, ChangeStrip& strip) {
  const auto from = strip.row(interval, window, y), to = strip.row(interval + 1, window, y);
  row_.resize(from.size());
  const std::size_t classes = setup_.classes();
  for (std::size_t x = 0; x < from.size(); ++x) {
    const bool known = from[x] != no_class && to[x] != no_class;
    const std::size_t code = known ? from[x] * classes + to[x] : 0;
    row_[x] = known && wanted_[code] ? static_cast<PatchCode>(code) : no_patch;
  }
}

void PatchPasses::collect(const ProgressCallback& progress) {
  // The carbon is for the second pass.
  const auto measures = std::exchange(rows_.measures, {});
  rows_.pass("finding patches", progress, [&](const Window& window, ChangeStrip& strip) {
    for (std::int64_t y = window.row; y < window.row + window.rows; ++y) {
      for (std::size_t t = 0; t < setup_.intervals(); ++t) {
        code_row(t, y, window, strip);
        collectors_[t].add_row(row_, ChangeStrip::part(strip.area_ha, window, y));
      }
    }
  });
  rows_.measures = measures;
}

std::vector<PatchFacts> PatchPasses::choose() {
  for (auto& collector : collectors_) sets_.push_back(collector.finish());
  std::vector<PatchFacts> facts;
  for (std::size_t t = 0; t < sets_.size(); ++t) {
    runs_.emplace_back(sets_[t]);
    auto& places = place_.emplace_back();
    for (const Patch& patch : sets_[t].patches()) {
      const bool large = units_[patch.code].met_by(patch);
      places.push_back(large ? static_cast<std::uint32_t>(facts.size()) : not_chosen);
      if (!large) continue;
      PatchFacts& found = facts.emplace_back();
      found.patch = patch;
      found.interval = t;
      found.from = static_cast<ClassIndex>(patch.code / setup_.classes());
      found.to = static_cast<ClassIndex>(patch.code % setup_.classes());
      found.zones.resize(setup_.zones.size());
      found.overlays.resize(overlays_.size());
    }
  }
  return facts;
}

void PatchPasses::read_spans(const Window& window) {
  Spans spans;
  zone_spans_.resize(setup_.zones.size());
  for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
    spans.clear();
    if (!setup_.zones[set].whole_grid()) setup_.zones[set].spans(zone_readers_[set], window, spans);
    by_row(window, spans, zone_spans_[set]);
  }
  overlay_spans_.resize(overlays_.size());
  for (std::size_t i = 0; i < overlays_.size(); ++i) {
    spans.clear();
    overlays_[i].spans(window, spans);
    by_row(window, spans, overlay_spans_[i]);
  }
}

void PatchPasses::add_run(const LabelRun& run, std::int64_t y, const Window& window, ChangeStrip& strip,
                          PatchFacts& facts) {
  const auto line = static_cast<std::size_t>(y - window.row);
  const auto begin = static_cast<std::size_t>(run.begin), end = static_cast<std::size_t>(run.end);
  facts.runs.push_back({static_cast<std::int32_t>(y), run.begin, run.end});
  for (std::size_t set = 0; set < zone_spans_.size(); ++set) {
    for_shared(run, zone_spans_[set][line],
               [&](std::int32_t zone, std::int64_t pixels) { facts.zones[set][zone] += pixels; });
  }
  for (std::size_t i = 0; i < overlay_spans_.size(); ++i) {
    for_shared(run, overlay_spans_[i][line], [&](std::int32_t, std::int64_t pixels) { facts.overlays[i] += pixels; });
  }
  if (!strip.measures.empty()) {
    const std::size_t which = strip.measures.size() == 1 ? 0 : facts.interval;
    const auto stock = ChangeStrip::part(strip.measures[which], window, y);
    const auto area = ChangeStrip::part(strip.area_ha, window, y);
    facts.stock_t.add_products(stock.data() + begin, area.data() + begin, end - begin);
    for (std::size_t x = begin; x < end; ++x) {
      if (std::isnan(stock[x])) continue;
      facts.stock_area_ha.add(area.data() + x, 1);
      ++facts.stock_pixels;
    }
  }
  const auto& years = setup_.maps.years();
  const int first_seen = years[facts.interval + 1];
  for (std::size_t x = begin; x < end; ++x) {
    for (std::size_t date = facts.interval + 2; date < years.size(); ++date) {
      const ClassIndex later = strip.row(date, window, y)[x];
      if (years[date] - first_seen > years_to_return) break;
      if (later == no_class || !is_forest(setup_.maps.legend()[later].land_use)) continue;
      ++facts.forest_again_pixels;
      break;
    }
  }
}

void PatchPasses::gather(const Window& window, ChangeStrip& strip, std::vector<PatchFacts>& facts) {
  read_spans(window);
  for (std::int64_t y = window.row; y < window.row + window.rows; ++y) {
    for (std::size_t t = 0; t < setup_.intervals(); ++t) {
      code_row(t, y, window, strip);
      for (const LabelRun& run : runs_[t].next_row(row_)) {
        const std::uint32_t place = place_[t][run.label];
        if (place != not_chosen) add_run(run, y, window, strip, facts[place]);
      }
    }
  }
}

std::vector<PatchFacts> PatchPasses::find(const ProgressCallback& progress) {
  collect(progress);
  std::vector<PatchFacts> facts = choose();
  rows_.pass("measuring patches", progress,
             [&](const Window& window, ChangeStrip& strip) { gather(window, strip, facts); });
  return facts;
}

std::vector<std::string> PatchPasses::warnings() const {
  std::vector<std::string> warnings;
  for (const auto& set : setup_.zones) {
    if (!set.polygons()) continue;
    for (const auto& warning : set.polygons()->warnings()) warnings.push_back(set.source().set + ": " + warning);
  }
  for (const auto& overlay : overlays_) {
    warnings.insert(warnings.end(), overlay.warnings().begin(), overlay.warnings().end());
  }
  return warnings;
}

}  // namespace sink
