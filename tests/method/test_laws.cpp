// SPDX-License-Identifier: Apache-2.0
// Laws and traps of the stock methods that no single worked number shows.
#include <cmath>
#include <set>

#include "method/methods.hpp"
#include "method/stock_chain.hpp"
#include "method_case.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

/// Legends, groups and parameters that live as long as a test.
struct World {
  ParameterTable parameters = load_parameters({});
  BcefGroups groups = shipped_bcef_groups();
  Legend types{"types",
               {{"11", "CHINESE_FIR", LandUse::forest, "", ""},
                {"12", "PHOEBE", LandUse::forest, "", ""},
                {"21", "MOSO", LandUse::forest, "", ""},
                {"41", "ECON_TEA_CAMELLIA", LandUse::cropland_perennial, "", ""},
                {"61", "", LandUse::forest, "", ""},
                {"91", "", LandUse::cropland, "", ""}}};
  Legend cover{"cover",
               {{"2", "UNKNOWN_TREE", LandUse::forest, "", ""},
                {"8", "", LandUse::settlement, "", ""},
                {"20", "ECON_TEA_CAMELLIA", LandUse::cropland_perennial, "", ""},
                {"3", "SHRUB", LandUse::shrub_counted, "", ""}}};

  [[nodiscard]] MethodSetup setup() const {
    return {.parameters = parameters, .forest_types = &types, .bcef_groups = &groups, .bcef_zone = "temperate"};
  }
};
enum : ClassIndex { fir, phoebe, moso, tea, keyless_forest, cropland };
enum : ClassIndex { cover_forest, cover_settlement, cover_tea, cover_shrub };

struct Outcome {
  std::string link;  ///< the link that gave the stock; blank where none did
  double agb = no_value, carbon = no_value;
};

/// One pixel down the chain.
Outcome down(const std::vector<ChainLink>& chain, ClassIndex type, ClassIndex cover, double volume, double culms) {
  Block block(1);
  block.column(layer::forest_type)[0] = type;
  block.column(layer::landcover)[0] = cover;
  block.column(layer::volume)[0] = volume;
  block.column(layer::culms)[0] = culms;
  Outcome outcome;
  Write write = Write::all;
  for (const ChainLink& link : chain) {
    link.method.run(block, write);
    write = Write::gaps;
    if (outcome.link.empty() && !std::isnan(block.column(layer::carbon_above)[0])) outcome.link = link.name;
  }
  outcome.agb = block.column(layer::agb)[0];
  outcome.carbon = block.column(layer::carbon_above)[0] + block.column(layer::carbon_below)[0];
  return outcome;
}

double biomass(const Method& method, double volume) {
  Pixel result = run(method, {{{"forest_type", fir}, {"volume", volume}}}).front();
  add_sums(result);
  return result["biomass"];
}

/// Names of the rows that were used, as "KEY parameter".
std::set<std::string> used(const ParameterTable& parameters) {
  std::set<std::string> names;
  for (const ParameterRow& row : parameters.used()) names.insert(row.key + " " + row.parameter);
  return names;
}

}  // namespace

TEST_CASE("the regression is continuous at V0 and rises all the way") {
  const World world;
  const Method regression = make_regression(world.setup());
  CHECK(biomass(regression, std::nextafter(10, 0)) == Approx(biomass(regression, 10)).epsilon(1e-14));
  double before = biomass(regression, 0);
  CHECK(before == 0);
  for (int volume = 1; volume <= 300; ++volume) {
    const double now = biomass(regression, volume);
    CHECK(now > before);
    before = now;
  }
}

TEST_CASE("BCEF with interpolation has no steps, without it a step at each class edge") {
  const World world;
  MethodSetup setup = world.setup();
  for (const bool interpolate : {false, true}) {
    setup.bcef_interpolate = interpolate;
    const Method bcef = make_bcef(setup);
    for (const double edge : {20.0, 40.0, 100.0, 200.0}) {
      const double below = biomass(bcef, edge), above = biomass(bcef, std::nextafter(edge, 1e9));
      INFO("interpolate " << interpolate << ", edge " << edge);
      CHECK((std::abs(above - below) < 1e-9 * below) == interpolate);
    }
  }
}

TEST_CASE("a chain gives each pixel to the link it belongs to") {
  const World world;
  const auto chain = stock_chain("bef", world.setup());
  CHECK(down(chain, fir, no_class, 120, no_value).link == "bef");
  CHECK(down(chain, moso, no_class, 500, 2400).link == "culms");
  CHECK(down(chain, moso, no_class, 500, no_value).link == "area_density");
  CHECK(down(chain, tea, no_class, 500, no_value).link == "area_density");
  CHECK(down(chain, cropland, no_class, no_value, no_value).link == "no_stock");
  CHECK(down(chain, cropland, no_class, no_value, no_value).carbon == 0);
}

TEST_CASE("the volume of bamboo changes nothing, under any method") {
  const World world;
  for (const char* method : {"bef", "regression", "bcef"}) {
    const auto chain = stock_chain(method, world.setup());
    CHECK(down(chain, moso, no_class, 0, 2400).agb == down(chain, moso, no_class, 300, 2400).agb);
    CHECK(down(chain, moso, no_class, no_value, 2400).link == "culms");
  }
}

TEST_CASE("forest without volume or parameters stays unmodelled") {
  const World world;
  const auto chain = stock_chain("bef", world.setup());
  CHECK(down(chain, fir, no_class, no_value, no_value).link.empty());
  CHECK(down(chain, fir, no_class, -5, no_value).link.empty());
  CHECK(down(chain, keyless_forest, no_class, 120, no_value).link.empty());
  CHECK(down(chain, no_class, no_class, 120, 2400).link.empty());
}

TEST_CASE("a type without a regression goes by bef, in the set that is chosen") {
  const World world;
  MethodSetup setup = world.setup();
  const auto chain = stock_chain("regression", setup);
  CHECK(down(chain, fir, no_class, 120, no_value).link == "regression");
  CHECK(down(chain, phoebe, no_class, 120, no_value).link == "bef");
  setup.regression_set = "ZHANG2013";
  CHECK(down(stock_chain("regression", setup), fir, no_class, 120, no_value).link == "bef");
}

TEST_CASE("land cover speaks where the forest type is unknown, and only for land that is not forest") {
  const World world;
  MethodSetup setup = world.setup();
  setup.landcover = &world.cover;
  const auto chain = stock_chain("bef", setup);
  CHECK(down(chain, no_class, cover_settlement, no_value, no_value).link == "no_stock");
  CHECK(down(chain, no_class, cover_tea, no_value, no_value).link == "area_density");
  CHECK(down(chain, no_class, cover_forest, 120, no_value).link.empty());
  CHECK(down(chain, no_class, cover_shrub, no_value, no_value).link.empty());
  CHECK(down(chain, fir, cover_settlement, no_value, no_value).link.empty());
  CHECK(down(chain, fir, cover_settlement, 120, no_value).link == "bef");
}

TEST_CASE("a map of biomass keeps its column while the result gets its own") {
  const World world;
  Block block(1);
  block.column(layer::forest_type)[0] = tea;
  block.column(layer::agb_map)[0] = 80;
  for (const auto& link : stock_chain("agb", world.setup()))
    link.method.run(block, link.name == "agb" ? Write::all : Write::gaps);
  CHECK(block.column(layer::agb_map)[0] == 80);
  CHECK(block.column(layer::agb)[0] == Approx(23.7));
}

TEST_CASE("only parameters of classes in the legend are in use") {
  const World world;
  const Legend one("one", {{"1", "CHINESE_FIR", LandUse::forest, "", ""}});
  MethodSetup setup = world.setup();
  setup.forest_types = &one;
  stock_chain("bef", setup);
  CHECK(used(world.parameters) == std::set<std::string>{"CHINESE_FIR bef", "CHINESE_FIR wood_density",
                                                        "CHINESE_FIR root_shoot", "CHINESE_FIR carbon_fraction"});
}

TEST_CASE("a user's plain regression row wins over the set, and needs both halves") {
  World world;
  world.parameters.override_with({{"CHINESE_FIR", "regression_a", 0.5, "t/m3", 0, "unverified", "", "own.csv:2"}});
  CHECK_THAT(refusal(Error::Kind::input, [&] { make_regression(world.setup()); }), Catch::Contains("give both"));
  world.parameters.override_with({{"CHINESE_FIR", "regression_b", 10, "t/ha", 0, "unverified", "", "own.csv:3"}});
  CHECK(biomass(make_regression(world.setup()), 100) == Approx(60));
}

TEST_CASE("V0 of zero switches the low-volume rule off") {
  World world;
  world.parameters.override_with({{"ANY", "regression_v0", 0, "m3/ha", 0, "unverified", "", "own.csv:2"}});
  CHECK(biomass(make_regression(world.setup()), 0) == Approx(19.141));
}

TEST_CASE("setups that cannot work are refused with the way out") {
  const World world;
  MethodSetup setup = world.setup();
  setup.bcef_zone = "";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { make_bcef(setup); }),
             Catch::Contains("needs a climate zone") && Catch::Contains("humid_tropical, subtropical, temperate"));
  setup.bcef_zone = "boreal";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { make_bcef(setup); }), Catch::Contains("knows no zone 'boreal'"));
  setup.regression_set = "FANG2010";
  CHECK_THAT(refusal(Error::Kind::usage, [&] { make_regression(setup); }),
             Catch::Contains("no regression set 'FANG2010'") && Catch::Contains("FANG2001, LY2016, ZHANG2013"));
  setup.forest_types = nullptr;
  CHECK_THAT(refusal(Error::Kind::usage, [&] { make_bef(setup); }), Catch::Contains("--forest-type"));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { make_lookup(setup); }), Catch::Contains("--densities"));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { stock_chain("bfe", setup); }), Catch::Contains("did you mean bef"));
  CHECK_THAT(refusal(Error::Kind::usage, [&] { method_called("culm"); }), Catch::Contains("did you mean culms"));
}

TEST_CASE("codes of one prefix class must share their densities") {
  const World world;
  const Legend legend("legend.csv", {{"10xx", "", LandUse::settlement, "", ""}});
  CarbonPools pools{"pools.csv",
                    {{1001, "", 1, 2, 3, 4}, {1002, "", 1, 2, 3, 4}, {7, "not in the legend", 9, 9, 9, 9}}};
  MethodSetup setup = world.setup();
  setup.landcover = &legend;
  setup.pools = &pools;
  CHECK(run(make_lookup(setup), {{{"landcover", 0}}}).front()["dead"] == 4);
  pools.rows[1].soil_tc_ha = 5;
  CHECK_THAT(refusal(Error::Kind::input, [&] { make_lookup(setup); }),
             Catch::Contains("10xx have different densities"));
}

TEST_CASE("links whose maps are not given are left out") {
  const World world;
  MethodSetup setup = world.setup();
  const auto names = [](const std::vector<ChainLink>& chain) {
    std::vector<std::string> list;
    for (const ChainLink& link : chain) list.push_back(link.name);
    return list;
  };
  setup.culms_given = false;
  CHECK(names(stock_chain("bef", setup)) == std::vector<std::string>{"bef", "area_density", "no_stock"});
  setup.forest_types = nullptr;
  CHECK(names(stock_chain("agb", setup)) == std::vector<std::string>{"agb"});
}
