// SPDX-License-Identifier: Apache-2.0
// SampleJob: a probability sample of a class map for labelling, as plain data. Filled from the command line; drawn by
// `run_sample`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "account/sample_size.hpp"
#include "job/job.hpp"

namespace sink {

struct SampleJob {
  enum class Design { stratified, systematic };
  std::string map;                ///< class raster, FILE or FILE:BAND; relative paths start at the working directory
  std::string legend;             ///< shipped name or CSV; blank: classes are what the map holds
  std::vector<ZoneSource> zones;  ///< at most one set: strata are then classes within zones
  Design design = Design::stratified;
  // How many: exactly one of the three. Systematic needs `n`.
  std::int64_t n = 0;                    ///< units in all; > 0 where given
  std::vector<std::string> per_stratum;  ///< "STRATUM=N", "CLASS=N" or "N" for all the others
  double se_overall = 0;                 ///< standard error wanted of the overall accuracy; > 0 where given
  std::vector<std::string> expected_ua;  ///< "CLASS=0.8", "STRATUM=0.8" or "0.8" for all the others
  Allocation allocation = Allocation::proportional;
  std::int64_t at_least = 50;  ///< units per stratum where `n` or `se_overall` is given
  std::uint64_t seed = 1;
  OutputOptions output;  ///< directory, overwrite, csv_bom; the rest does not apply
  RunOptions run;
  std::string command_line;
};

/// Draws units (pixels) in one pass over the map and writes sample.gpkg and sample.csv for labelling, strata.csv and
/// run.json into `job.output.directory`; nothing stays behind where it fails. The same sample for any threads, blocks
/// and memory. Units are numbered in random order, so that any first part of a sample is a random part of it. Throws
/// Error of every kind.
JobResult run_sample(const SampleJob& job, const ProgressCallback& progress);

}  // namespace sink
