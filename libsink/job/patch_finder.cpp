// SPDX-License-Identifier: Apache-2.0
#include "job/patch_finder.hpp"

#include <algorithm>
#include <cmath>

namespace sink {

PatchFinder::PatchFinder(const PatchSearch& search)
    : search_(search), spans_(search.zones().size() + search.overlays.size()) {}

void PatchFinder::begin(const Window& window) {
  window_ = window;
  row_.resize(static_cast<std::size_t>(window.columns));
  intervals_.assign(search_.intervals(), Interval(search_.options.connectivity));
}

void PatchFinder::add(const Window& part, const PatchColumns& columns) {
  part_ = part;
  columns_ = &columns;
  overlays_read_ = false;
  for (std::size_t t = 0; t < intervals_.size(); ++t) {
    const std::size_t first_run = intervals_[t].runs.size();
    add_rows(t, intervals_[t]);
    if (intervals_[t].runs.size() > first_run) add_places(first_run, intervals_[t]);
  }
}

void PatchFinder::add_rows(std::size_t t, Interval& interval) {
  for (std::int64_t y = 0; y < part_.rows; ++y) {
    code_row(t, static_cast<std::size_t>(y * part_.columns));
    interval.labels.next_row(row_);
    interval.raw.resize(interval.labels.labels());
    interval.forest.grow(interval.labels.labels());
    for (const auto& [a, b] : interval.labels.joins()) {
      const std::uint32_t root_a = interval.forest.root(a), root_b = interval.forest.root(b);
      if (root_a != root_b) interval.forest.unite(root_a, root_b);
    }
    for (const LabelRun& run : interval.labels.row()) {
      interval.raw[run.label].piece.code = run.code;
      interval.runs.push_back({static_cast<std::int32_t>(part_.row + y),
                               static_cast<std::int32_t>(part_.column + run.begin),
                               static_cast<std::int32_t>(part_.column + run.end), run.label});
      add_run(t, interval.runs.back(), interval.raw[run.label]);
    }
  }
}

void PatchFinder::finish(std::vector<PatchPieces>& found) {
  found.assign(intervals_.size(), {});
  for (std::size_t t = 0; t < intervals_.size(); ++t) {
    if (!intervals_[t].runs.empty()) settle(intervals_[t], found[t]);
  }
}

void PatchFinder::code_row(std::size_t interval, std::size_t first) {
  const ClassIndex *from = columns_->classes[interval] + first, *to = columns_->classes[interval + 1] + first;
  const std::uint8_t* felled = columns_->felled[interval];
  const std::size_t classes = search_.classes();
  for (std::size_t x = 0; x < row_.size(); ++x) {
    row_[x] = no_patch;
    if (from[x] == no_class || to[x] == no_class) continue;
    const std::size_t code = from[x] * classes + to[x];
    const bool chosen = search_.wanted[code] != 0 ||
                        (search_.wanted_if_felled[code] != 0 && felled != nullptr && felled[first + x] != 0);
    if (chosen) row_[x] = static_cast<PatchCode>(code);
  }
}

void PatchFinder::add_run(std::size_t interval, const PieceRun& run, Raw& raw) const {
  PatchSums& sums = raw.piece.sums;
  const auto first = static_cast<std::size_t>((run.row - part_.row) * part_.columns + run.begin - part_.column);
  const std::size_t last = first + static_cast<std::size_t>(run.end - run.begin);
  raw.at_seam = raw.at_seam || run.row == window_.row || run.row + 1 == window_.row + window_.rows ||
                run.begin == window_.column || run.end == window_.column + window_.columns;
  sums.pixels += run.end - run.begin;
  sums.area_ha.add(columns_->area_ha + first, last - first);
  if (columns_->stock[interval] != nullptr) add_stock(columns_->stock[interval], first, last, sums);
  if (const std::uint8_t* felled = columns_->felled[interval]) {
    sums.felled_pixels += std::count(felled + first, felled + last, 1);
  }
  if (!columns_->confidence.empty()) add_confidence(interval, first, last, sums);
  add_return(interval, first, last, sums);
}

void PatchFinder::add_stock(const double* stock, std::size_t first, std::size_t last, PatchSums& sums) const {
  sums.stock_t.add_products(stock + first, columns_->area_ha + first, last - first);
  for (std::size_t p = first; p < last; ++p) {
    if (std::isnan(stock[p])) continue;
    sums.stock_area_ha.add(columns_->area_ha + p, 1);
    ++sums.stock_pixels;
  }
}

void PatchFinder::add_confidence(std::size_t interval, std::size_t first, std::size_t last, PatchSums& sums) const {
  const bool by_date = columns_->confidence.size() > search_.intervals();
  const double* before = columns_->confidence[interval];
  for (std::size_t p = first; p < last; ++p) {
    // Of a change between two maps: both classes must be right.
    const double confidence = by_date ? before[p] * columns_->confidence[interval + 1][p] : before[p];
    if (std::isnan(confidence)) continue;
    sums.confidence.add(&confidence, 1);
    ++sums.confidence_pixels;
  }
}

void PatchFinder::add_return(std::size_t interval, std::size_t first, std::size_t last, PatchSums& sums) const {
  const auto& years = search_.world.years;
  for (std::size_t date = interval + 2; date < years.size(); ++date) {
    if (years[date] - years[interval + 1] > years_to_return) break;
    // A pixel counts once, at the first date that finds forest.
    for (std::size_t p = first; p < last; ++p) {
      const auto forest = [&](std::size_t at) {
        const ClassIndex seen = columns_->classes[at][p];
        return seen != no_class && is_forest(search_.world.legend[seen].land_use);
      };
      bool earlier = false;
      for (std::size_t at = interval + 2; at < date; ++at) earlier = earlier || forest(at);
      if (!earlier && forest(date)) ++sums.forest_again_pixels;
    }
  }
}

void PatchFinder::read_overlays() {
  if (overlays_read_) return;
  overlays_read_ = true;
  for (std::size_t o = 0; o < search_.overlays.size(); ++o) {
    auto& spans = spans_[search_.zones().size() + o];
    spans.clear();
    search_.overlays[o].spans(part_, spans);
  }
}

void PatchFinder::add_places(std::size_t first_run, Interval& interval) {
  read_overlays();
  std::vector<std::size_t> row_starts(static_cast<std::size_t>(part_.rows) + 1);
  for (std::size_t set = 0; set < spans_.size(); ++set) {
    // Spans come by row; within one they may overlap.
    const auto& spans = spans_[set];
    std::size_t next = 0;
    for (std::size_t y = 0; y < row_starts.size(); ++y) {
      while (next < spans.size() && spans[next].row < part_.row + static_cast<std::int64_t>(y)) ++next;
      row_starts[y] = next;
    }
    const bool overlay = set >= search_.zones().size();
    for (std::size_t r = first_run; r < interval.runs.size(); ++r) {
      const PieceRun& run = interval.runs[r];
      const auto y = static_cast<std::size_t>(run.row - part_.row);
      for (std::size_t s = row_starts[y]; s < row_starts[y + 1]; ++s) {
        const std::int32_t pixels = std::min(run.end, spans[s].end) - std::max(run.begin, spans[s].begin);
        if (pixels > 0) interval.raw[run.piece].piece.sums.pixels_in[{set, overlay ? 0 : spans[s].zone}] += pixels;
      }
    }
  }
}

void PatchFinder::settle(Interval& interval, PatchPieces& found) const {
  auto& [labels, forest, raws, runs] = interval;
  for (std::uint32_t label = 0; label < raws.size(); ++label) {
    const std::uint32_t root = forest.root(label);
    if (root == label) continue;
    raws[root].piece.sums += raws[label].piece.sums;
    raws[root].at_seam = raws[root].at_seam || raws[label].at_seam;
  }
  std::vector<std::uint32_t> place(raws.size(), no_patch);
  for (std::uint32_t label = 0; label < raws.size(); ++label) {
    if (forest.root(label) != label) continue;
    Raw& raw = raws[label];
    if (!raw.at_seam && !search_.units[raw.piece.code].met_by(raw.piece.sums)) continue;
    place[label] = static_cast<std::uint32_t>(found.pieces.size());
    found.pieces.push_back(std::move(raw.piece));
  }
  for (PieceRun& run : runs) run.piece = place[forest.root(run.piece)];
  std::erase_if(runs, [](const PieceRun& run) { return run.piece == no_patch; });
  found.runs = std::move(runs);
}

}  // namespace sink
