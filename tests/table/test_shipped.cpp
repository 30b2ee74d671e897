// SPDX-License-Identifier: Apache-2.0
#include "table/shipped.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::refusal;

namespace {

/// A file with this text for as long as it lives.
class TextFile {
 public:
  explicit TextFile(const std::string& text) : path_(fresh_path()) { std::ofstream(path_) << text; }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static std::filesystem::path fresh_path() {
    static int made = 0;
    return std::filesystem::temp_directory_path() /
           ("sinkcalc_" + std::to_string(getpid()) + "_" + std::to_string(++made) + ".csv");
  }
  std::filesystem::path path_;
};

const std::string legend_header = "code,key,land_use,name_en,name_zh\n";

std::string refused_legend(const std::string& rows) {
  const TextFile file(legend_header + rows);
  return refusal(Error::Kind::input, [&] { load_legend(file.path(), load_parameters({})); });
}

std::string refused_pools(const std::string& text) {
  const TextFile file(text);
  return refusal(Error::Kind::input, [&] { load_carbon_pools(file.path()); });
}

/// The key without its regression set.
std::string plain_key(const std::string& key) {
  return key.substr(key.find('/') + 1);
}

std::set<std::string> first_column(std::string_view table) {
  std::set<std::string> cells;
  for (const auto& row : shipped_table(table).rows) cells.insert(row.front());
  return cells;
}

}  // namespace

TEST_CASE("shipped parameters load, and say where their deviation comes from") {
  for (const ParameterRow& row : load_parameters({}).rows()) {
    INFO(row.origin << " " << row.key << " " << row.parameter);
    CHECK_FALSE(row.source.empty());
    // What is so by definition (native land keeps its soil) has no error to draw.
    const bool assumed = row.source.ends_with("; sd 15 % assumed"),
               defined = row.source.ends_with("; sd 0 by definition"),
               of_fit = row.source.ends_with("; sd is the standard error of the fit");
    CHECK((assumed || defined || of_fit) == (row.value != 0));
    if (defined) CHECK(row.sd == 0);
    if (assumed) CHECK(row.sd == Approx(assumed_relative_sd * std::abs(row.value)).epsilon(1e-12));
  }
}

TEST_CASE("nothing recalled, computed or decided is called verified") {
  for (const ParameterRow& row : load_parameters({}).rows()) {
    const bool weak = row.source.find("recalled") != std::string::npos || row.source.starts_with("computed") ||
                      row.source.starts_with("decision");
    INFO(row.key << " " << row.parameter << ": " << row.source);
    CHECK((row.status == "unverified") == weak);
  }
}

TEST_CASE("the defaults are those of the science tables") {
  const ParameterTable parameters = load_parameters({});
  CHECK(parameters.find("CHINESE_FIR", "bef") == 1.634);
  CHECK(parameters.find("MASSON_PINE", "wood_density") == 0.38);
  CHECK(parameters.find("MOSO", "culm_kg") == 19.1);
  CHECK(parameters.find("MOSO", "root_shoot") == 0.56);
  CHECK(parameters.find("MOSO", "carbon_fraction") == 0.477);
  CHECK(parameters.find("OTHER_BAMBOO", "biomass_density") == 68.48);
  CHECK(parameters.find("ECON_TEA_CAMELLIA", "biomass_density") == 23.7);
  CHECK(parameters.find("SHRUB", "biomass_density") == 19.76);
  CHECK(parameters.find("NON_STOCKED", "biomass_density") == 0);
  CHECK(parameters.find("LY2016/CAMPHOR", "regression_a") == 1.0357);
  CHECK(parameters.find("ANY", "regression_v0") == 10);
  CHECK(parameters.find("temperate/pines", "bcef_s_to_inf") == 0.7);
}

TEST_CASE("shipped tables speak of the same keys") {
  const auto keys = first_column("keys");
  const BcefGroups groups = shipped_bcef_groups();
  for (const ParameterRow& row : load_parameters({}).rows()) {
    const std::string set = row.key.substr(0, row.key.find('/'));
    // Soil by edition, dead matter, fire, products and whole methods: not keys of classes.
    static const std::set<std::string> not_classes = {"2006", "2019", "TOOL12",   "MEASURED", "IPCC2006",   "FIRE",
                                                      "AR5",  "AR6",  "PROVINCE", "PRODUCTS", "DEAD_MATTER"};
    if (row.key == "ANY" || groups.contains(set) || not_classes.contains(set)) continue;
    if (keys.contains(set)) continue;  // MOSO/age_1: a part of a class
    INFO(row.key);
    CHECK(keys.contains(plain_key(row.key)));
  }
  for (const ParameterRow& row : alternate_parameters()) {
    CHECK((row.key == "ANY" || keys.contains(row.key)));
    CHECK(row.status == "verified");
  }
  const ParameterTable parameters = load_parameters({});
  for (const auto& [zone, group_of] : groups)
    for (const auto& [key, group] : group_of) {
      CHECK(keys.contains(key));
      CHECK(parameters.has(zone + "/" + group, "bcef_s_to_inf"));
    }
  CHECK(groups.size() == 3);
  for (const std::string& key : keys) CHECK((groups.at("temperate").contains(key) == parameters.has(key, "bef")));
}

TEST_CASE("a legend may have colours") {
  const std::string header = legend_header.substr(0, legend_header.size() - 1) + ",colour\n";
  const TextFile file(header + "1,SHRUB,,,,#FFbb22\n2,SHRUB,,,,\n");
  const Legend legend = load_legend(file.path(), load_parameters({}));
  CHECK(legend[0].colour == "#ffbb22");
  CHECK(legend[1].colour.empty());
  // ESA's product user manual: tree cover and built-up.
  const Legend esa = load_legend("esa_worldcover", load_parameters({}));
  CHECK(esa[esa.index_of(10)].colour == "#006400");
  CHECK(esa[esa.index_of(50)].colour == "#fa0000");
  for (const char* colour : {"red", "#12345", "#12345g", "006400"}) {
    const TextFile bad(header + "1,SHRUB,,,," + colour + "\n");
    CHECK_THAT(refusal(Error::Kind::input, [&] { load_legend(bad.path(), load_parameters({})); }),
               Catch::Contains(":2: ") && Catch::Contains("write #rrggbb"));
  }
}

TEST_CASE("default land uses of keys") {
  const TextFile file(legend_header +
                      "1,SHRUB,,,\n2,ECON_TEA_CAMELLIA,,,茶\n3,NON_STOCKED,,,\n4,MOSO,,,\n5,SHRUB,shrub_counted,,\n");
  const Legend legend = load_legend(file.path(), load_parameters({}));
  CHECK(legend[0].land_use == LandUse::grassland);
  CHECK(legend[1].land_use == LandUse::cropland_perennial);
  CHECK(legend[2].land_use == LandUse::forest_unstocked);
  CHECK(legend[3].land_use == LandUse::forest);
  CHECK(legend[4].land_use == LandUse::shrub_counted);
  CHECK(legend[1].name_zh == "茶");
  CHECK(legend[3].name_en == "Moso bamboo");
}

TEST_CASE("shipped legends load by name") {
  const ParameterTable parameters = load_parameters({});
  CHECK(shipped_legends() ==
        std::vector<std::string>{"clcd", "esa_worldcover", "globeland30", "sample", "sandiao", "yizhangtu"});
  for (const std::string& name : shipped_legends()) {
    const Legend legend = load_legend(name, parameters);
    for (const LegendRow& row : legend.rows()) CHECK((!row.name_en.empty() && !row.name_zh.empty()));
  }
  const Legend sandiao = load_legend("sandiao", parameters);
  const auto use = [&](int code) { return sandiao[sandiao.index_of(code)].land_use; };
  CHECK(use(202) == LandUse::cropland_perennial);
  CHECK(use(301) == LandUse::forest);
  CHECK(use(305) == LandUse::grassland);
  CHECK(use(307) == LandUse::forest_unstocked);
  CHECK(use(601) == LandUse::settlement);
  CHECK(use(1202) == LandUse::cropland);
  CHECK(use(1299) == LandUse::other);
}

TEST_CASE("legends that cannot be used are refused with file, line and the way out") {
  CHECK_THAT(refusal(Error::Kind::input, [] { load_legend("clc", ParameterTable()); }),
             Catch::Contains("no such legend") && Catch::Contains("clcd, esa_worldcover"));
  CHECK_THAT(refused_legend("1,CHINES_FIR,,,\n"),
             Catch::Contains(".csv:2: no such key 'CHINES_FIR'") && Catch::Contains("did you mean CHINESE_FIR"));
  CHECK_THAT(refused_legend("1,,wood,,\n"), Catch::Contains("no such land use 'wood'"));
  CHECK_THAT(refused_legend("1,,,,\n"), Catch::Contains("code 1 has no land use"));
  CHECK_THAT(refused_legend("1,,forest,,\n01,,forest,,\n"), Catch::Contains("stands twice"));
}

TEST_CASE("a key of the user's own needs a parameter row and a land use") {
  const TextFile file("key,parameter,value,unit,sd,status,source\nTEAK,bef,1.4,1,,unverified,own plots\n");
  const ParameterTable parameters = load_parameters({file.path()});
  for (const ParameterRow& row : parameters.rows()) {
    if (row.key != "TEAK") continue;
    CHECK(row.sd == Approx(0.21));
    CHECK(row.source == "own plots; sd 15 % assumed");
  }
  const TextFile legend(legend_header + "1,TEAK,forest,teak,柚木\n");
  CHECK(load_legend(legend.path(), parameters).size() == 1);
  const TextFile blank(legend_header + "1,TEAK,,teak,柚木\n");
  CHECK_THAT(refusal(Error::Kind::input, [&] { load_legend(blank.path(), parameters); }),
             Catch::Contains("fill in land_use"));
}

TEST_CASE("InVEST's pools table is read unchanged, in any case of its headers") {
  const TextFile file(
      "lucode,lulc_name,C_Above,C_below,C_soil,C_dead,notes\n1,forest,15,10,60,1,x\n2,\"crop, dry\",5,3,20,0,\n");
  const CarbonPools pools = load_carbon_pools(file.path());
  REQUIRE(pools.rows.size() == 2);
  CHECK(pools.rows[0].above_tc_ha == 15);
  CHECK(pools.rows[0].dead_tc_ha == 1);
  CHECK(pools.rows[1].name == "crop, dry");
  CHECK(legend_of(pools).index_of(2) == 1);
  CHECK(std::isnan(pools.rows[0].above_sd));
  const TextFile with_sd(
      "lucode,LULC_name,C_above,C_below,C_soil,C_dead,c_above_SD\n1,forest,15,10,60,1,3\n2,a,1,1,1,1,\n");
  CHECK(load_carbon_pools(with_sd.path()).rows[0].above_sd == 3);
  CHECK(std::isnan(load_carbon_pools(with_sd.path()).rows[1].above_sd));
}

TEST_CASE("pools that cannot be meant are refused with their line") {
  const std::string header = "lucode,LULC_name,C_above,C_below,C_soil,C_dead\n";
  CHECK_THAT(refused_pools("lucode,LULC_name,C_above,C_below,C_soil\n1,a,1,1,1\n"),
             Catch::Contains("no column 'C_dead'"));
  CHECK_THAT(refused_pools(header + "1,a,1,1,1,1\n1,b,1,1,1,1\n"), Catch::Contains(".csv:3: lucode 1 stands twice"));
  CHECK_THAT(refused_pools(header + "-1,a,1,1,1,1\n"), Catch::Contains("lucode -1 is no class code"));
  CHECK_THAT(refused_pools(header + "1.5,a,1,1,1,1\n"), Catch::Contains("lucode 1.5 is no class code"));
  CHECK_THAT(refused_pools(header + "1,a,1,-1,1,1\n"), Catch::Contains("C_below is -1"));
  CHECK_THAT(refused_pools(header + "1,a,1,,1,1\n"), Catch::Contains("is no number"));
}
