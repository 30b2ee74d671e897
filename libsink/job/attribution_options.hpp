// SPDX-License-Identifier: Apache-2.0
// The table [attribution] of an inventory: split the sink by what caused it.
#pragma once

#include <string>
#include <vector>

namespace sink {

struct AttributionOptions {
  bool rasters = true;  ///< a map of causes by period
  /// Names of disturbances that are fires, and those that are harvests; any other name is `other_disturbance`.
  std::vector<std::string> fire = {"fire"}, harvest = {"harvest", "thinning"};
};

}  // namespace sink
