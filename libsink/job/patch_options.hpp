// SPDX-License-Identifier: Apache-2.0
// Which patches of change are looked for, as a person says it: on the command line of `sinkchange patches`, or in the
// table [patches] of an inventory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "change/run_labels.hpp"

namespace sink {

struct PatchOptions {
  std::vector<std::string> transitions;    ///< "FROM:TO": codes, land uses, keys or any
  std::vector<std::string> presets;        ///< of `patch_presets`
  std::vector<std::string> minimum_units;  ///< "UNIT" or "FROM:TO=UNIT"; smaller patches are left out
  std::string impossible;                  ///< CSV from,to,reason[,within_years]: a column, nothing is deleted
  Connectivity connectivity = Connectivity::corners;
  std::vector<std::pair<std::string, std::string>> overlays;  ///< name, polygons FILE[:LAYER]
  std::vector<std::pair<std::string, double>> weights;        ///< legal weight of an overlay; 1 where not given
};

inline const std::vector<std::string>& patch_presets() {
  static const std::vector<std::string> names = {"tea", "building", "harvest"};
  return names;
}

}  // namespace sink
