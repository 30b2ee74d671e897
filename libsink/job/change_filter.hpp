// SPDX-License-Identifier: Apache-2.0
// ChangeFilterJob: class maps and their changes with noise taken out, as plain data. Filled from the command line;
// computed by `run_change_filter`.
#pragma once

#include <string>

#include "job/class_maps.hpp"
#include "job/filter_options.hpp"
#include "job/job.hpp"

namespace sink {

struct ChangeFilterJob {
  ClassMapInputs maps;
  FilterOptions filter;
  OutputOptions output;  ///< `layers` does not apply
  std::string command_line;
};

/// Writes change_<y1>_<y2>.tif for each interval, where the maps themselves were filtered class_<year>.tif, with a
/// model confidence_<year>.tif, filter.csv and run.json into `job.output.directory`; nothing stays behind where it
/// fails. Throws Error of every kind.
JobResult run_change_filter(const ChangeFilterJob& job, const ProgressCallback& progress);

}  // namespace sink
