// SPDX-License-Identifier: Apache-2.0
#include "change/patches.hpp"

#include <algorithm>

namespace sink {

Patch& Patch::operator+=(const Patch& other) {
  first_cell = std::min(first_cell, other.first_cell);
  pixels += other.pixels;
  core_pixels += other.core_pixels;
  horizontal_edges += other.horizontal_edges;
  vertical_edges += other.vertical_edges;
  column_sum += other.column_sum;
  row_sum += other.row_sum;
  first_column = std::min(first_column, other.first_column);
  last_column = std::max(last_column, other.last_column);
  first_row = std::min(first_row, other.first_row);
  last_row = std::max(last_row, other.last_row);
  area_ha += other.area_ha;
  return *this;
}

PatchCollector::PatchCollector(std::int64_t columns, Connectivity connectivity)
    : columns_(columns), connectivity_(connectivity), labels_(connectivity) {}

void PatchCollector::add_row(std::span<const PatchCode> codes, std::span<const double> areas_ha) {
  above_above_ = labels_.above();
  const std::uint32_t known = labels_.labels();
  labels_.next_row(codes);
  take_row(known, areas_ha);
}

void PatchCollector::add_runs(const std::vector<LabelRun>& runs) {
  above_above_ = labels_.above();
  const std::uint32_t known = labels_.labels();
  labels_.next_runs(runs);
  take_row(known, {});
}

void PatchCollector::take_row(std::uint32_t known, std::span<const double> areas_ha) {
  forest_.grow(labels_.labels());
  slot_.resize(labels_.labels());
  for (const LabelRun& run : labels_.row()) {
    if (run.label >= known) {
      if (free_slots_.empty()) {
        free_slots_.push_back(static_cast<std::uint32_t>(open_.size()));
        open_.emplace_back();
      }
      slot_[run.label] = free_slots_.back();
      free_slots_.pop_back();
      Patch& patch = open_[slot_[run.label]] = {};
      patch.code = run.code;
      patch.first_cell = rows_ * columns_ + run.begin;
      patch.first_column = run.begin;
      patch.first_row = static_cast<std::int32_t>(rows_);
    }
    add_run(run, areas_ha);
  }
  // Pixels above one another hide an edge of each.
  for_touching(labels_.row(), labels_.above(), 0, [&](std::size_t i, std::size_t, std::int32_t pixels) {
    of(labels_.row()[i].label).horizontal_edges -= 2 * std::int64_t{pixels};
  });
  for (const auto& [a, b] : labels_.joins()) {
    const std::uint32_t root_a = forest_.root(a), root_b = forest_.root(b);
    if (root_a == root_b) continue;
    const std::uint32_t low = forest_.unite(root_a, root_b), high = low == root_a ? root_b : root_a;
    open_[slot_[low]] += open_[slot_[high]];
    free_slots_.push_back(slot_[high]);
  }
  add_core(labels_.row());
  ++rows_;
}

void PatchCollector::add_run(const LabelRun& run, std::span<const double> areas_ha) {
  Patch& patch = of(run.label);
  const std::int64_t pixels = run.end - run.begin;
  patch.pixels += pixels;
  patch.horizontal_edges += 2 * pixels;
  patch.vertical_edges += 2;
  patch.column_sum += pixels * (std::int64_t{run.begin} + run.end - 1) / 2;
  patch.row_sum += pixels * rows_;
  patch.first_column = std::min(patch.first_column, run.begin);
  patch.last_column = std::max(patch.last_column, run.end - 1);
  patch.last_row = static_cast<std::int32_t>(rows_);
  if (!areas_ha.empty()) patch.area_ha.add(areas_ha.data() + run.begin, static_cast<std::size_t>(pixels));
}

void PatchCollector::add_core(const std::vector<LabelRun>& below) {
  // The row between `above_above_` and `below` is settled: a pixel of it is core where all four neighbours are alike.
  const std::vector<LabelRun>& middle = labels_.above();
  std::size_t next_below = 0;
  for_touching(middle, above_above_, 0, [&](std::size_t i, std::size_t j, std::int32_t) {
    const std::int32_t begin = std::max(middle[i].begin + 1, above_above_[j].begin);
    const std::int32_t end = std::min(middle[i].end - 1, above_above_[j].end);
    if (begin >= end) return;
    while (next_below < below.size() && below[next_below].end <= begin) ++next_below;
    std::int64_t core = 0;
    for (std::size_t k = next_below; k < below.size() && below[k].begin < end; ++k) {
      if (below[k].code == middle[i].code) core += std::min(end, below[k].end) - std::max(begin, below[k].begin);
    }
    if (core > 0) of(middle[i].label).core_pixels += core;
  });
}

PatchSet PatchCollector::finish() {
  PatchSet set;
  set.connectivity_ = connectivity_;
  set.patch_of_.resize(forest_.size());
  for (std::uint32_t label = 0; label < forest_.size(); ++label) {
    const std::uint32_t root = forest_.root(label);
    if (root == label) {
      set.patch_of_[label] = static_cast<std::uint32_t>(set.patches_.size());
      set.patches_.push_back(open_[slot_[label]]);
    } else {
      set.patch_of_[label] = set.patch_of_[root];
    }
  }
  *this = PatchCollector(columns_, connectivity_);
  return set;
}

const std::vector<LabelRun>& PatchRuns::next_row(std::span<const PatchCode> codes) {
  labels_.next_row(codes);
  return as_patches();
}

const std::vector<LabelRun>& PatchRuns::next_runs(const std::vector<LabelRun>& runs) {
  labels_.next_runs(runs);
  return as_patches();
}

const std::vector<LabelRun>& PatchRuns::as_patches() {
  runs_ = labels_.row();
  for (LabelRun& run : runs_) run.label = set_->patch_of(run.label);
  return runs_;
}

std::uint64_t patch_hash(std::int64_t from_code, std::int64_t to_code, std::int64_t first_cell,
                         std::int64_t year_first_seen) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::int64_t part : {from_code, to_code, first_cell, year_first_seen}) {
    for (int byte = 0; byte < 8; ++byte) {
      hash ^= static_cast<std::uint64_t>(part) >> (8 * byte) & 0xff;
      hash *= 0x100000001b3ULL;
    }
  }
  return hash;
}

}  // namespace sink
