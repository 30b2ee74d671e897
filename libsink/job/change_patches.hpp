// SPDX-License-Identifier: Apache-2.0
// ChangePatchesJob: patches of chosen changes as polygons for inspectors, as plain data. Filled from the command line;
// computed by `run_change_patches`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "change/run_labels.hpp"
#include "job/class_maps.hpp"
#include "job/job.hpp"

namespace sink {

struct ChangePatchesJob {
  ClassMapInputs maps;
  std::vector<std::string> transitions;    ///< "FROM:TO": codes, land uses, keys or any
  std::vector<std::string> presets;        ///< "tea", "building"
  std::vector<std::string> minimum_units;  ///< "UNIT" or "FROM:TO=UNIT"; smaller patches are left out
  std::string impossible;                  ///< CSV from,to,reason[,within_years]: a column, nothing is deleted
  Connectivity connectivity = Connectivity::corners;
  std::vector<ZoneSource> zones;
  std::vector<std::pair<std::string, std::string>> overlays;  ///< name, polygons FILE[:LAYER]
  std::vector<std::string> stocks;  ///< carbon [t C/ha] before the change: one map, or one for each interval
  OutputOptions output;             ///< directory, overwrite, csv_bom; the rest does not apply
  std::string command_line;
};

/// Writes patches.gpkg (layer `patches`), patches.csv and run.json into `job.output.directory`; nothing stays behind
/// where it fails. Throws Error of every kind.
JobResult run_change_patches(const ChangePatchesJob& job, const ProgressCallback& progress);

}  // namespace sink
