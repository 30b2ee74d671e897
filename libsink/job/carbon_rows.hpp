// SPDX-License-Identifier: Apache-2.0
// The carbon of every transition by zone and interval, on mapped and on error-adjusted areas: what carbon.csv and the
// console show.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "job/adjusted_areas.hpp"
#include "job/change_pass.hpp"

namespace sink {

/// Area [ha] and emissions [t CO2] corrected for the map's errors. se is NaN where there is no interval.
struct AdjustedCarbon {
  Estimate area_ha{no_value, no_value}, in_year{no_value, no_value}, committed{no_value, no_value};
  double z = 0;
};

struct CarbonRow {
  std::size_t set = 0, interval = 0;
  Zone zone;
  bool total = false;
  bool all = false;  ///< all transitions that changed, together; else one
  ClassIndex from = no_class, to = no_class;
  TransitionCarbon carbon;
  Emissions emissions;  ///< on mapped areas
  std::optional<AdjustedCarbon> adjusted;
  [[nodiscard]] bool changed() const noexcept { return all || (from != no_class && to != no_class && from != to); }
};

class CarbonRows {
 public:
  /// Reads the accuracy tables; a usage or input error of theirs comes before the pass.
  explicit CarbonRows(const ChangeSetup& setup);
  /// Throws Error::input where an accuracy table is of another map than the one counted.
  void demand_same_maps(const ChangeSums& sums) const;
  /// Calls `use` for every zone of every set in order, the total of a set last: the transitions that occur (in totals
  /// also those that only the reference has), then all together.
  void for_each(const ChangeSums& sums, const std::function<void(const CarbonRow&)>& use) const;
  [[nodiscard]] bool adjusted() const noexcept { return !areas_.empty(); }
  [[nodiscard]] const std::vector<AdjustedAreas>& areas() const noexcept { return areas_; }

 private:
  struct Cells;
  void add_reference_only(std::size_t interval, Cells& cells) const;
  void adjust(CarbonRow& row, bool covers_map) const;
  [[nodiscard]] bool covers_map(const ChangeSums& sums, const CellsByZone& cells, std::size_t interval) const;
  const ChangeSetup& setup_;
  std::vector<AdjustedAreas> areas_;  ///< by interval
};

}  // namespace sink
