// SPDX-License-Identifier: Apache-2.0
// ChangeMapJob: what changed between class maps, as plain data. Filled from the command line; computed by
// `run_change_map`.
#pragma once

#include <string>
#include <vector>

#include "job/change_carbon.hpp"
#include "job/class_maps.hpp"
#include "job/filter_options.hpp"
#include "job/job.hpp"

namespace sink {

struct ChangeMapJob {
  ClassMapInputs maps;
  std::vector<ZoneSource> zones;  ///< blank: the whole grid
  FilterOptions filter;           ///< none: every change that the maps show
  bool rasters = true;            ///< false: tables and charts only (`sinkchange matrix`)
  bool trajectories = true;       ///< where there are more than two dates
  ChangeCarbonInputs carbon;      ///< blank: no carbon.csv
  OutputOptions output;           ///< `layers` does not apply
  std::string command_line;
};

/// Writes change_<y1>_<y2>.tif for each interval, matrix.csv, matrix.json, classes.csv, trajectories.csv, carbon.csv,
/// the charts and run.json into `job.output.directory`, with filters of the filtered changes and also what
/// `run_change_filter` does; nothing stays behind where it fails. Throws Error of every kind.
JobResult run_change_map(const ChangeMapJob& job, const ProgressCallback& progress);

}  // namespace sink
