// SPDX-License-Identifier: Apache-2.0
// MethodSetup: what methods are made from.
#pragma once

#include <string>

#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "core/stock_tables.hpp"

namespace sink {

/// Tables are borrowed while methods are made; a finished method keeps none of them.
struct MethodSetup {
  const ParameterTable& parameters;
  const Legend* forest_types = nullptr;     ///< null where no forest type map is given
  const Legend* landcover = nullptr;        ///< null where no land cover map is given
  const CarbonPools* pools = nullptr;       ///< for lookup
  const BcefGroups* bcef_groups = nullptr;  ///< for bcef
  std::string bcef_zone;                    ///< temperate, subtropical or humid_tropical; for bcef
  bool bcef_interpolate = false;            ///< BCEF without steps between its volume classes
  std::string regression_set = "LY2016";
  bool culms_given = true;       ///< whether there is a map of bamboo culms, or one of each age
  bool culm_ages_given = false;  ///< whether it is one of each age
};

}  // namespace sink
