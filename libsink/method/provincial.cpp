// SPDX-License-Identifier: Apache-2.0
#include "method/provincial.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

constexpr std::array<std::string_view, 4> factors = {"growth_rate", "consumption_rate", "wood_density_svd",
                                                     "bef_total"};

std::string_view key_for(const ParameterTable& parameters, const std::string& key, std::string_view parameter) {
  return parameters.has(key, parameter) ? std::string_view(key) : province_key;
}

bool has_area_density(const ParameterTable& parameters, const LegendRow& row) {
  if (!parameters.has(row.key, "biomass_density") || row.land_use == LandUse::forest_unstocked) return false;
  // A tree with a density of its own still goes by its volume.
  return !parameters.has(row.key, "wood_density");
}

bool grows_by_volume(const ParameterTable& parameters, const LegendRow& row) {
  return goes_by_volume(parameters, row) && row.land_use == LandUse::forest && !has_area_density(parameters, row);
}

}  // namespace

std::vector<std::string> provincial_rows_to_add(const ParameterTable& parameters, const Legend& forest_types) {
  std::vector<std::string> missing;
  for (const std::string_view parameter : factors) {
    const bool wanted = std::any_of(forest_types.rows().begin(), forest_types.rows().end(), [&](const LegendRow& row) {
      return grows_by_volume(parameters, row) && !parameters.has(row.key, parameter);
    });
    if (wanted && !parameters.has(province_key, parameter)) missing.push_back(row_to_add(province_key, parameter));
  }
  if (!parameters.has(province_key, "carbon_fraction")) missing.push_back(row_to_add(province_key, "carbon_fraction"));
  return missing;
}

ProvincialGrowth provincial_growth(const ParameterTable& parameters, const Legend& forest_types) {
  if (const auto missing = provincial_rows_to_add(parameters, forest_types); !missing.empty()) {
    std::string rows;
    for (const std::string& row : missing) rows += (rows.empty() ? "" : "; ") + row;
    throw Error(
        Error::Kind::input,
        "parameters: the provincial method has no default rates: add to a table of your own, and give that with "
        "--parameters, the rows " +
            rows);
  }
  ProvincialGrowth kernel;
  for (ClassIndex type = 0; type < forest_types.size(); ++type) {
    const LegendRow& row = forest_types[type];
    if (!grows_by_volume(parameters, row)) continue;
    const auto of = [&](std::string_view parameter) {
      return parameters.need(key_for(parameters, row.key, parameter), parameter);
    };
    kernel.rate_tc_m3_yr.set(
        type, provincial_growth_tc_yr(1, of("growth_rate"), of("consumption_rate"), of("wood_density_svd"),
                                      of("bef_total"), parameters.need(province_key, "carbon_fraction")));
  }
  return kernel;
}

ClassTable provincial_area_density_tc_ha(const ParameterTable& parameters, const Legend& legend) {
  ClassTable density;
  for (ClassIndex type = 0; type < legend.size(); ++type)
    if (has_area_density(parameters, legend[type]))
      density.set(type, parameters.need(legend[type].key, "biomass_density") *
                            parameters.need(province_key, "carbon_fraction"));
  return density;
}

}  // namespace sink
