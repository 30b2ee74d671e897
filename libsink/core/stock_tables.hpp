// SPDX-License-Identifier: Apache-2.0
// Tables that stock methods need beside the parameters: InVEST's carbon pools and the rows of the IPCC's BCEF table.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/legend.hpp"

namespace sink {

/// Carbon densities by land-cover code: InVEST's pools table (`lucode,LULC_name,C_above,C_below,C_soil,C_dead`).
struct CarbonPools {
  std::string file;
  struct Row {
    std::int64_t code;
    std::string name;
    double above_tc_ha, below_tc_ha, soil_tc_ha, dead_tc_ha;
  };
  std::vector<Row> rows;
};

/// The classes of a pools table as a legend, for a run without one: nothing is known of their land use.
/// Throws Error::input for more classes than a legend may have.
inline Legend legend_of(const CarbonPools& pools) {
  std::vector<LegendRow> rows;
  for (const auto& row : pools.rows) rows.push_back({std::to_string(row.code), "", LandUse::other, row.name, ""});
  return Legend(pools.file, std::move(rows));
}

/// Which row of the BCEF table a forest takes: zone ("temperate") -> parameter key ("CHINESE_FIR") -> group
/// ("other_conifers"). The group's factors are parameters of the key "<zone>/<group>".
using BcefGroups = std::map<std::string, std::map<std::string, std::string>>;

}  // namespace sink
