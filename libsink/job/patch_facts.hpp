// SPDX-License-Identifier: Apache-2.0
// What is known of a patch, or of the piece of one that lies in a window: exact sums, mergeable in any order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "change/patch_polygons.hpp"
#include "core/fixed_sum.hpp"
#include "job/patch_search.hpp"

namespace sink {

struct PatchSums {
  std::int64_t pixels = 0;
  std::int64_t stock_pixels = 0;         ///< with carbon before the change
  std::int64_t felled_pixels = 0;        ///< forest at both dates, and felled (account/harvest.hpp)
  std::int64_t forest_again_pixels = 0;  ///< forest at a later date within `years_to_return`
  std::int64_t confidence_pixels = 0;    ///< with a confidence
  FixedSum area_ha, stock_t, stock_area_ha, confidence;
  /// Pixels by (zone set, zone), and by (number of zone sets + overlay, 0).
  std::map<std::pair<std::size_t, std::int32_t>, std::int64_t> pixels_in;

  PatchSums& operator+=(const PatchSums& other);
  [[nodiscard]] std::size_t bytes() const noexcept;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(pixels, stock_pixels, felled_pixels, forest_again_pixels, confidence_pixels, area_ha, stock_t,
            stock_area_ha, confidence, pixels_in);
  }
};

struct PatchFacts {
  Patch patch;
  std::size_t interval = 0;
  ClassIndex from = no_class, to = no_class;
  std::vector<PatchRun> runs;  ///< row-major
  PatchSums sums;
};

/// Harvest, deforestation or unresolved (change.md e), `conversion` where no forest is cleared; blank where the maps
/// tell no land uses, and for forest that stays forest without having been felled.
std::string patch_kind(const PatchSearch& search, const PatchFacts& facts);

/// Mean over the pixels that have one; NaN where none has.
double patch_confidence(const PatchFacts& facts);
/// Does it reach into the overlay?
bool reaches(const PatchSearch& search, const PatchFacts& facts, std::size_t overlay);
/// The largest weight of the overlays that it reaches into; 1 where it reaches into none.
double legal_weight(const PatchSearch& search, const PatchFacts& facts);
/// The zone of a set that holds most of its pixels, of equals the first; -1 where none does.
std::int32_t main_zone(const PatchFacts& facts, std::size_t set);

}  // namespace sink
