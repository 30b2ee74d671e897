// SPDX-License-Identifier: Apache-2.0
// Small worlds of class maps whose changes are worked out by hand, and runs that must not depend on threads or windows.
#include "job/change_map.hpp"

#include <map>
#include <random>

#include "job/change_world.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

using tests::gone;
using tests::read_text;
using tests::Rows;
using World = tests::ChangeWorld;

TEST_CASE("classes of both dates are united, absent ones are zeros, nodata is unknown") {
  World world;
  world.add(2015, {{1, 1, 5, gone}, {1, 1, 5, gone}});
  world.add(2020, {{1, 9, gone, 1}, {9, 1, 5, gone}});
  const JobResult result = world.run();
  CHECK(world.pixels("total", 2015, "1", "1") == 2);
  CHECK(world.pixels("total", 2015, "1", "9") == 2);
  CHECK(world.pixels("total", 2015, "5", "5") == 1);
  CHECK(world.pixels("total", 2015, "5", "") == 1);
  CHECK(world.pixels("total", 2015, "", "1") == 1);
  CHECK(world.pixels("total", 2015, "", "") == 1);
  CHECK(world.pixels("total", 2015, "9", "9") == 0);
  CHECK(world.table("matrix.csv").rows.size() == 16);
  CHECK(world.pixels("total", 2015, "1", "9", "area_ha") == Approx(2).epsilon(2e-3));
  // Classes 1, 5, 9 are the places 0, 1, 2: the code is 3 i + j + 1.
  const double n = 65535;
  CHECK(world.raster("change_2015_2020.tif") == std::vector<double>{1, 3, n, n, 3, 1, 5, n});
  CHECK(world.table("matrix.csv").rows.back()[7] == "unknown");
  const std::string names = read_text(world.folder.file("out/change_2015_2020.tif.aux.xml"));
  CHECK(names.find("class 1 → class 9") != std::string::npos);
  CHECK(names.find("class 9 → class 9") == std::string::npos);
  CHECK(result.warnings.empty());
}

TEST_CASE("parts of change by class, with what went into the unknown") {
  World world;
  world.add_legend("1,,forest,forest,林地\n2,,cropland,field & <farm>,\n3,,wetland,lake,\n");
  world.add(2015, {{1, 1, 1, 2, 2, 3, 3, gone}});
  world.add(2020, {{1, 2, 3, 1, 2, 3, gone, 2}});
  world.run();
  const CsvTable classes = world.table("classes.csv");
  REQUIRE(classes.rows.size() == 4);
  const auto cell = [&](std::size_t row, const char* column) { return classes.number(row, classes.column(column)); };
  CHECK(cell(0, "start_pixels") == 3);
  CHECK(cell(0, "gain_pixels") == 1);
  CHECK(cell(0, "loss_pixels") == 2);
  CHECK(cell(0, "net_pixels") == -1);
  CHECK(cell(0, "swap_pixels") == 2);
  CHECK(cell(0, "exchange_pixels") == 2);
  CHECK(cell(1, "from_unknown_pixels") == 1);
  CHECK(cell(2, "to_unknown_pixels") == 1);
  CHECK(cell(3, "quantity_pixels") == 1);
  CHECK(cell(3, "exchange_pixels") == 2);
  CHECK(cell(3, "shift_pixels") == 0);
  const std::string sankey = read_text(world.folder.file("out/sankey_2015_2020.svg"));
  CHECK(sankey.find("field &amp; &lt;farm&gt;") != std::string::npos);
  CHECK(sankey.find("<farm>") == std::string::npos);
}

TEST_CASE("cloud codes are unknown, with and without a legend") {
  for (const bool with_legend : {false, true}) {
    World world;
    if (with_legend) world.add_legend("0,,other,cloud,\n02,,forest,forest,\n10xx,,cropland,fields,\n");
    world.job.maps.unknown_codes = {0};
    tests::RasterOptions wide;
    wide.type = GDT_UInt16;
    world.add(2015, {{2, 2, 0, 1003}}, wide);
    world.add(2020, {{2, 0, 2, 1003}}, wide);
    world.run();
    CHECK(world.pixels("total", 2015, "2", "2") == 1);
    CHECK(world.pixels("total", 2015, "2", "") == 1);
    CHECK(world.pixels("total", 2015, "", "2") == 1);
    CHECK(world.pixels("total", 2015, with_legend ? "10xx" : "1003", with_legend ? "10xx" : "1003") == 1);
    CHECK(world.pixels("total", 2015, "0", "0") == -1);
  }
}

TEST_CASE("codes of six digits are classes too") {
  World world;
  tests::RasterOptions wide;
  wide.type = GDT_Int32;
  world.add(2015, {{110801, 110802, 110899}}, wide);
  world.add(2020, {{110801, 7, 110899}}, wide);
  world.job.maps.unknown_codes = {110899};
  world.run();
  CHECK(world.pixels("total", 2015, "110802", "7") == 1);
  CHECK(world.pixels("total", 2015, "", "") == 1);
  CHECK(world.raster("change_2015_2020.tif") == std::vector<double>{5, 7, 65535});
}

TEST_CASE("zones each have a matrix, the total has a shared pixel once") {
  World world;
  world.add(2015, {{1, 1, 2, 2}});
  world.add(2020, {{1, 2, 2, 1}});
  tests::write_raster(world.folder.file("zones.tif"), {{7, 7, 8, -1}});
  world.job.zones = {
      {.set = "z", .file = world.folder.file("zones.tif"), .id_field = "", .name_field = "", .where = ""}};
  world.run();
  CHECK(world.pixels("7", 2015, "1", "2") == 1);
  CHECK(world.pixels("8", 2015, "2", "2") == 1);
  CHECK(world.pixels("8", 2015, "1", "1") == -1);
  CHECK(world.pixels("8", 2015, "", "") == 0);
  CHECK(world.pixels("total", 2015, "1", "2") == 1);
  CHECK(world.pixels("total", 2015, "2", "1") == 0);
  const auto square = [](double west, double east) {
    const auto x = [](double v) { return std::to_string(500000 + 100 * v); };
    return "POLYGON((" + x(west) + " 2999900," + x(east) + " 2999900," + x(east) + " 3000000," + x(west) + " 3000000," +
           x(west) + " 2999900))";
  };
  tests::write_zones(world.folder.file("overlap.gpkg"),
                     {{.id = "a", .name = "", .wkt = square(0, 3)}, {.id = "b", .name = "", .wkt = square(1, 4)}});
  world.job.zones = {
      {.set = "z", .file = world.folder.file("overlap.gpkg"), .id_field = "code", .name_field = "", .where = ""}};
  const JobResult result = world.run();
  CHECK(world.pixels("a", 2015, "1", "2") == 1);
  CHECK(world.pixels("b", 2015, "1", "2") == 1);
  CHECK(world.pixels("total", 2015, "1", "2") == 1);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("overlap") != std::string::npos);
}

TEST_CASE("more than two dates give an interval each, and trajectories") {
  World world;
  world.add(2010, {{1, 1, 1, 1}});
  world.add(2015, {{1, 2, 2, gone}});
  world.add(2020, {{1, 2, 1, 1}});
  world.run();
  CHECK(world.pixels("total", 2010, "1", "2") == 2);
  CHECK(world.pixels("total", 2015, "2", "1") == 1);
  CHECK(world.pixels("total", 2015, "", "1") == 1);
  const CsvTable paths = world.table("trajectories.csv");
  REQUIRE(paths.rows.size() == 4);
  const auto of = [&](const std::string& codes, const char* column) {
    for (std::size_t r = 0; r < paths.rows.size(); ++r) {
      if (paths.rows[r][static_cast<std::size_t>(paths.column("codes"))] == codes) {
        return paths.number(r, paths.column(column));
      }
    }
    return -1.0;
  };
  CHECK(of("1>2>1", "pixels") == 1);
  CHECK(of("1>2>1", "changes") == 2);
  CHECK(of("1>>1", "changes") == 0);
  CHECK(paths.rows[0][static_cast<std::size_t>(paths.column("years"))] == "2010>2015>2020");
  world.job.trajectories = false;
  world.run();
  CHECK_FALSE(std::filesystem::exists(world.folder.file("out/trajectories.csv")));
}

TEST_CASE("beyond 255 classes codes are 32 bits wide") {
  World world;
  Rows first(1), second(1);
  for (int code = 0; code < 300; ++code) {
    first[0].push_back(code);
    second[0].push_back(299 - code);
  }
  second[0][7] = 65535;
  tests::RasterOptions wide;
  wide.type = GDT_UInt16;
  world.add(2015, first, wide);
  world.add(2020, second, wide);
  world.run();
  const auto codes = world.raster("change_2015_2020.tif");
  CHECK(codes[0] == 300);
  CHECK(codes[299] == 299 * 300 + 1);
  CHECK(codes[7] == 4294967295.0);
}

TEST_CASE("stray codes are told with their number and their first place, and nothing is written") {
  World world;
  world.add_legend("1,,forest,forest,\n");
  world.add(2015, {{1, 1, 1}, {1, 1, 1}});
  world.add(2020, {{1, 1, 7}, {7, 4, 1}});
  const std::string said = tests::refusal(Error::Kind::input, [&] { world.run(); });
  CHECK(said.find("map_2020.tif") != std::string::npos);
  CHECK(said.find("code 4 in 1 pixel (first at column 1, row 1") != std::string::npos);
  CHECK(said.find("code 7 in 2 pixels (first at column 2, row 0, x 500250, y 2999950)") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(world.folder.file("out")));
}

TEST_CASE("maps that share no class are refused unless one legend holds both") {
  World world;
  world.add(2015, {{1, 1, 2}});
  world.add(2020, {{11, 12, 12}});
  const std::string said = tests::refusal(Error::Kind::input, [&] { world.run(); });
  CHECK(said.find("shares no class") != std::string::npos);
  CHECK(said.find("1, 2 against 11, 12") != std::string::npos);
  world.add_legend("1,,forest,,a\n2,,forest,,\n11,,other,,\n12,,other,,\n");
  const JobResult result = world.run();
  REQUIRE(result.warnings.size() == 1);
  CHECK(world.pixels("total", 2015, "1", "11") == 1);
}

TEST_CASE("one class everywhere is a matrix without change") {
  World world;
  world.add(2015, {{3, 3}});
  world.add(2020, {{3, 3}});
  const JobResult result = world.run();
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("one class only (3)") != std::string::npos);
  CHECK(world.pixels("total", 2015, "3", "3") == 2);
}

TEST_CASE("years and maps must match and ascend") {
  World world;
  world.add(2020, {{1}});
  const auto said = [&] { return tests::refusal(Error::Kind::usage, [&] { world.run(); }); };
  CHECK(said().find("two maps") != std::string::npos);
  world.add(2015, {{1}});
  CHECK(said().find("ascending") != std::string::npos);
  world.job.maps.years = {2015};
  CHECK(said().find("1 years for 2 maps") != std::string::npos);
}

/// A larger world: three dates of patchy classes with holes, zones with an overlap.
void fill(World& world) {
  std::mt19937 random(7);
  constexpr int side = 150;
  for (const int year : {2010, 2015, 2020}) {
    Rows rows(side, std::vector<double>(side, 1));
    for (auto& row : rows) {
      for (std::size_t c = 0; c < row.size(); ++c) {
        row[c] = c > 0 && random() % 4 != 0 ? row[c - 1] : random() % 9 == 0 ? gone : static_cast<double>(random() % 6);
      }
    }
    tests::RasterOptions tiles;
    tiles.tile = 64;
    world.add(year, rows, tiles);
    for (auto& row : rows) {
      for (auto& cell : row) cell = random() % 7 == 0 ? -1 : static_cast<double>(random() % 1000) / 7;
    }
    world.job.carbon.stocks.push_back(world.folder.file("carbon_" + std::to_string(year) + ".tif"));
    tests::write_raster(world.job.carbon.stocks.back(), rows);
  }
  world.add_legend("0,,other,,\n1,,forest,,\n2,,wetland,,\n3,ECON_TEA_CAMELLIA,,,\n4,,cropland,,\n5,,settlement,,\n");
  tests::write_zones(
      world.folder.file("zones.gpkg"),
      {{.id = "a", .name = "", .wkt = "POLYGON((500150 2985500,509000 2986000,508000 2999000,500150 2985500))"},
       {.id = "b", .name = "", .wkt = "POLYGON((505000 2985500,514000 2986000,512000 2999900,505000 2985500))"}});
  world.job.zones = {
      {.set = "z", .file = world.folder.file("zones.gpkg"), .id_field = "code", .name_field = "", .where = ""}};
}

TEST_CASE("every output is the same for any threads and windows") {
  World world;
  fill(world);
  std::map<std::string, std::string> first;
  for (const auto& [threads, block_rows] : {std::pair(1, 0), {2, 0}, {8, 0}, {2, 7}, {8, 32}, {1, 150}}) {
    world.job.maps.run.threads = threads;
    world.job.maps.run.block_rows = block_rows;
    std::map<std::string, std::string> made;
    for (const auto& file : world.run().files) made[file.name] = read_text(world.folder.file("out/" + file.name));
    made["run.json"].resize(made["run.json"].find("\"timings\""));
    if (first.empty()) first = made;
    REQUIRE(first.size() == 16);
    for (const auto& [name, text] : made) {
      INFO(name << " with " << threads << " threads, rows " << block_rows);
      CHECK((text == first.at(name)));
    }
  }
}

}  // namespace
}  // namespace sink
