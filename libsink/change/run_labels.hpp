// SPDX-License-Identifier: Apache-2.0
// Labels of connected components, row by row: each run of equal codes takes the label of a run above that it touches,
// or a new one. Which labels are one patch is kept apart (LabelForest), so that a second pass over the same rows hands
// out the same labels and finds them united. Rows are whole: whatever windows they were read in, labels are the same.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sink {

using PatchCode = std::uint32_t;
/// A pixel that belongs to no patch.
inline constexpr PatchCode no_patch = 0xffffffffU;

/// Do pixels that share only a corner touch?
enum class Connectivity { edges = 4, corners = 8 };

/// Pixels [begin, end) of a row.
struct LabelRun {
  std::int32_t begin = 0, end = 0;
  PatchCode code = no_patch;
  std::uint32_t label = 0;
};

class RunLabels {
 public:
  explicit RunLabels(Connectivity connectivity) : reach_(connectivity == Connectivity::corners ? 1 : 0) {}

  /// Takes the next row; `no_patch` makes no run. Throws Error::memory for more than 2^32 labels.
  void next_row(std::span<const PatchCode> codes);
  /// The next row as its runs, left to right, those of one code apart; their labels are not read.
  void next_runs(const std::vector<LabelRun>& runs);
  /// Runs of this row and of the one above, left to right.
  [[nodiscard]] const std::vector<LabelRun>& row() const noexcept { return row_; }
  [[nodiscard]] const std::vector<LabelRun>& above() const noexcept { return above_; }
  /// Pairs of different labels that this row showed to be one patch.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, std::uint32_t>>& joins() const noexcept { return joins_; }
  /// Labels so far; those of this row are below.
  [[nodiscard]] std::uint32_t labels() const noexcept { return labels_; }

 private:
  void label_row();
  std::int32_t reach_;
  std::vector<LabelRun> row_, above_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> joins_;
  std::uint32_t labels_ = 0;
};

/// Which labels are one. The lowest stands for all: it is that of the patch's first pixel in row-major order.
class LabelForest {
 public:
  /// Makes room for labels below `labels`, each by itself.
  void grow(std::uint32_t labels);
  [[nodiscard]] std::uint32_t root(std::uint32_t label) noexcept {
    while (parent_[label] != label) {
      parent_[label] = parent_[parent_[label]];
      label = parent_[label];
    }
    return label;
  }
  /// Unites two roots and returns the lower one.
  std::uint32_t unite(std::uint32_t root_a, std::uint32_t root_b) noexcept;
  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(parent_.size()); }

 private:
  std::vector<std::uint32_t> parent_;
};

/// Calls `touch(i, j, pixels)` for run `i` of `row` and run `j` of `above`, of equal code, that touch: `pixels` of them
/// lie one above the other, none where only corners meet (`reach` 1). In order of i, then j.
template <class Touch>
void for_touching(const std::vector<LabelRun>& row, const std::vector<LabelRun>& above, std::int32_t reach,
                  Touch touch) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    while (first < above.size() && above[first].end + reach <= row[i].begin) ++first;
    for (std::size_t j = first; j < above.size() && above[j].begin < row[i].end + reach; ++j) {
      if (above[j].code != row[i].code) continue;
      const std::int32_t begin = above[j].begin > row[i].begin ? above[j].begin : row[i].begin;
      const std::int32_t end = above[j].end < row[i].end ? above[j].end : row[i].end;
      touch(i, j, end > begin ? end - begin : 0);
    }
  }
}

}  // namespace sink
