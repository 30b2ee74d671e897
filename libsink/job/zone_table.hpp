// SPDX-License-Identifier: Apache-2.0
// The tables of a run: zones.csv and targets.csv (interface.md, Outputs), and the county table for a terminal.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "account/zone_sums.hpp"
#include "job/run_setup.hpp"
#include "report/table.hpp"

namespace sink {

/// The merged sums of a run.
struct RunSums {
  std::vector<ZoneSums> zones, inside, parcels;  ///< as in BlockResult
  std::vector<std::vector<ZoneSums>> sides;      ///< by side account and zone set
  ZoneSums whole;
};

/// One row group of a table: a zone, or the total of a set.
struct ZoneEntry {
  std::string id, name;
  std::vector<FixedSum> sums;  ///< zeros where the zone has no pixels
  std::int64_t pixels = 0;
  std::int32_t code = 0;
};
/// The zones of a set in order of id, and `total` last.
std::vector<ZoneEntry> zone_entries(const RunSetup& setup, const RunSums& sums, std::size_t set);

/// The same zones with the sums of a side account, by zone set.
std::vector<std::vector<ZoneEntry>> side_entries(const RunSetup& setup, const RunSums& sums, std::size_t side);
/// The closures of all side accounts.
std::vector<Closure> side_closures(const RunSetup& setup, const RunSums& sums);
/// The tables of all side accounts.
std::vector<SideTable> side_tables(const RunSetup& setup, const RunSums& sums);

/// zones.csv. Rows stand by set, zone in order of id, method, dates before periods; `total` last in its set.
Table zone_table(const RunSetup& setup, const RunSums& sums);

/// The rows of one set for a person: what stands, what is taken up, how it compares.
std::string county_table(const RunSetup& setup, const RunSums& sums, std::size_t set);

/// targets.csv. `check_going` is called now and then and may throw.
Table target_table(const RunSetup& setup, const RunSums& sums, const std::function<void()>& check_going);

}  // namespace sink
