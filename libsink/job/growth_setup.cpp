// SPDX-License-Identifier: Apache-2.0
#include "job/growth_setup.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "job/run_setup.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double oldest_yr = 2000, largest_t_ha = 3000;

void check_value(double value, double high, const std::string& place, const std::string& what) {
  if (value >= 0 && value <= high) return;
  throw input_error(place, what + " " + number_text(value) + " is outside 0 to " + number_text(high) +
                               ": check the value and its unit");
}

void add_point(GrowthPoints& curve, double age_yr, double biomass_t_ha, const std::string& place) {
  check_value(age_yr, oldest_yr, place, "age");
  check_value(biomass_t_ha, largest_t_ha, place, "biomass");
  const double nodes = age_yr * GrowthCurves::nodes_per_yr;
  if (nodes != std::floor(nodes))
    throw input_error(place, "age " + number_text(age_yr) + ": ages go in steps of an eighth of a year: round it");
  auto& points = curve.points;
  if (points.empty() && age_yr > 0) points.emplace_back(0, 0);
  if (!points.empty() && age_yr <= points.back().first)
    throw input_error(place, "age " + number_text(age_yr) + " of " + curve.key + " comes after " +
                                 number_text(points.back().first) + ": put a curve's rows in ascending age, each once");
  if (!points.empty() && biomass_t_ha < points.back().second)
    throw input_error(place, "biomass of " + curve.key + " falls from " + number_text(points.back().second) + " to " +
                                 number_text(biomass_t_ha) +
                                 ": a growth curve has no negative increments; end it before, or correct the row");
  points.emplace_back(age_yr, biomass_t_ha);
}

}  // namespace

std::vector<GrowthPoints> read_growth_points(const std::string& file) {
  const CsvTable table = read_csv(file);
  const int key = table.column("key"), age = table.column("age"), biomass = table.column("biomass");
  std::vector<GrowthPoints> curves;
  std::vector<std::size_t> rows;  // of each curve
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string& name = table.rows[i][static_cast<std::size_t>(key)];
    if (name.empty()) throw input_error(table.place(i), "a row without a key: name the class it is for");
    auto at = std::find_if(curves.begin(), curves.end(), [&](const auto& curve) { return curve.key == name; });
    if (at == curves.end()) {
      at = curves.insert(curves.end(), {name, table.place(i), {}});
      rows.push_back(0);
    }
    add_point(*at, table.number(i, age), table.number(i, biomass), table.place(i));
    ++rows[static_cast<std::size_t>(at - curves.begin())];
  }
  if (curves.empty()) throw input_error(file, "no curve in it: add rows key,age,biomass");
  for (std::size_t c = 0; c < curves.size(); ++c) {
    if (rows[c] < 2)
      throw input_error(curves[c].origin, "one point of " + curves[c].key + " is no curve: add a second");
  }
  return curves;
}

GrowthCurves growth_curves(const GrowthOptions& options, const std::string& directory, const Legend& types,
                           const ParameterTable& parameters) {
  std::vector<GrowthPoints> points;
  if (!options.curves.empty()) points = read_growth_points(path_below(directory, options.curves));
  return {types, options.anchor, {parameters, options.set, std::move(points), options.like}};
}

void RunSetup::open_growth() {
  if (!job.growth) return;
  if (!classes) throw usage_error("[growth] needs classes: give forest_type maps and a legend, or land cover");
  growth.emplace(growth_curves(*job.growth, job.base_directory, classes->joined(), parameters));
  if (!job.growth->curves.empty()) input_files.push_back(job.growth->curves);
}

}  // namespace sink
