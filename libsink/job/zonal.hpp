// SPDX-License-Identifier: Apache-2.0
// ZonalJob: sums of density rasters over zones, as plain data. Filled from the command line; computed by `run_zonal`.
#pragma once

#include <string>
#include <vector>

#include "job/job.hpp"

namespace sink {

struct ZonalJob {
  std::vector<std::string> rasters;  ///< per-hectare densities, "FILE" or "FILE:BAND"; at least one
  std::vector<ZoneSource> zones;     ///< at least one; relative paths start at the working directory, as all here
  std::string by;                    ///< class raster: sums per class within each zone; blank: none
  OutputOptions output;              ///< directory, overwrite, csv_bom; the rest does not apply
  RunOptions run;
  std::string command_line;
};

/// Writes zonal.csv and run.json into `job.output.directory`; nothing stays behind where it fails.
/// Throws Error of every kind.
JobResult run_zonal(const ZonalJob& job, const ProgressCallback& progress);

}  // namespace sink
