// SPDX-License-Identifier: Apache-2.0
#include "core/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {
namespace {

/// A number as a person writes it, for messages.
std::string in_words(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

Error row_error(const ParameterRow& row, const std::string& what) {
  return input_error(row.origin.empty() ? "parameter table" : row.origin, row.key + " " + row.parameter + ": " + what);
}

const ParameterKind* kind_called(std::string_view name) {
  const auto& kinds = parameter_kinds();
  const auto at = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.name == name; });
  return at == kinds.end() ? nullptr : &*at;
}

std::string nearest_parameter(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& kind : parameter_kinds()) names.emplace_back(kind.name);
  return nearest_name(name, names);
}

/// The parts of a key between its slashes.
std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (auto slash = key.find('/'); slash != std::string_view::npos; slash = key.find('/')) {
    parts.push_back(key.substr(0, slash));
    key.remove_prefix(slash + 1);
  }
  parts.push_back(key);
  return parts;
}

}  // namespace

const std::vector<ParameterKind>& parameter_kinds() {
  // Ranges are wide: they catch a percentage, a wrong unit or a slipped decimal point, not an unusual stand.
  static const std::vector<ParameterKind> kinds = {
      {"bef", "1", 1, 20, "biomass expansion factor: above-ground biomass over stem biomass"},
      {"wood_density", "t/m3", 0.05, 1.5, "basic wood density: dry mass over green volume"},
      {"root_shoot", "1", 0, 5, "below-ground over above-ground biomass"},
      {"carbon_fraction", "1", 0.2, 0.7, "carbon over dry biomass"},
      {"culm_kg", "kg", 0.1, 200, "dry biomass of one bamboo culm, whole plant"},
      {"biomass_density", "t/ha", 0, 2000, "living biomass of a class without volume, whole plant"},
      {"regression_a", "t/m3", 0.01, 5, "slope of biomass, roots included, on volume"},
      {"regression_b", "t/ha", -100, 500, "intercept of biomass, roots included, on volume"},
      {"regression_v0", "m3/ha", 0, 100, "volume below which the regression goes through the origin"},
      {"growth_w", "t/ha", 1, 3000, "biomass that a stand grows towards, roots included"},
      {"growth_k", "1", 0.01, 1000, "k of logistic growth w / (1 + k exp(-a t))"},
      {"growth_a", "1/yr", 0.001, 2, "a of growth curves: how fast a stand grows"},
      {"growth_c", "1", 0.5, 20, "c of Richards growth w (1 - exp(-a t))^c"},
      {"bcef_s_to_10", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 10 m3/ha"},
      {"bcef_s_to_20", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 20 m3/ha"},
      {"bcef_s_to_40", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 40 m3/ha"},
      {"bcef_s_to_60", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 60 m3/ha"},
      {"bcef_s_to_80", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 80 m3/ha"},
      {"bcef_s_to_100", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 100 m3/ha"},
      {"bcef_s_to_120", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 120 m3/ha"},
      {"bcef_s_to_200", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 200 m3/ha"},
      {"bcef_s_to_inf", "t/m3", 0.05, 20, "above-ground biomass over volume, in the highest class"},
      {"dead_wood_of_agb", "1", 0, 2, "dry dead wood over above-ground biomass"},
      {"litter_of_agb", "1", 0, 2, "dry litter over above-ground biomass"},
      {"dead_wood_carbon_fraction", "1", 0.2, 0.7, "carbon over dry dead wood"},
      {"litter_carbon_fraction", "1", 0.2, 0.7, "carbon over dry litter"},
      {"dead_wood_carbon", "t C/ha", 0, 500, "carbon of dead wood in forest"},
      {"litter_carbon", "t C/ha", 0, 500, "carbon of litter in forest"},
      {"montane_above", "m", 0, 6000, "elevation above which a tropical forest is montane"},
      {"dry_below", "mm/yr", 0, 12000, "precipitation below which a tropical forest is dry"},
      {"wet_above", "mm/yr", 0, 12000, "precipitation above which a tropical forest is wet"},
      {"soc_reference", "t C/ha", 1, 1000, "reference stock of organic carbon of a mineral soil, 0-30 cm"},
      {"f_lu", "1", 0.05, 3, "stock change factor of a land use"},
      {"f_mg", "1", 0.05, 3, "stock change factor of a management"},
      {"f_i", "1", 0.05, 3, "stock change factor of an input of organic matter"},
      {"combustion_factor", "1", 0, 1, "share of the fuel that a fire burns"},
      {"gef_co2", "g/kg", 100, 3000, "CO2 emitted over dry matter burned"},
      {"gef_ch4", "g/kg", 0, 100, "CH4 emitted over dry matter burned"},
      {"gef_n2o", "g/kg", 0, 10, "N2O emitted over dry matter burned"},
      {"gwp_ch4", "1", 1, 200, "global warming potential of CH4 over 100 years"},
      {"gwp_n2o", "1", 50, 500, "global warming potential of N2O over 100 years"},
      {"growth_rate", "1/yr", 0, 0.5, "provincial method: volume grown in a year over standing volume"},
      {"consumption_rate", "1/yr", 0, 0.5, "provincial method: volume used or lost in a year over standing volume"},
      {"wood_density_svd", "t/m3", 0.05, 1.5, "provincial method: wood density SVD of the standing volume"},
      {"bef_total", "1", 1, 20, "provincial method: whole tree over stem biomass, roots inside"},
      {"half_life", "yr", 0.1, 1000, "half-life of a wood product in use, or of dead matter"},
      {"inflow_share", "1", 0, 1, "share of the carbon in wood products that goes into this one"},
      {"carbon_fraction_above", "1", 0.2, 0.7, "carbon over dry biomass above ground"},
      {"carbon_fraction_below", "1", 0.2, 0.7, "carbon over dry biomass below ground"},
  };
  return kinds;
}

std::string row_to_add(std::string_view key, std::string_view parameter) {
  const ParameterKind* const kind = kind_called(parameter);
  return std::string(key) + "," + std::string(parameter) + ",VALUE," + std::string(kind == nullptr ? "" : kind->unit);
}

void ParameterTable::check(const ParameterRow& row) const {
  if (row.key.empty()) throw row_error(row, "a row without a key: name the class it is for");
  const ParameterKind* const kind = kind_called(row.parameter);
  if (kind == nullptr)
    throw row_error(row, "no such parameter: did you mean " + nearest_parameter(row.parameter) + "?");
  if (row.unit != kind->unit)
    throw row_error(row, "is in " + std::string(kind->unit) + ", not in '" + row.unit +
                             "': convert the value and write the unit " + std::string(kind->unit));
  if (!(row.value >= kind->low && row.value <= kind->high))
    throw row_error(row, in_words(row.value) + " is outside " + in_words(kind->low) + " to " + in_words(kind->high) +
                             " " + std::string(kind->unit) + ": check the value and its unit");
  if (!(row.sd >= 0) || std::isinf(row.sd)) throw row_error(row, "the standard deviation must be 0 or more");
  if (row.status != "verified" && row.status != "unverified")
    throw row_error(row, "status '" + row.status + "' must be verified or unverified");
}

void ParameterTable::add_defaults(std::vector<ParameterRow> rows) {
  for (ParameterRow& row : rows) {
    check(row);
    if (has(row.key, row.parameter)) throw row_error(row, "stands twice: delete one of the rows");
    Name name{row.key, row.parameter};
    rows_.emplace(std::move(name), std::move(row));
  }
}

void ParameterTable::override_with(std::vector<ParameterRow> rows) {
  std::set<Name> seen;
  for (ParameterRow& row : rows) {
    check(row);
    Name name{row.key, row.parameter};
    if (!seen.insert(name).second) throw row_error(row, "stands twice: delete one of the rows");
    rows_.insert_or_assign(std::move(name), std::move(row));
  }
}

bool ParameterTable::has_key(std::string_view key) const {
  const auto at = rows_.lower_bound(Name{key, ""});
  return at != rows_.end() && at->first.first == key;
}

bool ParameterTable::has(std::string_view key, std::string_view parameter) const {
  return rows_.contains(Name{key, parameter});
}

const ParameterRow* ParameterTable::row(std::string_view key, std::string_view parameter) const {
  const auto at = rows_.find(Name{key, parameter});
  return at == rows_.end() ? nullptr : &at->second;
}

std::optional<double> ParameterTable::find(std::string_view key, std::string_view parameter) const {
  const auto at = rows_.find(Name{key, parameter});
  if (at == rows_.end()) return std::nullopt;
  used_.insert(at->first);
  return at->second.value;
}

double ParameterTable::need(std::string_view key, std::string_view parameter) const {
  if (const auto value = find(key, parameter)) return *value;
  throw Error(Error::Kind::input, "parameters: no row " + row_to_add(key, parameter) +
                                      ": add it to a table of your own and give that with --parameters");
}

bool ParameterTable::has_parts_of(std::string_view key) const {
  const auto wanted = parts_of(key);
  std::vector<bool> known(wanted.size(), false);
  for (const auto& [name, row] : rows_) {
    const auto parts = parts_of(name.first);
    if (parts.size() != wanted.size()) continue;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i] == wanted[i]) known[i] = true;
  }
  return std::find(known.begin(), known.end(), false) == known.end();
}

bool ParameterTable::may_be_new(const ParameterRow& row) const {
  const auto parts = parts_of(row.key);
  if (parts.size() == 3) return has_parts_of(row.key);
  if (parts.size() != 2) return false;
  if (row.parameter.starts_with("regression_") || row.parameter.starts_with("growth_")) return has_key(parts[1]);
  if (row.parameter == "culm_kg" || row.parameter == "carbon_fraction")
    return parts[1].starts_with("age_") && has_key(parts[0]);
  // A misspelt product is found out: the shares no longer sum to one.
  return parts[0] == "PRODUCTS" && (row.parameter == "half_life" || row.parameter == "inflow_share");
}

ClassTable ParameterTable::by_class(const Legend& legend, std::string_view parameter) const {
  ClassTable table;
  for (ClassIndex index = 0; index < legend.size(); ++index)
    if (const auto value = find(legend[index].key, parameter)) table.set(index, *value);
  return table;
}

std::vector<ParameterRow> ParameterTable::rows() const {
  std::vector<ParameterRow> all;
  for (const auto& [name, row] : rows_) all.push_back(row);
  return all;
}

std::vector<ParameterRow> ParameterTable::used() const {
  std::vector<ParameterRow> found;
  for (const Name& name : used_) found.push_back(rows_.at(name));
  return found;
}

}  // namespace sink
