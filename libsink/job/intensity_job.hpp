// SPDX-License-Identifier: Apache-2.0
// IntensityJob: intensity analysis of class maps, or of a table of transitions, as plain data.
#pragma once

#include <string>
#include <vector>

#include "job/class_maps.hpp"
#include "job/job.hpp"

namespace sink {

struct IntensityJob {
  ClassMapInputs maps;            ///< no maps: `matrix` is read
  std::vector<ZoneSource> zones;  ///< of maps; blank: the whole grid
  std::string matrix;             ///< matrix.csv, or a long table by the columns of OpenLand
  std::string unit;               ///< "ha" or "pixels"; blank: ha where there are areas
  OutputOptions output;           ///< directory, overwrite, csv_bom; the rest does not apply
  std::string command_line;
};

/// Writes intensity.csv, stationarity.csv (where there is more than one interval) and run.json into
/// `job.output.directory`; nothing stays behind where it fails. Throws Error of every kind.
JobResult run_intensity(const IntensityJob& job, const ProgressCallback& progress);

}  // namespace sink
