// SPDX-License-Identifier: Apache-2.0
// ChangeFilterJob: class maps and their changes with noise taken out, as plain data. Filled from the command line;
// computed by `run_change_filter`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "change/run_labels.hpp"
#include "job/class_maps.hpp"
#include "job/job.hpp"

namespace sink {

/// Steps in this order, each where it is asked for: labels over the years, sieve of each map, minimum mapping unit of
/// each transition, impossible transitions.
struct ChangeFilterJob {
  ClassMapInputs maps;
  std::string transitions, emissions;        ///< CSVs of the hidden Markov model; both or none
  bool majority = false;                     ///< of three years, instead of the model
  std::int64_t sieve_pixels = 0;             ///< patches of a map below go to their largest neighbour; 0: none
  std::vector<std::string> minimum_units;    ///< "UNIT" or "FROM:TO=UNIT": smaller patches of change are no change
  std::string impossible;                    ///< CSV from,to,reason[,within_years]: flagged, never deleted
  std::optional<Connectivity> connectivity;  ///< none: edges for the sieve (as GDAL), corners for patches of change
  OutputOptions output;                      ///< `layers` does not apply
  std::string command_line;
};

/// Writes change_<y1>_<y2>.tif for each interval, where the maps themselves were filtered class_<year>.tif, with a
/// model confidence_<year>.tif, filter.csv and run.json into `job.output.directory`; nothing stays behind where it
/// fails. Throws Error of every kind.
JobResult run_change_filter(const ChangeFilterJob& job, const ProgressCallback& progress);

}  // namespace sink
