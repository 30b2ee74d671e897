// SPDX-License-Identifier: Apache-2.0
// Patches: connected pixels of one code, with their measures, from rows of codes. Two passes: the first finds the
// patches, the second says for each run which patch it is, so that polygons and sums can be made of chosen ones.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "change/run_labels.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

struct Patch {
  PatchCode code = no_patch;
  std::int64_t first_cell = 0;  ///< row x columns + column of its first pixel in row-major order: its stable name
  std::int64_t pixels = 0;
  std::int64_t core_pixels = 0;                           ///< whose four neighbours are in it too
  std::int64_t horizontal_edges = 0, vertical_edges = 0;  ///< pixel edges on its border, holes and raster border too
  std::int64_t column_sum = 0, row_sum = 0;               ///< over its pixels: their mean is the centroid
  std::int32_t first_column = 0, last_column = 0, first_row = 0, last_row = 0;
  FixedSum area_ha;

  Patch& operator+=(const Patch& other);
};

/// The patches of a raster, in order of `first_cell`; const and shared by all threads.
class PatchSet {
 public:
  [[nodiscard]] const std::vector<Patch>& patches() const& noexcept { return patches_; }
  const std::vector<Patch>& patches() const&& = delete;  // would dangle in a loop over a temporary
  [[nodiscard]] std::uint32_t patch_of(std::uint32_t label) const noexcept { return patch_of_[label]; }
  [[nodiscard]] Connectivity connectivity() const noexcept { return connectivity_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return patches_.capacity() * sizeof(Patch) + patch_of_.capacity() * 4;
  }

 private:
  friend class PatchCollector;
  Connectivity connectivity_ = Connectivity::corners;
  std::vector<Patch> patches_;
  std::vector<std::uint32_t> patch_of_;
};

/// First pass.
class PatchCollector {
 public:
  PatchCollector(std::int64_t columns, Connectivity connectivity);
  /// The next row: a code per pixel, `no_patch` where none, and the pixels' areas [ha].
  void add_row(std::span<const PatchCode> codes, std::span<const double> areas_ha);
  /// The next row as its runs (RunLabels::next_runs); their areas are the caller's to sum.
  void add_runs(const std::vector<LabelRun>& runs);
  /// After the last row. The collector is then empty.
  PatchSet finish();
  [[nodiscard]] std::size_t bytes() const noexcept {
    return open_.capacity() * sizeof(Patch) + (slot_.capacity() + free_slots_.capacity() + forest_.size()) * 4;
  }

 private:
  void take_row(std::uint32_t known, std::span<const double> areas_ha);
  void add_run(const LabelRun& run, std::span<const double> areas_ha);
  void add_core(const std::vector<LabelRun>& below);
  Patch& of(std::uint32_t label) { return open_[slot_[forest_.root(label)]]; }

  std::int64_t columns_, rows_ = 0;
  Connectivity connectivity_;
  RunLabels labels_;
  LabelForest forest_;
  std::vector<Patch> open_;          ///< one for each patch so far, those of joined labels used again
  std::vector<std::uint32_t> slot_;  ///< of a root, into `open_`
  std::vector<std::uint32_t> free_slots_;
  std::vector<LabelRun> above_above_;
};

/// Second pass, over the same rows.
class PatchRuns {
 public:
  explicit PatchRuns(const PatchSet& set) : set_(&set), labels_(set.connectivity()) {}
  /// Runs of the next row; `label` is the place of the patch in `PatchSet::patches`.
  const std::vector<LabelRun>& next_row(std::span<const PatchCode> codes);
  const std::vector<LabelRun>& next_runs(const std::vector<LabelRun>& runs);

 private:
  const std::vector<LabelRun>& as_patches();
  const PatchSet* set_;
  RunLabels labels_;
  std::vector<LabelRun> runs_;
};

/// Name of a patch that is the same from run to run: a hash of from code, to code, first pixel and the year it
/// is first seen, 16 hexadecimal digits (FNV-1a, 64 bits).
std::uint64_t patch_hash(std::int64_t from_code, std::int64_t to_code, std::int64_t first_cell,
                         std::int64_t year_first_seen);

}  // namespace sink
