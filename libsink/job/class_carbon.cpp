// SPDX-License-Identifier: Apache-2.0
#include "job/class_carbon.hpp"

#include <cmath>
#include <map>

namespace sink {
namespace {

/// Above and below ground together; a pool without an sd counts as exact beside one that has it.
ClassCarbon::Pool living_of(const CarbonPools::Row& row) {
  ClassCarbon::Pool living{row.above_tc_ha + row.below_tc_ha, no_value};
  if (std::isnan(row.above_sd)) {
    living.sd = row.below_sd;
  } else {
    living.sd = std::isnan(row.below_sd) ? row.above_sd : std::hypot(row.above_sd, row.below_sd);
  }
  return living;
}

}  // namespace

std::vector<ClassCarbon> carbon_by_key(const Legend& legend, const ParameterTable& parameters) {
  std::map<std::pair<std::string, std::string>, ParameterRow> rows;
  for (const auto& row : parameters.rows()) rows[{row.key, row.parameter}] = row;
  std::vector<ClassCarbon> classes(legend.size());
  for (std::size_t k = 0; k < legend.size(); ++k) {
    const LegendRow& entry = legend[static_cast<ClassIndex>(k)];
    if (is_forest(entry.land_use) && entry.land_use != LandUse::forest_unstocked) continue;
    const auto biomass = rows.find({entry.key, "biomass_density"}),
               fraction = rows.find({entry.key, "carbon_fraction"});
    if (entry.key.empty() || biomass == rows.end() || biomass->second.value == 0) {
      classes[k].living = {0, no_value};
    } else if (fraction != rows.end()) {
      classes[k].living = {biomass->second.value * fraction->second.value, biomass->second.sd * fraction->second.value};
    }
  }
  return classes;
}

std::vector<ClassCarbon> carbon_by_pools(const Legend& legend, const CarbonPools& pools) {
  const auto rows = rows_by_class(pools, legend);
  std::vector<ClassCarbon> classes(legend.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k] == nullptr) continue;
    classes[k] = {
        living_of(*rows[k]), {rows[k]->dead_tc_ha, rows[k]->dead_sd}, {rows[k]->soil_tc_ha, rows[k]->soil_sd}};
  }
  return classes;
}

}  // namespace sink
