// SPDX-License-Identifier: Apache-2.0
// Two passes over class maps: the first finds the patches of chosen transitions, the second gathers what is known of
// those that are large enough: their pixels, zones, overlays, carbon, and whether forest comes back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "change/patch_polygons.hpp"
#include "job/change_patches.hpp"
#include "job/change_rows.hpp"
#include "job/change_words.hpp"

namespace sink {

/// What is known of one patch.
struct PatchFacts {
  Patch patch;
  std::size_t interval = 0;
  ClassIndex from = no_class, to = no_class;
  std::vector<PatchRun> runs;
  std::vector<std::map<std::int32_t, std::int64_t>> zones;  ///< by zone set: pixels by zone
  std::vector<std::int64_t> overlays;                       ///< by overlay: pixels inside
  FixedSum stock_t, stock_area_ha;                          ///< carbon before, and the area where it is known
  std::int64_t stock_pixels = 0;
  std::int64_t forest_again_pixels = 0;  ///< forest at a later date within `years_to_return`
};

/// Within how many years felled land must be forest again to have been a harvest (change.md e).
inline constexpr int years_to_return = 5;

class PatchPasses {
 public:
  PatchPasses(const ChangePatchesJob& job, const ChangeSetup& setup);

  /// The chosen patches, interval by interval, in order of their first cells.
  std::vector<PatchFacts> find(const ProgressCallback& progress);
  /// Warnings of the overlays.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  using Spans = std::vector<Span>;
  void collect(const ProgressCallback& progress);
  std::vector<PatchFacts> choose();
  void gather(const Window& window, ChangeStrip& strip, std::vector<PatchFacts>& facts);
  void add_run(const LabelRun& run, std::int64_t y, const Window& window, ChangeStrip& strip, PatchFacts& facts);
  void read_spans(const Window& window);
  void code_row(std::size_t interval, std::int64_t y, const Window& window, ChangeStrip& strip);

  const ChangePatchesJob& job_;
  const ChangeSetup& setup_;
  ChangeRows rows_;
  TransitionSet wanted_;
  std::vector<MinimumUnit> units_;
  std::vector<PolygonZones> overlays_;
  std::vector<ZoneSet::Reader> zone_readers_;
  std::vector<std::vector<Spans>> zone_spans_, overlay_spans_;  ///< by set, then by row of the strip
  std::vector<PatchCollector> collectors_;                      ///< by interval
  std::vector<PatchSet> sets_;
  std::vector<PatchRuns> runs_;
  std::vector<std::vector<std::uint32_t>> place_;  ///< by interval and patch: place among those chosen
  std::vector<PatchCode> row_;
};

}  // namespace sink
