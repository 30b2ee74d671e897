// SPDX-License-Identifier: Apache-2.0
#include "method/soil.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "core/nodata.hpp"

namespace sink {
namespace {

std::string key_of(const std::string& edition, std::string_view climate, std::string_view name) {
  return edition + "/" + std::string(climate) + "/" + std::string(name);
}

std::vector<std::string> climates_of(const ParameterTable& parameters, const std::string& edition) {
  std::set<std::string> climates;
  for (const ParameterRow& row : parameters.rows()) {
    if (!row.key.starts_with(edition + "/")) continue;
    const std::string rest = row.key.substr(edition.size() + 1);
    if (const std::string climate = rest.substr(0, rest.find('/')); climate != "ANY") climates.insert(climate);
  }
  return {climates.begin(), climates.end()};
}

/// How the soil of a land use is described; nothing where it is not modelled.
std::optional<SoilUse> soil_use_of(LandUse use, const SoilChoice& choice) {
  switch (use) {
    case LandUse::forest:
    case LandUse::forest_unstocked:
    case LandUse::shrub_counted:
      return SoilUse{"forest", "", ""};
    case LandUse::cropland:
      return choice.cropland;
    case LandUse::cropland_perennial:
      return SoilUse{"cropland_perennial", "", ""};
    case LandUse::grassland:
      return choice.grassland;
    case LandUse::settlement:
      return SoilUse{"settlement", "", ""};
    case LandUse::wetland:
    case LandUse::other:
      break;
  }
  return std::nullopt;
}

}  // namespace

IpccEdition ipcc_edition_called(std::string_view name) {
  if (name == "2006") return IpccEdition::year_2006;
  if (name == "2019") return IpccEdition::year_2019;
  throw usage_error("no IPCC edition '" + std::string(name) + "' of soil factors: use 2006 or 2019");
}

SoilTables::SoilTables(const ParameterTable& parameters, IpccEdition edition, std::string_view climate)
    : parameters_(parameters), edition_(edition == IpccEdition::year_2006 ? "2006" : "2019"), climate_(climate) {
  const auto climates = climates_of(parameters, edition_);
  if (std::find(climates.begin(), climates.end(), climate_) == climates.end())
    throw usage_error("no climate '" + climate_ + "' in the soil factors of " + edition_ + ": did you mean " +
                      nearest_name(climate_, climates) + "?");
}

double SoilTables::reference_tc_ha(std::string_view soil) const {
  const std::string key = key_of(edition_, climate_, soil);
  if (!parameters_.has(key, "soc_reference")) {
    const std::string before = key_of(edition_, climate_, "");
    std::vector<std::string> soils;
    for (const ParameterRow& row : parameters_.rows()) {
      if (row.parameter == "soc_reference" && row.key.starts_with(before))
        soils.push_back(row.key.substr(before.size()));
    }
    throw usage_error("no reference stock of soil '" + std::string(soil) + "' in " + before + ": did you mean " +
                      nearest_name(soil, soils) + "? One of your own is a row " + key + ",soc_reference,VALUE,t C/ha");
  }
  return parameters_.need(key, "soc_reference");
}

double SoilTables::factor(const std::string& name, std::string_view parameter) const {
  const std::string any = key_of(edition_, "ANY", name), own = key_of(edition_, climate_, name);
  const bool general = !parameters_.has(own, parameter) && parameters_.has(any, parameter);
  return parameters_.need(general ? any : own, parameter);
}

double SoilTables::factor(const SoilUse& use) const {
  const double f_lu = factor(use.use, "f_lu");
  const double f_mg = use.management.empty() ? 1 : factor(use.management, "f_mg");
  const double f_i = use.input.empty() ? 1 : factor(use.input, "f_i");
  return f_lu * f_mg * f_i;
}

SoilStocks soil_stocks(const ParameterTable& parameters, const SoilChoice& choice, std::span<const LandUse> uses) {
  const SoilTables tables(parameters, choice.edition, choice.climate);
  SoilStocks stocks{};
  stocks.by_use.fill(no_value);
  for (const LandUse use : uses)
    if (const auto described = soil_use_of(use, choice))
      stocks.by_use[static_cast<std::size_t>(use)] = tables.stock_tc_ha(choice.soil, *described);
  return stocks;
}

}  // namespace sink
