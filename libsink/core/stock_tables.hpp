// SPDX-License-Identifier: Apache-2.0
// Tables that stock methods need beside the parameters: InVEST's carbon pools and the rows of the IPCC's BCEF table.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/legend.hpp"
#include "core/nodata.hpp"

namespace sink {

/// Carbon densities by land-cover code: InVEST's pools table (`lucode,LULC_name,C_above,C_below,C_soil,C_dead`).
struct CarbonPools {
  std::string file;
  struct Row {
    std::int64_t code;
    std::string name;
    double above_tc_ha, below_tc_ha, soil_tc_ha, dead_tc_ha;
    /// Standard deviations (columns C_above_sd, …, which InVEST does not have); NaN: not given.
    double above_sd = no_value, below_sd = no_value, soil_sd = no_value, dead_sd = no_value;
    [[nodiscard]] bool same_carbon(const Row& other) const noexcept {
      return above_tc_ha == other.above_tc_ha && below_tc_ha == other.below_tc_ha && soil_tc_ha == other.soil_tc_ha &&
             dead_tc_ha == other.dead_tc_ha;
    }
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

/// The row of each class of a legend; null where the table has none. Throws Error::input for a class of several codes
/// ("10xx" is one class) whose rows disagree.
inline std::vector<const CarbonPools::Row*> rows_by_class(const CarbonPools& pools, const Legend& legend) {
  std::vector<const CarbonPools::Row*> rows(legend.size(), nullptr);
  for (const CarbonPools::Row& row : pools.rows) {
    const ClassIndex place = legend.index_of(row.code);
    if (place == no_class) continue;
    if (rows[place] != nullptr && !rows[place]->same_carbon(row)) {
      throw input_error(pools.file, "codes of class " + legend[place].code +
                                        " have different densities: write them as rows of their own in the legend");
    }
    rows[place] = &row;
  }
  return rows;
}

/// Which row of the BCEF table a forest takes: zone ("temperate") -> parameter key ("CHINESE_FIR") -> group
/// ("other_conifers"). The group's factors are parameters of the key "<zone>/<group>".
using BcefGroups = std::map<std::string, std::map<std::string, std::string>>;

}  // namespace sink
