// SPDX-License-Identifier: Apache-2.0
// One pass over class maps: from-to codes, pixels and true areas by zone, interval and transition, and trajectories.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "account/change_cells.hpp"
#include "account/transition_matrix.hpp"
#include "job/change_carbon.hpp"
#include "job/change_count.hpp"
#include "job/class_maps.hpp"
#include "job/zone_set.hpp"
#include "raster/geodesy.hpp"
#include "raster/raster_output.hpp"

namespace sink {

/// The classes of a pixel at every date.
using Trajectory = std::u16string;

/// What pixels a window or a whole pass held. Mergeable in any order: all sums are exact integers.
struct ChangeSums {
  std::vector<ChangeCells> cells;  ///< by zone set; `ZoneSet::once` is the total
  ChangeCells map;                 ///< of the whole grid, where sampled areas must be compared with it
  std::unordered_map<Trajectory, PixelArea> trajectories;  ///< over the total of the first zone set
  std::vector<std::int64_t> inside;                        ///< by zone set: pixels in any zone
  std::vector<std::vector<std::uint8_t>> seen;             ///< by interval: 1 for each from-to code of any pixel
  std::set<std::size_t> overlapping;                       ///< zone sets in which zones share a pixel
  std::vector<std::int64_t> negative;                      ///< by carbon map: pixels below zero
  ClassMaps::Stray stray;

  void merge(const ChangeSums& other);
  [[nodiscard]] std::size_t bytes() const noexcept;
};

/// Everything that the workers share.
struct ChangeSetup {
  /// `zones` blank: the whole grid, with a total and no zones. Throws Error::input.
  ChangeSetup(const ClassMapInputs& inputs, const std::vector<ZoneSource>& sources, bool trajectories,
              const ChangeCarbonInputs& carbon_inputs = {});

  ClassMaps maps;
  ChangeCarbon carbon;
  std::vector<ZoneSet> zones;
  PixelAreas areas;
  bool with_trajectories;  ///< only where there are more than two dates
  int threads;
  BlockPlan plan;

  [[nodiscard]] std::size_t classes() const noexcept { return maps.legend().size(); }
  [[nodiscard]] std::size_t intervals() const noexcept { return maps.bands().size() - 1; }
  /// "2015", "2020".
  [[nodiscard]] std::string year(std::size_t date) const { return std::to_string(maps.years()[date]); }
  /// Type of the from-to codes i K + j + 1: UInt16 while all of them and the nodata value fit.
  [[nodiscard]] RasterPixels code_pixels() const noexcept {
    return classes() <= 255 ? RasterPixels::uint16 : RasterPixels::uint32;
  }
  /// i K + j + 1; nodata where either class is unknown.
  [[nodiscard]] std::uint32_t code(ClassIndex from, ClassIndex to) const noexcept {
    if (from == no_class || to == no_class) return nodata_code(code_pixels());
    return static_cast<std::uint32_t>(from * classes() + to + 1);
  }
};

/// Columns of every interval, each ending as the next one starts; `stocks` are the window's carbon maps.
std::vector<ChangeColumns> interval_columns(const ChangeSetup& setup, const std::vector<std::vector<ClassIndex>>& dates,
                                            const std::vector<double>& area_ha,
                                            const std::vector<std::vector<double>>& stocks);
/// By carbon map: pixels below zero.
std::vector<std::int64_t> negative_pixels(const std::vector<std::vector<double>>& stocks);

/// Counts the changes of windows whose columns are at hand.
class ChangeCounter {
 public:
  explicit ChangeCounter(const ChangeSetup& setup);
  /// `intervals`: columns of each interval, which need not be those of the dates (a filter may have taken changes
  /// back); `classes`: a column per date, for trajectories. Adds to `sums` for every zone set; `sums` are of this
  /// window alone.
  void count(const Window& window, const std::vector<ChangeColumns>& intervals,
             const std::vector<std::vector<ClassIndex>>& classes, ChangeSums& sums);

 private:
  void count_trajectories(const Window& window, const std::vector<std::vector<ClassIndex>>& classes,
                          const double* area_ha, ChangeSums& sums);
  const ChangeSetup& setup_;
  std::vector<ZoneSet::Reader> readers_;
  std::vector<Span> spans_, inside_, outside_;
  Trajectory path_;
};

/// Throws Error::memory where the sums take more than half of --memory.
void check_memory(const ChangeSetup& setup, const ChangeSums& sums);
/// Throws Error::memory, and Error::input for zones that turned out to be empty and for carbon that cannot be.
void check_sums(const ChangeSetup& setup, const ChangeSums& sums);
/// What takes every window's codes by interval; blank: no rasters.
struct WriteCodes {
  std::function<void(TileScratch&, const Window&, const std::vector<std::vector<std::uint32_t>>&)> write;
  bool in_any_order = false;  ///< by any number of threads at a time; false: by one, in plan order
};
/// One pass. Throws Error of every kind; also for stray codes, zones that turned out to be empty, negative carbon, and
/// sums that take more than half of the memory.
ChangeSums count_changes(const ChangeSetup& setup, const WriteCodes& write, const ProgressCallback& progress);

/// The matrices of one zone, one for each interval.
struct ZoneChanges {
  std::size_t set = 0;
  Zone zone;
  bool total = false;  ///< every pixel of the set's zones, once
  std::vector<TransitionMatrix> intervals;
};
/// 1 by place for the classes that some pixel has, known at both dates of an interval.
std::vector<std::uint8_t> classes_seen(const ChangeSetup& setup, const ChangeSums& sums);
/// Calls `use` for every zone of every set in order, the total of a set last. Zones without pixels have zeros.
void for_each_zone(const ChangeSetup& setup, const ChangeSums& sums,
                   const std::function<void(const ZoneChanges&)>& use);

}  // namespace sink
