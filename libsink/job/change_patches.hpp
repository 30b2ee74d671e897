// SPDX-License-Identifier: Apache-2.0
// ChangePatchesJob: patches of chosen changes as polygons for inspectors, as plain data. Filled from the command line;
// computed by `run_change_patches`.
#pragma once

#include <string>
#include <vector>

#include "job/class_maps.hpp"
#include "job/job.hpp"
#include "job/patch_options.hpp"

namespace sink {

struct ChangePatchesJob {
  ClassMapInputs maps;
  PatchOptions find;
  std::vector<ZoneSource> zones;
  // Rasters on the maps' grid, FILE or FILE:BAND; none where not known.
  std::vector<std::string> stocks;       ///< carbon [t C/ha] before the change: one, or one for each interval
  std::vector<std::string> ages;         ///< stand age [yr], one for each date
  std::vector<std::string> volumes;      ///< growing stock [m3/ha], one for each date
  std::vector<std::string> confidences;  ///< 0 to 1: of the class, one for each date; or of the change, by interval
  OutputOptions output;                  ///< directory, overwrite, csv_bom; the rest does not apply
  std::string command_line;
};

/// Writes patches.gpkg (layer `patches`), patches.csv and run.json into `job.output.directory`; nothing stays behind
/// where it fails. Throws Error of every kind.
JobResult run_change_patches(const ChangePatchesJob& job, const ProgressCallback& progress);

}  // namespace sink
