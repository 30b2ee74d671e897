// SPDX-License-Identifier: Apache-2.0
// Transitions of several intervals and zones, from a table or from a pass over maps, in one form.
#pragma once

#include <string>
#include <vector>

#include "account/intensity.hpp"
#include "job/change_pass.hpp"
#include "job/change_tables.hpp"

namespace sink {

struct ZoneTransitions {
  std::string zone_set, zone_id;
  std::vector<IntervalChange> intervals;  ///< oldest first
};
struct Transitions {
  std::vector<ClassLabel> classes;
  std::vector<ZoneTransitions> zones;
  std::string unit;  ///< "ha" or "pixels"
};

/// `unit` blank: ha where the table has areas. Columns as in matrix.csv, or OpenLand's (yearFrom, yearTo, From, To,
/// QtPixel, km2). Rows of what is unknown are left out. Throws Error::input with file and line.
Transitions read_transitions(const std::string& file, const std::string& unit);
/// `unit` blank: ha.
Transitions transitions_of(const ChangeSetup& setup, const ChangeSums& sums, const std::string& unit);

}  // namespace sink
