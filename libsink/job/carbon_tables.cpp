// SPDX-License-Identifier: Apache-2.0
#include "job/carbon_tables.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "job/change_tables.hpp"
#include "job/class_labels.hpp"
#include "job/input_findings.hpp"
#include "job/record_end.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

constexpr double level = 0.95;  ///< of the intervals on mapped areas

struct RowNames {
  ClassLabel from, to;
};
RowNames names_of(const ChangeSetup& setup, const CarbonRow& row) {
  if (row.all) return {{"all", "all changed"}, {"all", "all changed"}};
  return {label_of(setup, row.from, row.interval), label_of(setup, row.to, row.interval + 1)};
}

/// A column and the ends of its interval: <stem>_ci_low<unit>, <stem>_ci_high<unit>.
void add_estimate(Table& table, const std::string& name, const std::string& stem, const std::string& unit) {
  table.add_column(name);
  table.add_column(stem + "_ci_low" + unit);
  table.add_column(stem + "_ci_high" + unit);
}

void set_estimate(const Estimate& estimate, double z, const std::string& name, const std::string& stem,
                  const std::string& unit, RowBuilder& row) {
  row.set(name, estimate.value);
  row.set(stem + "_ci_low" + unit, estimate.value - z * estimate.se);
  row.set(stem + "_ci_high" + unit, estimate.value + z * estimate.se);
}

Table empty_table(bool adjusted) {
  Table table = transition_table();
  add_carbon_columns(table);
  for (const auto* stem : {"in_year", "committed"}) {
    for (const auto* part : {"_sd_tco2", "_ci_low_tco2", "_ci_high_tco2"}) table.add_column(std::string(stem) + part);
  }
  if (!adjusted) return table;
  add_estimate(table, "adjusted_area_ha", "adjusted", "_ha");
  for (const std::string stem : {"adjusted_in_year", "adjusted_committed"}) {
    add_estimate(table, stem + "_tco2", stem, "_tco2");
  }
  return table;
}

}  // namespace

Table transition_table() {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id"}) table.add_column(name, text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const auto* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  table.add_column("pixels", integer);
  table.add_column("area_ha");
  table.add_column("pixels_with_carbon", integer);
  for (const auto* name : {"carbon_before_t", "carbon_after_t", "carbon_change_t"}) table.add_column(name);
  return table;
}

void add_carbon_columns(Table& table) {
  for (const auto* name : {"area_with_carbon_ha", "dead_in_year_t", "dead_committed_t", "soil_in_year_t",
                           "soil_committed_t", "in_year_tco2", "committed_tco2"}) {
    table.add_column(name);
  }
}

void set_carbon(const TransitionCarbon& carbon, RowBuilder& row) {
  if (carbon.with_carbon.pixels == 0) return;
  row.set("pixels_with_carbon", carbon.with_carbon.pixels);
  row.set("area_with_carbon_ha", carbon.with_carbon.area_ha.value());
  row.set("carbon_before_t", carbon.before_t).set("carbon_after_t", carbon.after_t);
  row.set("carbon_change_t", carbon.in_year.living);
  row.set("dead_in_year_t", carbon.in_year.dead).set("dead_committed_t", carbon.committed.dead);
  row.set("soil_in_year_t", carbon.in_year.soil).set("soil_committed_t", carbon.committed.soil);
  row.set("in_year_tco2", carbon.in_year.emission_tco2()).set("committed_tco2", carbon.committed.emission_tco2());
}

Table carbon_table(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows) {
  Table table = empty_table(rows.adjusted());
  const double z = z_of_level(level);
  rows.for_each(sums, [&](const CarbonRow& found) {
    const RowNames names = names_of(setup, found);
    RowBuilder row(table);
    row.set("zone_set", setup.zones[found.set].source().set).set("zone_id", found.zone.id);
    row.set("year_from", std::int64_t{setup.maps.years()[found.interval]});
    row.set("year_to", std::int64_t{setup.maps.years()[found.interval + 1]});
    row.set("from_code", names.from.code).set("from_name", names.from.name);
    row.set("to_code", names.to.code).set("to_name", names.to.name);
    row.set("pixels", found.carbon.all.pixels).set("area_ha", found.carbon.all.area_ha.value());
    row.set("pixels_with_carbon", std::int64_t{0}).set("area_with_carbon_ha", 0.0);
    set_carbon(found.carbon, row);
    const auto set_emission = [&](const std::string& stem, const Estimate& emission, double its_z) {
      set_estimate(emission, its_z, stem + "_tco2", stem, "_tco2", row);
    };
    set_emission("in_year", found.emissions.in_year, z);
    set_emission("committed", found.emissions.committed, z);
    row.set("in_year_sd_tco2", found.emissions.in_year.se).set("committed_sd_tco2", found.emissions.committed.se);
    if (found.adjusted) {
      set_estimate(found.adjusted->area_ha, found.adjusted->z, "adjusted_area_ha", "adjusted", "_ha", row);
      set_emission("adjusted_in_year", found.adjusted->in_year, found.adjusted->z);
      set_emission("adjusted_committed", found.adjusted->committed, found.adjusted->z);
    }
    table.rows.push_back(row.take());
  });
  return table;
}

std::string carbon_text(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows) {
  constexpr std::size_t most_shown = 6;
  std::vector<std::vector<CarbonRow>> intervals(setup.intervals());
  rows.for_each(sums, [&](const CarbonRow& row) {
    if (row.set == 0 && row.total && row.changed() && !std::isnan(row.emissions.committed.value)) {
      intervals[row.interval].push_back(row);
    }
  });
  const auto shown = [](double value) { return std::isnan(value) ? std::string("-") : with_commas(value, 1); };
  std::string text;
  for (std::size_t t = 0; t < intervals.size(); ++t) {
    std::vector<CarbonRow>& found = intervals[t];
    if (found.size() < 2) continue;  // none but the sum
    std::stable_sort(found.begin(), found.end() - 1, [](const CarbonRow& a, const CarbonRow& b) {
      return std::abs(a.emissions.committed.value) > std::abs(b.emissions.committed.value);
    });
    std::vector<std::vector<std::string>> lines = {
        {"from", "", "to", "", "ha", "living t C", "in-year t CO2", "committed t CO2"}};
    if (rows.adjusted()) lines[0].insert(lines[0].end(), {"adjusted ha", "adjusted t CO2", "low", "high"});
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i >= most_shown && i + 1 < found.size()) continue;
      const CarbonRow& row = found[i];
      const RowNames names = names_of(setup, row);
      lines.push_back({names.from.code, row.all ? "" : names.from.name, row.all ? "" : names.to.code,
                       row.all ? "" : names.to.name, shown(row.carbon.all.area_ha.value()),
                       shown(row.carbon.in_year.living), shown(row.emissions.in_year.value),
                       shown(row.emissions.committed.value)});
      if (!rows.adjusted()) continue;
      const AdjustedCarbon adjusted = row.adjusted.value_or(AdjustedCarbon());
      const double half = adjusted.z * adjusted.committed.se;
      for (const double value : {adjusted.area_ha.value, adjusted.committed.value, adjusted.committed.value - half,
                                 adjusted.committed.value + half}) {
        lines.back().push_back(shown(value));
      }
    }
    text += "\ncarbon " + setup.year(t) + "-" + setup.year(t + 1) + ", emission positive:\n" + to_terminal(lines, 4);
    if (found.size() - 1 > most_shown) {
      text += "(" + std::to_string(found.size() - 1 - most_shown) + " more in carbon.csv)\n";
    }
  }
  if (setup.carbon.inputs().densities.empty()) text += "dead matter and soil are not known (--densities)\n";
  return text;
}

std::vector<std::string> carbon_warnings(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows) {
  std::vector<std::string> warnings;
  rows.for_each(sums, [&](const CarbonRow& row) {
    if (row.set != 0 || !row.total || !row.all) return;
    FixedSum without_ha = row.carbon.all.area_ha;
    without_ha -= row.carbon.with_carbon.area_ha;
    if (row.carbon.all.pixels == row.carbon.with_carbon.pixels) return;
    warnings.push_back(setup.year(row.interval) + "-" + setup.year(row.interval + 1) + ": " +
                       with_commas(without_ha.value(), 1) +
                       " ha of change have no carbon at one of the dates: counted with their area, never as a loss");
  });
  double elsewhere_ha = 0;
  rows.for_each(sums, [&](const CarbonRow& row) {
    const bool only_reference = row.total && !row.all && row.adjusted && row.carbon.all.pixels == 0;
    if (only_reference && row.changed() && row.set == 0) elsewhere_ha += row.adjusted->area_ha.value;
  });
  if (elsewhere_ha > 0 && !setup.zones.front().whole_grid()) {
    warnings.push_back(with_commas(elsewhere_ha, 1) +
                       " ha of changes that only the sample found are in the total and in no zone: adjusted figures of "
                       "zones do not add up to it");
  }
  const std::string unverified = unverified_in_use(setup.carbon.parameters_of(classes_seen(setup, sums)));
  if (!unverified.empty()) warnings.push_back(unverified);
  return warnings;
}

Json carbon_record(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows) {
  const ChangeCarbonInputs& inputs = setup.carbon.inputs();
  const auto number = [](double value) { return std::isnan(value) ? Json(nullptr) : Json(value); };
  Json record = {{"sign", "emissions are positive; changes of stock are negative for a loss"}};
  record["stock"] = inputs.stocks;
  if (!inputs.stocks.empty()) {
    record["stock_is_of"] = setup.carbon.per_date() ? "each date" : "the start of each interval";
  }
  record["densities"] = inputs.densities.empty() ? Json(nullptr) : Json(inputs.densities);
  record["classes_hold"] = Json::array();
  const auto seen = classes_seen(setup, sums);
  for (std::size_t k = 0; k < setup.classes(); ++k) {
    if (seen[k] == 0) continue;
    const ClassCarbon& c = setup.carbon.classes()[k];
    record["classes_hold"].push_back({{"code", label_of(setup.maps.legend(), k).code},
                                      {"living_tc_ha", number(c.living.tc_ha)},
                                      {"living_sd", number(c.living.sd)},
                                      {"dead_tc_ha", number(c.dead.tc_ha)},
                                      {"soil_tc_ha", number(c.soil.tc_ha)}});
  }
  record["parameters"] = parameters_json(setup.carbon.parameters_of(seen));
  record["accuracy"] = Json::array();
  for (const AdjustedAreas& areas : rows.areas()) {
    record["accuracy"].push_back({{"file", areas.file}, {"z", areas.z}, {"classes", areas.codes.size()}});
  }
  record["assumed"] = setup.carbon.assumptions();
  return record;
}

}  // namespace sink
