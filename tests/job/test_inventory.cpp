// SPDX-License-Identifier: Apache-2.0
// Inventory files: what is read, and what is refused in which words.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "job/job.hpp"
#include "support/catch.hpp"

namespace {

using sink::Error;
using sink::Job;

/// An inventory file that is gone with the test.
class InventoryFile {
 public:
  explicit InventoryFile(const std::string& text)
      : folder_(std::filesystem::temp_directory_path() / ("sink_inventory_" + std::to_string(getpid()))),
        path_(folder_ / "inventory.toml") {
    std::filesystem::create_directories(folder_);
    std::ofstream(path_) << text;
  }
  ~InventoryFile() { std::filesystem::remove_all(folder_); }
  InventoryFile(const InventoryFile&) = delete;
  InventoryFile& operator=(const InventoryFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string folder() const { return folder_.string(); }

 private:
  std::filesystem::path folder_, path_;
};

const std::string date_2015 = "[[date]]\nyear = 2015\nvolume = \"v.tif\"\n";

Job read(const std::string& text) {
  return sink::read_inventory(InventoryFile(text).path());
}

/// The message of the refusal after the file's folder: "inventory.toml:3: …". Fails where nothing is refused.
std::string refusal(const std::string& text) {
  const InventoryFile file(text);
  try {
    sink::read_inventory(file.path());
  } catch (const Error& error) {
    CHECK(error.kind() == Error::Kind::input);
    const std::string message = error.what();
    CHECK(message.find('\n') == std::string::npos);
    REQUIRE(message.starts_with(file.folder() + "/"));
    return message.substr(file.folder().size() + 1);
  }
  FAIL("was not refused");
  return "";
}

/// Refusal of lines that follow the shortest good inventory (three lines).
std::string refusal_after_date(const std::string& text) {
  return refusal(date_2015 + text);
}

const std::string target_start = "[[target]]\nname = \"t\"\nkind = \"buyout\"\nparcels = \"p.gpkg\"\n";

}  // namespace

TEST_CASE("the example of the contract is read, but for its uncertainty") {
  const InventoryFile file(R"toml(
title = "Wuyishan belt, 2015–2020"
legend = "legend.csv"              # forest types
landcover_legend = "clcd"          # or a file
[[zones]]
name = "county"
file = "counties.gpkg"
id = "code"
label = "name"
[[date]]
year = 2015
forest_type = "stands_2015.tif:1"
age = "stands_2015.tif:2"
volume = "stands_2015.tif:3"
culms = "culms_2015.tif"
landcover = "landcover_2015.tif"
[stock]
method = "bef"
pools = ["agb", "bgb"]
bcef_zone = "temperate"
[baseline]
name = "Nanping plan"
rate_tco2_ha_yr = 1.97
year = "unknown"
method = "official, not published"
boundary = "unknown"
[[reference]]
name = "Fujian"
rate_tco2_ha_yr = 2.77
[emissions]
co2_t = 10750000
[[target]]
name = "精准提升森林质量"
kind = "improvement"
area_ha = 30000
start = 2021
by = 2025
parcels = "improvement.gpkg"
)toml");
  const Job job = sink::read_inventory(file.path());
  CHECK(job.title == "Wuyishan belt, 2015–2020");
  CHECK(job.source_file == file.path());
  CHECK(job.base_directory == file.folder());
  CHECK(job.legend == "legend.csv");
  CHECK(job.landcover_legend == "clcd");
  CHECK(job.land_use_from == "forest_type");
  REQUIRE(job.zones.size() == 1);
  CHECK(job.zones[0].set == "county");
  CHECK(job.zones[0].file == "counties.gpkg");
  CHECK(job.zones[0].id_field == "code");
  CHECK(job.zones[0].name_field == "name");
  REQUIRE(job.dates.size() == 1);
  CHECK(job.dates[0].year == 2015);
  CHECK(job.dates[0].layers.size() == 5);
  CHECK(job.dates[0].layers.at("volume") == "stands_2015.tif:3");
  CHECK(job.stock.methods == std::vector<std::string>{"bef"});
  CHECK(job.stock.pools == std::vector<std::string>{"agb", "bgb"});
  CHECK(job.stock.bcef_zone == "temperate");
  REQUIRE(job.baseline);
  CHECK(job.baseline->rate_tco2_ha_yr == 1.97);
  CHECK(job.baseline->method == "official, not published");
  REQUIRE(job.references.size() == 1);
  CHECK(job.references[0].name == "Fujian");
  CHECK(job.references[0].year == "unknown");
  CHECK(job.emissions_co2_t == 10750000.0);
  REQUIRE(job.targets.size() == 1);
  CHECK(job.targets[0].name == "精准提升森林质量");
  CHECK(job.targets[0].kind == sink::Target::Kind::improvement);
  CHECK(job.targets[0].area_ha == 30000);
  CHECK(job.targets[0].year_done_field == "year_done");
}

TEST_CASE("the shortest inventory is a date with a map") {
  const Job job = read(date_2015);
  CHECK(job.stock.methods == std::vector<std::string>{"bef"});
  CHECK(job.zones.empty());
  CHECK(job.output.layers.empty());
}

TEST_CASE("the other keys are read") {
  const Job job = read(
      "parameters = [\"a.csv\", \"b.csv\"]\nland_use_from = \"landcover\"\n[output]\nlayers = [\"carbon\", \"sink\"]\n"
      "[[zones]]\nfile = \"towns.gpkg:town\"\nwhere = \"county=1\"\n[stock]\nmethod = [\"bef\", \"bcef\"]\n"
      "bcef_interpolate = true\ndensities = \"pools.csv\"\nregression_set = \"F2001\"\n" +
      date_2015);
  CHECK(job.parameter_files == std::vector<std::string>{"a.csv", "b.csv"});
  CHECK(job.land_use_from == "landcover");
  CHECK(job.output.layers == std::vector<std::string>{"carbon", "sink"});
  REQUIRE(job.zones.size() == 1);
  CHECK(job.zones[0].set == "towns");
  CHECK(job.zones[0].where == "county=1");
  CHECK(job.stock.methods.size() == 2);
  CHECK(job.stock.bcef_interpolate);
  CHECK(job.stock.densities == "pools.csv");
  CHECK(job.stock.regression_set == "F2001");
  CHECK(read("parameters = \"a.csv\"\n" + date_2015).parameter_files.size() == 1);
}

TEST_CASE("a target's area may be in mu, and its fields have other names") {
  const Job job =
      read(date_2015 + target_start + "area_mu = 20000\nstart = 2021\nby = 2025\nfields = { year_done = \"WCND\" }\n");
  CHECK(job.targets.at(0).area_ha == Approx(1333.3333333333333).epsilon(1e-15));
  CHECK(job.targets[0].year_done_field == "WCND");
  CHECK(job.targets[0].id_field == "id");
}

TEST_CASE("a benchmark's year may be a number") {
  CHECK(read(date_2015 + "[baseline]\nname = \"b\"\nrate_tco2_ha_yr = 2\nyear = 2020\n").baseline->year == "2020");
}

TEST_CASE("an unknown key names the nearest known one, with file and line") {
  CHECK(refusal("titel = \"x\"\n" + date_2015) ==
        "inventory.toml:1: unknown key 'titel': the nearest known one is 'title'");
  CHECK(refusal("[[date]]\nyaer = 2015\n") ==
        "inventory.toml:2: unknown key 'yaer' in [[date]]: the nearest known one is 'year'");
  CHECK(refusal("[[date]]\nyear = 2015\nzzz = 1\nvolme = \"v.tif\"\n")
            .starts_with("inventory.toml:3: unknown key 'zzz'"));
  CHECK(refusal_after_date("[stock]\nmethods = \"bef\"\n").find("'method'") != std::string::npos);
  CHECK(refusal_after_date("[output]\nlayer = \"bef\"\n").find("'layers'") != std::string::npos);
}

TEST_CASE("a word that is no choice names the nearest") {
  CHECK(refusal_after_date("[stock]\nmethod = \"beff\"\n") ==
        "inventory.toml:5: 'method' cannot be 'beff', the nearest is 'bef': choose from bef, regression, bcef, agb, "
        "lookup");
  CHECK(refusal_after_date("[stock]\npools = [\"agb\", \"sol\"]\n").find("'soil'") != std::string::npos);
  CHECK(refusal_after_date("[stock]\nbcef_zone = \"tropical\"\n").find("humid_tropical") != std::string::npos);
}

TEST_CASE("what this version cannot do is refused, not ignored") {
  CHECK(refusal_after_date("[uncertainty]\ndraws = 200\n") ==
        "inventory.toml:4: this version computes no uncertainty: take the section [uncertainty] out");
}

TEST_CASE("wrong types are refused") {
  CHECK(refusal("[[date]]\nyear = \"2015\"\nvolume = \"v.tif\"\n") ==
        "inventory.toml:2: 'year' must be a whole number");
  CHECK(refusal("[[date]]\nyear = 15\nvolume = \"v.tif\"\n") == "inventory.toml:2: 'year' must be a year such as 2015");
  CHECK(refusal("title = 5\n" + date_2015) == "inventory.toml:1: 'title' must be a text in quotes");
  CHECK(refusal("stock = 1\n" + date_2015) == "inventory.toml:1: 'stock' must be one table: [stock]");
  CHECK(refusal("[date]\nyear = 2015\n").find("[[date]]") != std::string::npos);
  CHECK(refusal_after_date("[emissions]\nco2_t = \"many\"\n") == "inventory.toml:5: 'co2_t' must be a number");
  CHECK(refusal_after_date("[emissions]\nco2_t = inf\n") == "inventory.toml:5: 'co2_t' must be a finite number");
  CHECK(refusal_after_date("[emissions]\nco2_t = -1\n") == "inventory.toml:5: 'co2_t' must be more than 0");
  CHECK(refusal_after_date("[stock]\nbcef_interpolate = 1\n") ==
        "inventory.toml:5: 'bcef_interpolate' must be true or false");
  CHECK(refusal_after_date("[stock]\npools = [\"agb\", 1]\n").find("list of such") != std::string::npos);
  CHECK(refusal_after_date("[stock]\npools = [\"agb\", \"agb\"]\n").find("twice") != std::string::npos);
  CHECK(refusal("legend = \"\"\n" + date_2015).find("blank") != std::string::npos);
  CHECK(refusal("legend = \"a\\u0000b\"\n" + date_2015).find("control character") != std::string::npos);
}

TEST_CASE("dates are in ascending order, each once") {
  CHECK(refusal(date_2015 + date_2015) == "inventory.toml:5: the year 2015 stands twice: each date needs its own year");
  CHECK(refusal_after_date("[[date]]\nyear = 2010\nvolume = \"v.tif\"\n") ==
        "inventory.toml:5: the year 2010 comes after 2015: put the dates in ascending order");
}

TEST_CASE("missing pieces are named") {
  CHECK(refusal("title = \"x\"\n").find("no [[date]]") != std::string::npos);
  CHECK(refusal("[[date]]\nvolume = \"v.tif\"\n") ==
        "inventory.toml:1: [[date]] has no 'year': add a line such as year = 2015");
  CHECK(refusal("[[date]]\nyear = 2015\n") ==
        "inventory.toml:1: [[date]] names no map: add a line such as volume = \"volume.tif\"");
  CHECK(refusal_after_date("[[zones]]\nid = \"x\"\n").starts_with("inventory.toml:4: [[zones]] has no 'file'"));
  CHECK(refusal_after_date("[baseline]\nname = \"x\"\n").find("rate_tco2_ha_yr = 2.77") != std::string::npos);
  CHECK(refusal_after_date("[emissions]\n").find("co2_t") != std::string::npos);
  CHECK(refusal_after_date(target_start + "start = 2021\nby = 2025\n").find("area_mu") != std::string::npos);
}

TEST_CASE("names are given once") {
  CHECK(refusal_after_date("[[zones]]\nfile = \"a/county.gpkg\"\n[[zones]]\nname = \"county\"\nfile = \"b.gpkg\"\n") ==
        "inventory.toml:7: two zone sets are called 'county': give each its own name");
  const std::string reference = "[[reference]]\nname = \"Fujian\"\nrate_tco2_ha_yr = 2.77\n";
  CHECK(refusal_after_date(reference + reference).find("two references are called 'Fujian'") != std::string::npos);
}

TEST_CASE("a target is whole and in order") {
  CHECK(refusal_after_date(target_start + "area_ha = 1\narea_mu = 15\nstart = 2021\nby = 2025\n").find("keep one") !=
        std::string::npos);
  CHECK(refusal_after_date(target_start + "area_ha = 1\nstart = 2025\nby = 2021\n").find("before start") !=
        std::string::npos);
  CHECK(refusal_after_date("[[target]]\nname = \"t\"\nkind = \"buy-out\"\n").find("'buyout'") != std::string::npos);
}

TEST_CASE("what is no inventory is refused") {
  CHECK(refusal("title = \n").starts_with("inventory.toml:1: not valid TOML: "));
  CHECK_THROWS_WITH(sink::read_inventory("/nowhere/x.toml"), Catch::Contains("/nowhere/x.toml: no such file"));
  CHECK_THROWS_WITH(sink::read_inventory("/tmp"), Catch::Contains("not a file"));
}
