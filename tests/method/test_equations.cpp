// SPDX-License-Identifier: Apache-2.0
// Runs the case files of tests/method/equations: the equations that are no stock method.
#include <array>
#include <cmath>
#include <vector>

#include "core/quantity.hpp"
#include "method/bamboo.hpp"
#include "method/dead_matter.hpp"
#include "method/fire.hpp"
#include "method/provincial.hpp"
#include "method/soil.hpp"
#include "method/tree.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"
#include "table/tree_equations.hpp"

using namespace sink;
using sink::tests::Case;
using sink::tests::refusal;

namespace {

/// Calls `action(row)` for every case of a file.
template <class Action>
void for_cases(const std::string& name, std::size_t at_least_rows, const Action& action) {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/method/equations/" + name + ".csv");
  REQUIRE(table.rows.size() >= at_least_rows);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Case row(table, i);
    INFO(row.place());
    action(row);
  }
}

ParameterRow own_row(const std::string& key, const std::string& parameter, double value, const std::string& unit) {
  return {key, parameter, value, unit, 0, "unverified", "a test", "own.csv:2"};
}

/// The shipped parameters with rates for the whole province.
ParameterTable with_rates(double growth, double consumption, double density, double bef_total) {
  ParameterTable parameters = load_parameters({});
  parameters.override_with(
      {own_row("PROVINCE", "growth_rate", growth, "1/yr"), own_row("PROVINCE", "consumption_rate", consumption, "1/yr"),
       own_row("PROVINCE", "wood_density_svd", density, "t/m3"), own_row("PROVINCE", "bef_total", bef_total, "1")});
  return parameters;
}

LegendRow legend_row(const std::string& code, const std::string& key, LandUse use) {
  return {code, key, use, "", ""};
}

Legend forest_legend() {
  return Legend(
      "types.csv",
      {legend_row("1", "CHINESE_FIR", LandUse::forest), legend_row("2", "MOSO", LandUse::forest),
       legend_row("3", "ECON_TEA_CAMELLIA", LandUse::cropland_perennial),
       legend_row("4", "SHRUB", LandUse::shrub_counted), legend_row("5", "NON_STOCKED", LandUse::forest_unstocked),
       legend_row("6", "OTHER_BAMBOO", LandUse::forest), legend_row("7", "", LandUse::cropland)});
}

}  // namespace

TEST_CASE("dead matter: zones, shares and carbon fractions") {
  const ParameterTable parameters = load_parameters({});
  for_cases("dead_matter", 5, [&](const Case& row) {
    const auto zone =
        tool12_zone(parameters, row.number("tropical") == 1, row.number("elevation"), row.number("precipitation"));
    const DeadMatter dead = tool12_dead_matter(parameters, zone)(row.number("agb"));
    CHECK(row.agrees(dead.dead_wood_tc_ha, row.number("dead_wood")));
    CHECK(row.agrees(dead.litter_tc_ha, row.number("litter")));
  });
  CHECK(tool12_zone(parameters, true, 2000, 1000) == "tropical_moist");
  CHECK(tool12_zone(parameters, true, 2000, 999) == "tropical_dry");
  CHECK_THAT(refusal(Error::Kind::usage, [&] { tool12_dead_matter(parameters, "temperate"); }),
             Catch::Contains("did you mean temperate_boreal?"));
}

TEST_CASE("dead matter: fixed densities of the set, of the class where it has its own, none outside forest") {
  ParameterTable parameters = load_parameters({});
  parameters.override_with({own_row("CHINESE_FIR", "litter_carbon", 3.1, "t C/ha")});
  const Legend legend = forest_legend();
  const DeadMatterByClass dead = fixed_dead_matter(parameters, legend, "MEASURED");
  CHECK(dead(0).litter_tc_ha == 3.1);
  CHECK(dead(0).dead_wood_tc_ha == 1.38);
  CHECK(dead(1).litter_tc_ha == 2.28);
  CHECK(dead(2).litter_tc_ha == 0);
  CHECK(dead(6).dead_wood_tc_ha == 0);
  CHECK(std::isnan(dead(no_class).litter_tc_ha));
  const DeadMatterByClass ipcc = fixed_dead_matter(parameters, legend, "IPCC2006/warm_temperate_moist_needleleaf");
  CHECK(ipcc(1).litter_tc_ha == 22);
  CHECK(std::isnan(ipcc(1).dead_wood_tc_ha));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { fixed_dead_matter(parameters, legend, "MESURED"); }),
             Catch::Contains("did you mean MEASURED?"));
}

TEST_CASE("soil: factors and stocks of an edition") {
  const ParameterTable parameters = load_parameters({});
  for_cases("soil", 9, [&](const Case& row) {
    const SoilTables tables(parameters, ipcc_edition_called(row.text("edition")), row.text("climate"));
    const SoilUse use{row.text("use"), row.text("management"), row.text("input")};
    CHECK(row.agrees(tables.factor(use), row.number("factor")));
    if (row.has("stock")) CHECK(row.agrees(tables.stock_tc_ha(row.text("soil"), use), row.number("stock")));
  });
}

TEST_CASE("soil: land uses, those that are not modelled, and rows that are missing") {
  const ParameterTable parameters = load_parameters({});
  const std::vector<LandUse> all = {LandUse::forest,   LandUse::forest_unstocked,   LandUse::shrub_counted,
                                    LandUse::cropland, LandUse::cropland_perennial, LandUse::grassland,
                                    LandUse::wetland,  LandUse::settlement,         LandUse::other};
  const SoilStocks stocks = soil_stocks(parameters, SoilChoice{}, all);
  CHECK(stocks[LandUse::forest] == 55);
  CHECK(stocks[LandUse::forest_unstocked] == 55);
  CHECK(stocks[LandUse::shrub_counted] == 55);
  CHECK(stocks[LandUse::grassland] == 55);
  CHECK(stocks[LandUse::cropland] == Approx(55 * 0.69));
  CHECK(stocks[LandUse::cropland_perennial] == Approx(55 * 0.72));
  CHECK(stocks[LandUse::settlement] == Approx(55 * 0.8));
  CHECK(std::isnan(stocks[LandUse::wetland]));
  CHECK(std::isnan(stocks[LandUse::other]));

  SoilChoice tropical;
  tropical.edition = IpccEdition::year_2006;
  tropical.climate = "tropical_moist";
  CHECK_THAT(refusal(Error::Kind::input, [&] { soil_stocks(parameters, tropical, all); }),
             Catch::Contains("no row 2006/tropical_moist/cropland,f_lu,VALUE,1"));
  CHECK(soil_stocks(parameters, tropical, std::vector{LandUse::forest})[LandUse::forest] == 47);
  tropical.soil = "spodic";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { soil_stocks(parameters, tropical, std::vector{LandUse::forest}); }),
             Catch::Contains("a row 2006/tropical_moist/spodic,soc_reference,VALUE,t C/ha"));
  tropical.soil = "laq";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { soil_stocks(parameters, tropical, std::vector{LandUse::forest}); }),
             Catch::Contains("did you mean lac?"));
  tropical.climate = "tropical_moisst";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { soil_stocks(parameters, tropical, all); }),
             Catch::Contains("did you mean tropical_moist?"));
  CHECK_THAT(refusal(Error::Kind::usage, [] { ipcc_edition_called("2013"); }), Catch::Contains("use 2006 or 2019"));
}

TEST_CASE("soil: only rows of one edition come into use") {
  const ParameterTable parameters = load_parameters({});
  soil_stocks(parameters, SoilChoice{}, std::vector{LandUse::forest, LandUse::cropland, LandUse::settlement});
  CHECK(parameters.used().size() == 4);
  for (const ParameterRow& row : parameters.used()) CHECK(row.key.starts_with("2019/"));
}

TEST_CASE("fire: gases and CO2 equivalents") {
  const ParameterTable parameters = load_parameters({});
  for_cases("fire", 3, [&](const Case& row) {
    const FireFactors fire = fire_factors(parameters, row.text("what_burns"), row.text("forest"));
    const FireGases gases = fire(row.number("area") * row.number("fuel"));
    CHECK(row.agrees(gases.co2_t, row.number("co2")));
    CHECK(row.agrees(gases.ch4_t, row.number("ch4")));
    CHECK(row.agrees(gases.n2o_t, row.number("n2o")));
    CHECK(row.agrees(warming_potentials(parameters, row.text("gwp")).not_co2_tco2e(gases), row.number("not_co2")));
  });
  CHECK(warming_potentials(parameters).ch4 == 28);
  CHECK_THAT(refusal(Error::Kind::usage, [&] { warming_potentials(parameters, "AR4"); }),
             Catch::Contains("AR5 or AR6"));
  CHECK_THAT(refusal(Error::Kind::input, [&] { fire_factors(parameters, "peat", "tropical_forest"); }),
             Catch::Contains("no row FIRE/peat,combustion_factor,VALUE,1"));
}

TEST_CASE("provincial method: the formula, and a pixel of it") {
  const Legend legend = forest_legend();
  for_cases("provincial", 2, [&](const Case& row) {
    const auto number = [&](const char* name) { return row.number(name); };
    const double carbon_tc_yr =
        provincial_growth_tc_yr(number("volume"), number("growth_rate"), number("consumption_rate"),
                                number("wood_density_svd"), number("bef_total"), number("carbon_fraction"));
    CHECK(row.agrees(carbon_tc_yr, number("carbon")));
    CHECK(row.agrees(carbon_tc_yr * co2_per_carbon, number("co2")));
    const ProvincialGrowth pixel = provincial_growth(
        with_rates(number("growth_rate"), number("consumption_rate"), number("wood_density_svd"), number("bef_total")),
        legend);
    CHECK(row.agrees(pixel(0, number("volume")), number("carbon")));
    for (ClassIndex type = 1; type < legend.size(); ++type) CHECK(std::isnan(pixel(type, 100)));
    CHECK(std::isnan(pixel(0, -1)));
    CHECK(std::isnan(pixel(no_class, 100)));
  });
}

TEST_CASE("provincial method: refused with the rows to add, served by a class's own rows") {
  ParameterTable parameters = load_parameters({});
  const Legend legend = forest_legend();
  CHECK(provincial_rows_to_add(parameters, legend) ==
        std::vector<std::string>{"PROVINCE,growth_rate,VALUE,1/yr", "PROVINCE,consumption_rate,VALUE,1/yr",
                                 "PROVINCE,wood_density_svd,VALUE,t/m3", "PROVINCE,bef_total,VALUE,1"});
  CHECK_THAT(refusal(Error::Kind::input, [&] { provincial_growth(parameters, legend); }),
             Catch::Contains("PROVINCE,growth_rate,VALUE,1/yr; PROVINCE,consumption_rate"));
  parameters.override_with(
      {own_row("CHINESE_FIR", "growth_rate", 0.08, "1/yr"), own_row("PROVINCE", "consumption_rate", 0.05, "1/yr"),
       own_row("CHINESE_FIR", "wood_density_svd", 0.3, "t/m3"), own_row("PROVINCE", "bef_total", 1.8, "1")});
  CHECK(provincial_rows_to_add(parameters, legend).empty());
  CHECK(provincial_growth(parameters, legend)(0, 100) == Approx(100 * 0.03 * 0.3 * 1.8 * 0.5));
}

TEST_CASE("provincial method: change of area of forest without a volume") {
  const ClassTable density = provincial_area_density_tc_ha(load_parameters({}), forest_legend());
  CHECK(std::isnan(density[0]));
  CHECK(density[1] == Approx(68.48 * 0.5));
  CHECK(density[2] == Approx(23.7 * 0.5));
  CHECK(density[3] == Approx(19.76 * 0.5));
  CHECK(std::isnan(density[4]));
  CHECK(density[5] == Approx(68.48 * 0.5));
  CHECK(std::isnan(density[6]));
  CHECK(provincial_area_change_tc_yr(1000, 1250, 23.7, 0.5, 5) == Approx(592.5));
}

TEST_CASE("bamboo by culms of each age: missing rows are named") {
  CHECK_THAT(refusal(Error::Kind::input, [] { culm_age_classes(load_parameters({}), "OTHER_BAMBOO"); }),
             Catch::Contains("no row OTHER_BAMBOO/age_1,culm_kg,VALUE,kg"));
  // Golden example G24, published in ChinaXiv-201704.00158.
  CHECK(to_carbon(BiomassDensity(13.343), 0.534).value() == Approx(7.126).margin(0.002));
}

TEST_CASE("bamboo has a cycle of two years") {
  CHECK(same_bamboo_phase(2015, 2015));
  CHECK(same_bamboo_phase(2015, 2021));
  CHECK_FALSE(same_bamboo_phase(2015, 2020));
  CHECK_FALSE(same_bamboo_phase(2020, 2015));
}

TEST_CASE("trees: published volumes, biomass and ratios") {
  const auto equations = shipped_tree_equations();
  const ParameterTable parameters = load_parameters({});
  for_cases("tree", 40, [&](const Case& row) {
    const TreeSize tree{row.number("diameter"), row.has("height") ? row.number("height") : no_value,
                        row.has("wood_density") ? row.number("wood_density") : no_value};
    const TreeEquation& equation =
        tree_equation(equations, row.text("set"), row.text("key"), row.text("quantity"), tree.diameter_cm);
    CHECK(equation.unit == row.text("unit"));
    double value = tree_value(equation, tree);
    if (row.has("carbon_fraction")) value *= parameters.need("LYT2264/CHINESE_FIR", row.text("carbon_fraction"));
    CHECK(row.agrees(value, row.number("expected")));
  });
}

TEST_CASE("trees: sizes and names that cannot be meant") {
  const auto equations = shipped_tree_equations();
  const TreeEquation& small = tree_equation(equations, "LYT2264", "CHINESE_FIR", "biomass_above", 4.9);
  const TreeEquation& tall = tree_equation(equations, "LYT2264", "CHINESE_FIR", "biomass_above", 5);
  CHECK(&small != &tall);
  CHECK(std::isnan(tree_value(small, {5, 4})));
  CHECK(std::isnan(tree_value(tall, {4.9, 4})));
  CHECK(std::isnan(tree_value(tall, {10, no_value})));
  CHECK(std::isnan(tree_value(tall, {no_value, 10})));
  CHECK(std::isnan(tree_value(tree_equation(equations, "ZENG2018", "ANY", "biomass_above", 20), {20, 15})));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { tree_equation(equations, "LYT2264", "MASSON_PINE", "volume", 20); }),
             Catch::Contains("have no MASSON_PINE volume") && Catch::Contains("CHINESE_FIR biomass_above"));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { tree_equation(equations, "LYT", "MASSON_PINE", "volume", 20); }),
             Catch::Contains("use one of DB35_1823"));
}
