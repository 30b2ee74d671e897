// SPDX-License-Identifier: Apache-2.0
// Sieve: patches below a size take the code of their largest neighbour, with the semantics of GDALSieveFilter on the
// whole raster whatever the windows. Three passes over the rows; memory is bounded by the patches and a row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "change/run_labels.hpp"

namespace sink {

/// What a sieve did.
struct SieveSummary {
  std::int64_t patches = 0, small = 0, merged = 0;  ///< small ones without a neighbour to merge into stay
};

/// Usage: `count_row` for all rows, `counted`, `compare_row` for all rows, `compared`, `sieve_row` for all rows; the
/// same rows each time. A patch smaller than the threshold goes to its largest neighbour, the one met first in
/// row-major order where two are as large. Where that is small too, on to its largest neighbour, and so on; a chain
/// that ends in no large patch leaves the patch as it is. `no_patch` pixels are nobody's neighbour.
class Sieve {
 public:
  Sieve(std::int64_t smallest_pixels, Connectivity connectivity);

  void count_row(std::span<const PatchCode> codes);
  void counted();
  void compare_row(std::span<const PatchCode> codes);
  void compared();
  void sieve_row(std::span<PatchCode> codes);
  /// Before the rows are sieved once more.
  void again() { labels_ = RunLabels(connectivity_); }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return pixels_.capacity() * 8 +
           (forest_.size() + patch_of_.capacity() + code_.capacity() + neighbour_.capacity()) * 4;
  }
  [[nodiscard]] const SieveSummary& summary() const noexcept { return summary_; }

 private:
  void compare(std::uint32_t a, std::uint32_t b);
  void follow_chains();
  void fill_row(std::vector<std::uint32_t>& places) const;

  std::int64_t smallest_;
  Connectivity connectivity_;
  RunLabels labels_;
  LabelForest forest_;
  std::vector<std::uint32_t> patch_of_;     ///< place of a label's patch
  std::vector<std::int64_t> pixels_;        ///< by label until counted, then by patch
  std::vector<PatchCode> code_;             ///< by label until counted, then by patch
  std::vector<std::uint32_t> neighbour_;    ///< by patch; `no_patch`: none
  std::vector<std::uint32_t> row_, above_;  ///< patches of the pixels
  SieveSummary summary_;
};

}  // namespace sink
