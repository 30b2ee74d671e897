// SPDX-License-Identifier: Apache-2.0
#include "job/stand_data.hpp"
#include "support/catch.hpp"
#include "table/shipped.hpp"

using namespace sink;

namespace {

/// One stand of fir, Masson pine or bamboo whose file has every field.
struct World {
  StandLegends legends;
  StandSet set;
  std::vector<StandCheck> checks = stand_checks();

  World() {
    StandsJob job;
    legends = load_stand_legends(job);
    legends.types = Legend("own.csv", {{"11", "CHINESE_FIR", LandUse::forest, "", ""},
                                       {"13", "MIX_BROADLEAF", LandUse::forest, "", ""},
                                       {"21", "MOSO", LandUse::forest, "", ""},
                                       {"91", "", LandUse::cropland, "", ""}});
    StandFile file{"stands.shp", {}, {}};
    for (const std::string& use : stand_uses()) file.names[use] = use;
    set.files.push_back(file);
    Stand stand;
    stand.id = "1";
    stand.drawn = true;
    stand.species = "11";
    stand.origin = "20";
    stand.age_group = "2";
    stand.age_yr = 15;
    stand.canopy = 0.7;
    stand.area_ha = stand.outline_ha = 10;
    stand.volume_m3_ha = 100;
    stand.volume_total_m3 = 1000;
    set.stands.push_back(stand);
    set.first.push_back(0);
  }
  Stand& stand() { return set.stands[0]; }
  std::vector<std::string> rules() {
    std::vector<std::string> warnings, rules;
    classify(legends, set, warnings);
    for (const StandFinding& finding : check_fields(set, legends, checks)) rules.push_back(checks[finding.rule].rule);
    return rules;
  }
};

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("a good stand breaks no rule, and each limit itself is good", "[stands]") {
  World world;
  CHECK(world.rules().empty());
  world.stand().volume_total_m3 = 1050;
  world.stand().canopy = 0.2;
  world.stand().outline_ha = 10 / 1.0999;
  CHECK(world.rules().empty());
  world.stand().volume_total_m3 = 1060;
  world.stand().canopy = 0.19;
  world.stand().outline_ha = 9;
  CHECK(world.rules() == Rules{"area_outline", "volume_total", "canopy_low"});
}

TEST_CASE("ages between two groups are of either, and a group without bounds is not asked", "[stands]") {
  World world;
  world.stand().age_yr = 20.5;  // groups 2 and 3 meet between 20 and 21
  CHECK(world.rules().empty());
  world.stand().age_group = "3";
  CHECK(world.rules().empty());
  world.stand().age_yr = 21.5;
  world.stand().age_group = "2";
  CHECK(world.rules() == Rules{"age_group"});
  world.stand().origin = "11";
  CHECK(world.rules().empty());
  world.stand().origin = "";
  CHECK(world.rules().empty());
  world.set.files[0].names.erase("origin");  // without the field all stands are taken for planted
  CHECK(world.rules() == Rules{"age_group"});
  world.stand().species = "13";  // mixed broadleaf has no bounds
  CHECK(world.rules().empty());
}

TEST_CASE("what is missing is found where its field is, and bamboo is asked for culms alone", "[stands]") {
  World world;
  Stand& stand = world.stand();
  stand.age_yr = stand.volume_m3_ha = no_number;
  CHECK(world.rules() == Rules{"age_missing", "volume_missing"});
  stand.species = "21";
  CHECK(world.rules() == Rules{"culms_missing"});
  stand.stems_ha = 3000;
  stand.volume_m3_ha = stand.volume_total_m3 = 0;
  CHECK(world.rules().empty());
  stand.species = "91";
  stand.stems_ha = no_number;
  CHECK(world.rules().empty());
  stand.species = "";
  stand.land_class = "0301";
  CHECK(world.rules() == Rules{"species_missing"});
  world.set.files[0].names.erase("species");
  CHECK(world.rules().empty());
}

TEST_CASE("a land class stands in for a species only under the legend's very code", "[stands]") {
  World world;
  world.legends.types = Legend("own.csv", {{"11", "CHINESE_FIR", LandUse::forest, "", ""},
                                           {"0302", "MOSO", LandUse::forest, "", ""},
                                           {"10xx", "", LandUse::settlement, "", ""}});
  Stand& stand = world.stand();
  std::vector<std::string> warnings;
  const auto code = [&](const std::string& species, const std::string& land_class) {
    stand = Stand();
    stand.species = species;
    stand.land_class = land_class;
    classify(world.legends, world.set, warnings);
    return stand.type_code;
  };
  CHECK(code("", "0302") == 302);
  CHECK(code("0", "0302") == 302);
  CHECK(code("", "1003") == 1003);
  CHECK(code("11", "0302") == 11);
  CHECK(code("11.0", "0302") == 11);
  CHECK(code("", "0101") == -1);
  CHECK(code("", "") == -1);
  World other;
  other.legends.types = Legend("own.csv", {{"101", "CHINESE_FIR", LandUse::forest, "", ""}});
  other.stand() = Stand();
  other.stand().land_class = "0101";  // paddy is no fir, though both are 101
  classify(other.legends, other.set, warnings);
  CHECK(other.stand().type_code == -1);
}
