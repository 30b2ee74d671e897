// SPDX-License-Identifier: Apache-2.0
#include "change/run_labels.hpp"

#include <limits>

#include "core/error.hpp"

namespace sink {

void RunLabels::next_row(std::span<const PatchCode> codes) {
  std::swap(row_, above_);
  row_.clear();
  const auto columns = static_cast<std::int32_t>(codes.size());
  for (std::int32_t begin = 0; begin < columns;) {
    const PatchCode code = codes[static_cast<std::size_t>(begin)];
    std::int32_t end = begin + 1;
    while (end < columns && codes[static_cast<std::size_t>(end)] == code) ++end;
    if (code != no_patch) row_.push_back({begin, end, code, no_patch});
    begin = end;
  }
  label_row();
}

void RunLabels::next_runs(const std::vector<LabelRun>& runs) {
  std::swap(row_, above_);
  row_ = runs;
  for (LabelRun& run : row_) run.label = no_patch;
  label_row();
}

void RunLabels::label_row() {
  joins_.clear();
  for_touching(row_, above_, reach_, [&](std::size_t i, std::size_t j, std::int32_t) {
    if (row_[i].label == no_patch) {
      row_[i].label = above_[j].label;
    } else if (row_[i].label != above_[j].label) {
      joins_.emplace_back(row_[i].label, above_[j].label);
    }
  });
  for (LabelRun& run : row_) {
    if (run.label != no_patch) continue;
    if (labels_ == no_patch) throw Error(Error::Kind::memory, "more than 2^32 patches: filter the maps first");
    run.label = labels_++;
  }
}

void LabelForest::grow(std::uint32_t labels) {
  while (parent_.size() < labels) parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
}

std::uint32_t LabelForest::unite(std::uint32_t root_a, std::uint32_t root_b) noexcept {
  const std::uint32_t low = root_a < root_b ? root_a : root_b, high = root_a < root_b ? root_b : root_a;
  parent_[high] = low;
  return low;
}

}  // namespace sink
