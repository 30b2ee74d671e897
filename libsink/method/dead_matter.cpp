// SPDX-License-Identifier: Apache-2.0
#include "method/dead_matter.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {
namespace {

constexpr std::string_view tool12 = "TOOL12";

}  // namespace

std::string_view tool12_zone(const ParameterTable& parameters, bool tropical, double elevation_m,
                             double precipitation_mm_yr) {
  if (!tropical) return "temperate_boreal";
  if (elevation_m > parameters.need(tool12, "montane_above")) return "tropical_montane";
  if (precipitation_mm_yr > parameters.need(tool12, "wet_above")) return "tropical_wet";
  return precipitation_mm_yr < parameters.need(tool12, "dry_below") ? "tropical_dry" : "tropical_moist";
}

DeadMatterOfBiomass tool12_dead_matter(const ParameterTable& parameters, std::string_view zone) {
  if (std::find(tool12_zones.begin(), tool12_zones.end(), zone) == tool12_zones.end())
    throw usage_error("no zone '" + std::string(zone) + "' of dead matter: did you mean " +
                      nearest_name(zone, {tool12_zones.begin(), tool12_zones.end()}) + "?");
  const std::string key = std::string(tool12) + "/" + std::string(zone);
  return {parameters.need(key, "dead_wood_of_agb") * parameters.need("ANY", "dead_wood_carbon_fraction"),
          parameters.need(key, "litter_of_agb") * parameters.need("ANY", "litter_carbon_fraction")};
}

std::vector<std::string> dead_matter_sets(const ParameterTable& parameters) {
  std::vector<std::string> sets;
  for (const ParameterRow& row : parameters.rows())
    if (row.parameter == "litter_carbon" && (row.key == "MEASURED" || row.key.find('/') != std::string::npos))
      sets.push_back(row.key);
  return sets;
}

DeadMatterByClass fixed_dead_matter(const ParameterTable& parameters, const Legend& legend, std::string_view set) {
  if (!parameters.has(set, "litter_carbon") && !parameters.has(set, "dead_wood_carbon"))
    throw usage_error("no densities of dead matter '" + std::string(set) + "': did you mean " +
                      nearest_name(set, dead_matter_sets(parameters)) + "?");
  const auto density = [&](const LegendRow& row, std::string_view parameter) {
    if (!is_forest(row.land_use)) return 0.0;
    const std::string_view key = parameters.has(row.key, parameter) ? std::string_view(row.key) : set;
    return parameters.find(key, parameter).value_or(no_value);
  };
  DeadMatterByClass dead;
  for (ClassIndex type = 0; type < legend.size(); ++type) {
    dead.dead_wood_tc_ha.set(type, density(legend[type], "dead_wood_carbon"));
    dead.litter_tc_ha.set(type, density(legend[type], "litter_carbon"));
  }
  return dead;
}

}  // namespace sink
