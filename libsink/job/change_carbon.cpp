// SPDX-License-Identifier: Apache-2.0
#include "job/change_carbon.hpp"

#include <map>

#include <cmath>
#include <set>

#include "job/class_carbon.hpp"
#include "job/measure_maps.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

void check_counts(const ChangeCarbonInputs& inputs, std::size_t dates) {
  const std::string intervals = std::to_string(dates - 1);
  const auto n = inputs.stocks.size();
  if (n > 0 && n != dates && n != dates - 1) {
    throw usage_error("--stock: " + std::to_string(n) + " carbon maps for " + std::to_string(dates) +
                      " class maps: give one for each date, or one for the start of each of the " + intervals +
                      (dates == 2 ? " interval" : " intervals"));
  }
  if (inputs.accuracies.empty()) return;
  if (n == 0 && inputs.densities.empty()) {
    throw usage_error("--accuracy: there is no carbon to adjust: give --stock or --densities too");
  }
  if (inputs.accuracies.size() != dates - 1) {
    throw usage_error("--accuracy: " + std::to_string(inputs.accuracies.size()) + " tables for " + intervals +
                      " intervals: give the accuracy.csv of each change map, in their order");
  }
}

/// A table goes by code: with a legend for each date one code may be two classes.
void demand_codes_apart(const Legend& legend) {
  std::map<std::string, std::string> names;
  for (const LegendRow& row : legend.rows()) {
    const auto [at, fresh] = names.emplace(row.code, class_name(row));
    if (fresh) continue;
    throw usage_error("--densities goes by code, and code " + row.code + " is '" + at->second +
                      "' in one legend and '" + class_name(row) +
                      "' in another: recode a map so that codes agree, or give --stock");
  }
}

}  // namespace

ChangeCarbon::ChangeCarbon(const ChangeCarbonInputs& inputs, const ClassMaps& maps)
    : inputs_(inputs), dates_(maps.bands().size()), legend_(maps.legend()) {
  if (dates_ >= 2) check_counts(inputs_, dates_);
  if (!given()) return;
  check_measures(maps, inputs_.stocks);
  load_classes(maps);
}

void ChangeCarbon::load_classes(const ClassMaps& maps) {
  if (!inputs_.densities.empty()) {
    demand_codes_apart(legend_);
    classes_ = carbon_by_pools(legend_, load_carbon_pools(inputs_.densities));
  } else if (maps.legend_given()) {
    parameters_ = load_parameters(maps.inputs().parameter_files);
    classes_ = carbon_by_key(legend_, parameters_);
  } else if (per_date()) {
    classes_.resize(legend_.size());
  } else {
    throw usage_error(
        "--stock: a map of the start of each interval only: what a new class holds is not known: give --legend or "
        "--densities");
  }
  // Without a legend nobody knows what is forest, and a hole in a map of forest is unmodelled, never a standard value.
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    const bool known = !std::isnan(classes_[k].living.tc_ha);
    const bool off_forest = maps.legend_given() && !is_forest(legend_[static_cast<ClassIndex>(k)].land_use);
    before_of_class_.push_back(known && off_forest ? 1 : 0);
    after_of_class_.push_back(known && (off_forest || !per_date()) ? 1 : 0);
  }
}

std::vector<std::string> ChangeCarbon::files() const {
  std::vector<std::string> files = inputs_.accuracies;
  for (const auto& stock : inputs_.stocks) files.push_back(parse_band_path(stock).file);
  if (!inputs_.densities.empty()) files.push_back(inputs_.densities);
  return files;
}

void ChangeCarbon::set_columns(std::size_t interval, const std::vector<std::vector<double>>& stocks,
                               ChangeColumns& columns) const {
  if (stocks.empty()) return;
  columns.carbon_before = stocks[interval].data();
  columns.carbon_after = per_date() ? stocks[interval + 1].data() : nullptr;
  columns.before_of_class = &before_of_class_;
  columns.after_of_class = &after_of_class_;
}

TransitionCarbon ChangeCarbon::of(ClassIndex from, ClassIndex to, const ChangeCell& cell) const {
  return transition_carbon(from, to, inputs_.stocks.empty() ? held_by_classes(from, to, cell, classes_) : cell,
                           classes_);
}

TransitionCarbon ChangeCarbon::per_hectare(ClassIndex from, ClassIndex to) const {
  ChangeCell hectare;
  constexpr double one = 1;
  hectare.all.pixels = 1;
  hectare.all.area_ha.add(&one, 1);
  const ChangeCell cell = inputs_.densities.empty() ? hectare : held_by_classes(from, to, hectare, classes_);
  return transition_carbon(from, to, cell, classes_);
}

void ChangeCarbon::demand_rows(const std::vector<std::uint8_t>& classes_seen) const {
  if (inputs_.densities.empty()) return;
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    if (classes_seen[k] == 0 || !std::isnan(classes_[k].living.tc_ha)) continue;
    const LegendRow& row = legend_[static_cast<ClassIndex>(k)];
    throw input_error(inputs_.densities, "has no row for class " + row.code + " (" + class_name(row) +
                                             "), which the maps hold: add lucode " + row.code +
                                             ", with 0 where nothing stands");
  }
}

std::vector<ParameterRow> ChangeCarbon::parameters_of(const std::vector<std::uint8_t>& classes_seen) const {
  std::set<std::string> keys;
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    if (classes_seen[k] != 0 && classes_[k].living.sd > 0) keys.insert(legend_[static_cast<ClassIndex>(k)].key);
  }
  std::vector<ParameterRow> rows = parameters_.rows();
  std::erase_if(rows, [&](const ParameterRow& row) {
    return !keys.contains(row.key) || (row.parameter != "biomass_density" && row.parameter != "carbon_fraction");
  });
  return rows;
}

std::vector<std::string> ChangeCarbon::assumptions() const {
  const bool maps = !inputs_.stocks.empty(), table = !inputs_.densities.empty();
  std::vector<std::string> said;
  if (!maps) {
    said.emplace_back("living biomass before and after is what the table says of the class");
  } else if (per_date()) {
    said.emplace_back(
        "living biomass before and after is mapped; where a map is silent and the class is not forest, it is what the "
        "class holds; forest without mapped carbon is counted without carbon, never as a loss");
  } else {
    said.emplace_back(
        "living biomass before is mapped; after is what the new class holds, and what was there where the class "
        "stayed");
  }
  if (maps && !table) {
    said.emplace_back(
        "a class holds the biomass_density x carbon_fraction of its key, else 0; forest has no such value: forest that "
        "is new without a map of its carbon is counted without carbon");
  }
  said.emplace_back(
      "living biomass changes in the year of the change (IPCC 2006/2019 V4 Ch2, eq. 2.15, 2.16): a gain too");
  if (table) {
    said.emplace_back("dead matter is lost in the year of the change and builds up over 20 years (eq. 2.23)");
    said.emplace_back("soil moves from the old density to the new one, linearly over 20 years (eq. 2.25)");
  } else {
    said.emplace_back("dead matter and soil are not known without a table of densities: left out, never a loss");
  }
  said.emplace_back("sd and intervals are those of the densities; mapped carbon has none");
  if (!inputs_.accuracies.empty()) {
    said.emplace_back(
        "adjusted areas and carbon of a zone are the mapped ones x adjusted/mapped of the whole map, without an "
        "interval: the sample was not drawn by zone");
  }
  return said;
}

}  // namespace sink
