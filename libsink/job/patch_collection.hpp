// SPDX-License-Identifier: Apache-2.0
// PatchCollection: pieces of patches from windows of any shape and in any order, joined where they touch. Memory goes
// with the chosen pixels' runs, not with the raster; the result does not depend on the windows.
#pragma once

#include <cstdint>
#include <vector>

#include "job/patch_finder.hpp"

namespace sink {

class PatchCollection {
 public:
  explicit PatchCollection(const PatchSearch& search);

  /// Takes the pieces of a window. Throws Error::memory where all of them, and the polygons that they will be, need
  /// more than half of `budget_bytes`.
  void add(const std::vector<PatchPieces>& found, std::int64_t budget_bytes);
  /// What has come so far, by interval; for `add` of another collection.
  [[nodiscard]] std::vector<PatchPieces>& pieces() noexcept { return pieces_; }
  /// Every patch that is large enough, by interval and first pixel. The collection is then empty.
  std::vector<PatchFacts> finish();

 private:
  std::vector<PatchFacts> patches_of(std::size_t interval);
  const PatchSearch& search_;
  std::vector<PatchPieces> pieces_;  ///< by interval
  std::size_t bytes_ = 0;
};

}  // namespace sink
