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
      {"bcef_s_to_10", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 10 m3/ha"},
      {"bcef_s_to_20", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 20 m3/ha"},
      {"bcef_s_to_40", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 40 m3/ha"},
      {"bcef_s_to_60", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 60 m3/ha"},
      {"bcef_s_to_80", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 80 m3/ha"},
      {"bcef_s_to_100", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 100 m3/ha"},
      {"bcef_s_to_120", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 120 m3/ha"},
      {"bcef_s_to_200", "t/m3", 0.05, 20, "above-ground biomass over volume, up to 200 m3/ha"},
      {"bcef_s_to_inf", "t/m3", 0.05, 20, "above-ground biomass over volume, in the highest class"},
  };
  return kinds;
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
