// SPDX-License-Identifier: Apache-2.0
// FilterRun: what every command that filters does with its maps: passes, counts, rasters of the maps, filter.csv.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/change_rasters.hpp"
#include "job/filter_pass.hpp"

namespace sink {

class FilterRun {
 public:
  /// Reads and checks the tables. `options` and `setup` must outlive this. Throws Error::input and Error::usage.
  FilterRun(const FilterOptions& options, const ChangeSetup& setup);

  /// The tables that were read.
  [[nodiscard]] std::vector<std::string> files() const;
  /// Every file that may be published, the change rasters aside.
  [[nodiscard]] std::vector<std::string> result_names() const;
  [[nodiscard]] std::int64_t rows_at_once() const noexcept { return rows_.rows_at_once(); }
  /// Whether each interval's changes are filtered by themselves, so that one's ends are not the next one's starts.
  [[nodiscard]] bool filters_intervals() const noexcept { return !options_.minimum_units.empty(); }

  /// From now on the filtered maps are written too, where a filter works on the maps. Throws Error::output, and
  /// Error::input where their legends do not allow it.
  void write_maps(const OutputOptions& output, const OutputDirectory& directory);
  /// All passes. `write` gets every strip's codes by interval (blank: no change rasters). Sums have `seen` only, unless
  /// `count`: then those of every zone; trajectories are those of the filtered maps. Throws Error of every kind.
  ChangeSums run(bool count, const WriteCodes& write, const ProgressCallback& progress);
  /// Finishes the maps, writes filter.csv, and adds what a person should know.
  void finish(const OutputOptions& output, const OutputDirectory& directory, const ProgressCallback& progress,
              JobResult& result);
  /// The run record with the filters in it.
  [[nodiscard]] std::string with_filters(const std::string& record) const;

 private:
  void count_strip(const Window& window, const ChangeStrip& strip, ChangeCounter& counter, ChangeSums& sums);
  [[nodiscard]] Table table() const;
  const FilterOptions& options_;
  const ChangeSetup& setup_;
  FilterPasses passes_;
  ChangeRows rows_;
  std::optional<FilteredMaps> maps_;
  std::vector<std::vector<std::uint32_t>> codes_;  ///< of a strip, by interval
  std::vector<std::vector<ClassIndex>> ends_;      ///< of a strip, by interval: classes at its end
};

}  // namespace sink
