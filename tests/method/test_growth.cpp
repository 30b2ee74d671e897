// SPDX-License-Identifier: Apache-2.0
// Growth curves: published and worked numbers, and the laws that hold for every curve.
#include <cmath>

#include "core/quantity.hpp"
#include "method/growth.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

constexpr double carbon_fraction = 0.5;

Legend forests(const std::vector<std::string>& keys) {
  std::vector<LegendRow> rows;
  for (const auto& key : keys) rows.push_back({std::to_string(rows.size() + 1), key, LandUse::forest, "", ""});
  return {"legend.csv", rows};
}

ParameterTable with_rows(const std::vector<std::pair<std::string, double>>& rows, const std::string& key) {
  ParameterTable parameters = load_parameters({});
  std::vector<ParameterRow> own;
  for (const auto& [name, value] : rows) {
    const std::string unit = name == "growth_w" ? "t/ha" : name == "growth_a" ? "1/yr" : "1";
    own.push_back({key, name, value, unit, 0, "unverified", "case", "case"});
  }
  parameters.override_with(own);
  return parameters;
}

GrowthCurves curves_of(const std::string& set, Anchor anchor, const std::vector<std::string>& keys = {"CHINESE_FIR"}) {
  const ParameterTable parameters = load_parameters({});
  return {forests(keys), anchor, {parameters, set, {}, {}}};
}

const GrowthPoints line = {"CHINESE_FIR", "curves.csv", {{0, 0}, {10, 20}, {20, 60}, {30, 60}, {40, 80}}};

GrowthCurves curves_by_points(Anchor anchor) {
  const ParameterTable parameters = load_parameters({});
  return {forests({"CHINESE_FIR"}), anchor, {parameters, "", {line}, {}}};
}

}  // namespace

TEST_CASE("growth curves agree with their cases") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/method/growth_curves.csv");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Case row(table, i);
    INFO(row.place());
    std::vector<std::pair<std::string, double>> own;
    for (const auto* name : {"growth_w", "growth_k", "growth_a", "growth_c"}) {
      if (row.has(name)) own.emplace_back(name, row.number(name));
    }
    const ParameterTable parameters = with_rows(own, row.text("key"));
    const GrowthCurves curves(forests({row.text("key")}), Anchor::ratio, {parameters, row.text("set"), {}, {}});
    const double age = row.number("age"), years = row.number("years");
    CHECK(row.agrees(curves.biomass_t_ha(0, age), row.number("biomass")));
    const double pai = (curves.biomass_t_ha(0, age + years) - curves.biomass_t_ha(0, age)) / years;
    if (row.has("pai")) CHECK(row.agrees(pai, row.number("pai")));
    if (row.has("sink"))
      CHECK(row.agrees(to_co2(to_carbon(BiomassDensity(pai), carbon_fraction)).value(), row.number("sink")));
  }
}

TEST_CASE("anchors agree with their cases") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/method/growth_anchors.csv");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Case row(table, i);
    INFO(row.place());
    const GrowthCurves curves =
        curves_of("XU2010", row.text("anchor") == "ratio" ? Anchor::ratio : Anchor::equivalent_age);
    const double biomass = row.number("biomass");
    const Growth growth = curves.start(0, row.number("age"), biomass, biomass * carbon_fraction);
    CHECK(static_cast<double>(growth.gap) == row.number("gap"));
    if (growth.gap == GrowthGap::none) CHECK(row.agrees(growth.age_yr, row.number("found_age")));
    const double carbon = growth.scale * curves.biomass_t_ha(0, growth.age_yr + row.number("years"));
    CHECK(row.agrees((carbon - biomass * carbon_fraction) / carbon_fraction, row.number("increment")));
  }
}

TEST_CASE("fir grows fastest at its inflexion") {
  // G05: ln(k)/a = 9.249498855 yr, a w/4 = 1.67586075 t/ha/yr.
  const GrowthCurves curves = curves_of("XU2010", Anchor::ratio);
  double fastest = 0, at = 0;
  for (double age = 0; age < 40; age += 0.01) {
    const double rate = (curves.biomass_t_ha(0, age + 0.05) - curves.biomass_t_ha(0, age)) / 0.05;
    if (rate > fastest) fastest = rate, at = age + 0.025;
  }
  CHECK(at == Approx(9.249498855).margin(0.1));
  CHECK(fastest == Approx(1.67586075).epsilon(1e-5));
}

TEST_CASE("every shipped curve rises from age 0 to its end, between the nodes too") {
  for (const auto* set : {"XU2010", "GROA", "GROA_RICHARDS"}) {
    const std::vector<std::string> keys = {"CHINESE_FIR", "MASSON_PINE",   "OAK",         "BETULA",         "POPLAR",
                                           "ABIES_PICEA", "MIX_BROADLEAF", "EXOTIC_PINE", "MIX_CONIF_BROAD"};
    const GrowthCurves curves = curves_of(set, Anchor::ratio, keys);
    std::size_t found = 0;
    for (ClassIndex type = 0; type < keys.size(); ++type) {
      if (std::isnan(curves.last_age_yr(type))) continue;
      ++found;
      INFO(set << " " << keys[type]);
      double before = curves.biomass_t_ha(type, 0);
      CHECK(before >= 0);
      bool rises = true;
      for (double age = 0.03; age < 500; age += 0.03) {
        const double now = curves.biomass_t_ha(type, age);
        // Old stands stand still: what is left is the table's rounding.
        rises = rises && now >= before - 2 / GrowthCurves::units_per_t;
        before = now;
      }
      CHECK(rises);
    }
    CHECK(found == (std::string(set) == "XU2010" ? 6U : std::string(set) == "GROA" ? 5U : 3U));
  }
}

TEST_CASE("anchored growth gives back the observed carbon, and an equivalent age that is right") {
  for (const auto* set : {"XU2010", "GROA", "GROA_RICHARDS"}) {
    const GrowthCurves ratio = curves_of(set, Anchor::ratio), moved = curves_of(set, Anchor::equivalent_age);
    for (double age = 0.7; age < 80; age += 1.1) {
      const double biomass = ratio.biomass_t_ha(0, age), carbon = 0.47 * biomass;
      INFO(set << " at " << age);
      const Growth by_age = moved.start(0, no_value, biomass, carbon);
      REQUIRE(by_age.gap == GrowthGap::none);
      // A Richards curve is so flat at first that a place on it is told to 1e-6 of its asymptote only.
      CHECK(by_age.age_yr == Approx(age).margin(age < 3 ? 1e-3 : 1e-6));
      CHECK(by_age.scale == Approx(0.47).epsilon(age < 3 ? 1e-4 : 1e-6));
      CHECK(by_age.scale * moved.biomass_t_ha(0, by_age.age_yr) == Approx(carbon).epsilon(1e-14));
      const Growth twice = ratio.start(0, age, 2 * biomass, 2 * carbon);
      CHECK(twice.scale * ratio.biomass_t_ha(0, age) == Approx(2 * carbon).epsilon(1e-14));
      CHECK(twice.scale == Approx(0.94).epsilon(1e-12));
    }
  }
}

TEST_CASE("points are joined by straight lines and end where they end") {
  const GrowthCurves ratio = curves_by_points(Anchor::ratio), moved = curves_by_points(Anchor::equivalent_age);
  CHECK(ratio.biomass_t_ha(0, 5) == 10);
  CHECK(ratio.biomass_t_ha(0, 12.375) == Approx(29.5).epsilon(1e-9));
  CHECK(ratio.biomass_t_ha(0, 40) == 80);
  CHECK(ratio.last_age_yr(0) == 40);
  CHECK(std::isnan(ratio.biomass_t_ha(0, 40.01)));
  CHECK(moved.start(0, no_value, 29.5, 14.75).age_yr == Approx(12.375).epsilon(1e-9));
  CHECK(moved.start(0, no_value, 60, 30).age_yr == 20);  // the youngest age of a standstill
  CHECK(moved.start(0, no_value, 80, 40).age_yr == 40);
  CHECK(moved.start(0, no_value, 80.1, 40).gap == GrowthGap::beyond_curve);
  CHECK(ratio.start(0, 41, 10, 5).gap == GrowthGap::beyond_curve);
}

TEST_CASE("a class takes the curve of another key only where it is told to") {
  const ParameterTable parameters = load_parameters({});
  const Legend types = forests({"CHINESE_FIR", "MIX_BROADLEAF", ""});
  const GrowthCurves alone(types, Anchor::ratio, {parameters, "XU2010", {}, {}});
  CHECK(std::isnan(alone.biomass_t_ha(1, 20)));
  CHECK(alone.start(1, 20, 60, 30).gap == GrowthGap::no_curve);
  CHECK(alone.start(2, 20, 60, 30).gap == GrowthGap::no_curve);
  CHECK(alone.start(no_class, 20, 60, 30).gap == GrowthGap::no_curve);
  const GrowthCurves like(types, Anchor::ratio, {parameters, "XU2010", {}, {{"MIX_BROADLEAF", "OAK"}}});
  CHECK(like.biomass_t_ha(1, 20) == Approx(197.09 / (1 + 8.5771 * std::exp(-0.0421 * 20))).epsilon(1e-9));
}

TEST_CASE("curves that cannot be are refused") {
  using Kind = Error::Kind;
  const ParameterTable parameters = load_parameters({});
  const Legend fir = forests({"CHINESE_FIR"});
  const auto make = [&](const GrowthSources& sources) { return GrowthCurves(fir, Anchor::ratio, sources); };
  CHECK_THAT(refusal(Kind::usage,
                     [&] {
                       make({parameters, "XU2011", {}, {}});
                     }),
             Catch::Contains("GROA, GROA_RICHARDS, XU2010"));
  CHECK_THAT(refusal(Kind::usage,
                     [&] {
                       make({parameters, "XU2010", {}, {{"CHINESE_FIR", "MOSO"}}});
                     }),
             Catch::Contains("MOSO has no curve"));
  CHECK_THAT(refusal(Kind::input,
                     [&] {
                       make({parameters, "XU2010", {}, {{"CHINESE_FUR", "OAK"}}});
                     }),
             Catch::Contains("did you mean 'CHINESE_FIR'"));
  const ParameterTable half = with_rows({{"growth_w", 100}}, "CHINESE_FIR");
  CHECK_THAT(refusal(Kind::input,
                     [&] {
                       make({half, "XU2010", {}, {}});
                     }),
             Catch::Contains("either growth_k (logistic) or"));
  GrowthPoints other = line;
  other.key = "FUR";
  CHECK_THAT(refusal(Kind::input,
                     [&] {
                       make({parameters, "", {other}, {}});
                     }),
             Catch::Contains("curves.csv: no class has the key"));
}
