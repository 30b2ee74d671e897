// SPDX-License-Identifier: Apache-2.0
// PatchSearch: the patches that are looked for, made ready: pairs of classes, sizes, overlays, reasons. Const from then
// on and shared by all workers, of `sinkchange patches` and `sinkcalc run` alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "change/minimum_unit.hpp"
#include "core/grid.hpp"
#include "core/legend.hpp"
#include "job/change_words.hpp"
#include "job/class_labels.hpp"
#include "job/patch_options.hpp"
#include "job/zone_set.hpp"

namespace sink {

/// What is known of the maps in which patches are looked for.
struct PatchWorld {
  Legend legend;                                ///< united, of all dates
  std::vector<std::vector<ClassLabel>> labels;  ///< by date: codes in that date's legend; blank: those of `legend`
  bool land_uses = false;                       ///< the legend tells land uses
  std::vector<int> years;                       ///< of the dates
  Grid grid;
  const std::vector<ZoneSet>* zones = nullptr;  ///< must outlive the search
  std::string directory;                        ///< relative files start here
  std::vector<std::string> parameter_files;
  bool carbon = false;  ///< a stock before the change is known
  bool felled = false;  ///< age or volume tell what was felled
};

/// Within how many years felled land must be forest again to have been a harvest (change.md e).
inline constexpr int years_to_return = 5;

struct PatchSearch {
  /// Throws Error::usage and Error::input, before any pixel is read.
  PatchSearch(PatchOptions options, PatchWorld world);

  PatchOptions options;
  PatchWorld world;
  /// By pair of classes (from x K + to): looked for, or only where the pixel was felled (account/harvest.hpp).
  std::vector<std::uint8_t> wanted, wanted_if_felled;
  std::vector<MinimumUnit> units;                 ///< by pair
  std::vector<PolygonZones> overlays;             ///< each one zone
  std::vector<double> weights;                    ///< of the overlays
  std::vector<std::vector<std::string>> reasons;  ///< by interval and pair: why it cannot be
  std::vector<std::string> warnings;

  [[nodiscard]] std::size_t classes() const noexcept { return world.legend.size(); }
  [[nodiscard]] std::size_t intervals() const noexcept { return world.years.size() - 1; }
  [[nodiscard]] const std::vector<ZoneSet>& zones() const noexcept { return *world.zones; }
  /// Overlays and tables, as they are opened.
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  void choose_pairs();
  void open_overlays();
};

}  // namespace sink
