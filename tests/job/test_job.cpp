// SPDX-License-Identifier: Apache-2.0
// Small worlds: whole runs on a handful of pixels whose answer is worked out by hand, and runs that must not depend on
// threads, windows or layout.
#include "job/job.hpp"

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include "job/zone_set.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/temp_raster.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

using tests::Rows;

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Fir 1 (8 t C per 10 m3), cropland 2, tea 3 (5 t C/ha), fir without parameters 4.
class World {
 public:
  World() {
    write("legend.csv",
          "code,key,land_use,name_en,name_zh\n1,FIR,forest,fir,\n2,,cropland,field,\n3,TEA,cropland_perennial,tea,\n"
          "4,,forest,unknown forest,\n");
    write("parameters.csv",
          "key,parameter,value,unit,sd,status,source\nFIR,bef,2,1,,unverified,test\n"
          "FIR,wood_density,0.5,t/m3,,unverified,test\nFIR,root_shoot,0.6,1,,unverified,test\n"
          "FIR,carbon_fraction,0.5,1,,unverified,test\nTEA,biomass_density,10,t/ha,,unverified,test\n"
          "TEA,root_shoot,0.25,1,,unverified,test\nTEA,carbon_fraction,0.5,1,,unverified,test\n");
    job.legend = "legend.csv";
    job.parameter_files = {"parameters.csv"};
    job.base_directory = folder.file("");
    job.run.threads = 2;
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder.file(name)) << text; }
  void add_date(int year, const Rows& type, const Rows& volume, tests::RasterOptions options = {}) {
    const std::string y = std::to_string(year);
    tests::write_raster(folder.file("volume_" + y + ".tif"), volume, options);
    options.type = GDT_Byte;
    options.nodata = 255;
    tests::write_raster(folder.file("type_" + y + ".tif"), type, options);
    job.dates.push_back({year, {{"forest_type", "type_" + y + ".tif"}, {"volume", "volume_" + y + ".tif"}}});
  }
  void run(const std::string& out = "out") {
    job.output.directory = folder.file(out);
    job.output.overwrite = true;
    run_job(job, {});
  }
  /// A cell of zones.csv by zone, year or year_from, and column.
  [[nodiscard]] double cell(const std::string& zone, const std::string& year, const std::string& column,
                            const std::string& out = "out") const {
    const CsvTable table = read_csv(folder.file(out + "/zones.csv"));
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const auto& row = table.rows[r];
      const auto text = [&](const char* name) { return row[static_cast<std::size_t>(table.column(name))]; };
      if (text("zone_id") != zone || (text("year") != year && text("year_from") != year)) continue;
      const std::string found = row[static_cast<std::size_t>(table.column(column))];
      return found.empty() ? std::nan("") : std::stod(found);
    }
    throw std::runtime_error("no row " + zone + " " + year);
  }
  tests::TempFolder folder;
  Job job;
};

constexpr double per_m3 = 2 * 0.5 * 1.6 * 0.5;  // t C/m3 of the world's fir

TEST_CASE("a cleared forest is a loss, a hole is unmodelled, tea keeps its own small stock") {
  World world;
  //                     grows  cleared  to tea  hole  no key  field
  world.add_date(2015, {{1, 1, 1, 1, 4, 2}}, {{100, 100, 100, 100, 100, 0}});
  world.add_date(2020, {{1, 2, 3, 255, 4, 2}}, {{150, 0, 0, -1, 150, 0}});
  world.run();
  const double ha = world.cell("total", "2015", "area_ha") / 6;
  CHECK(ha == Approx(1).epsilon(2e-3));
  CHECK(world.cell("total", "2015", "forest_area_ha") == Approx(5 * ha).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "unmodelled_area_ha") == Approx(ha).epsilon(1e-6));
  CHECK(world.cell("total", "2020", "carbon_t") == Approx((150 * per_m3 + 5) * ha).epsilon(1e-6));
  const auto period = [&](const char* column) { return world.cell("total", "2015", column); };
  const CsvTable table = read_csv(world.folder.file("out/zones.csv"));
  REQUIRE(table.rows.size() == 3);
  const auto sink = [&](const char* column) { return table.number(2, table.column(column)); };
  CHECK(sink("rate_area_ha") == Approx(3 * ha).epsilon(1e-6));
  CHECK(sink("stable_area_ha") == Approx(ha).epsilon(1e-6));
  CHECK(sink("loss_area_ha") == Approx(2 * ha).epsilon(1e-6));
  CHECK(sink("sink_stable_tco2_yr") == Approx(50 * per_m3 * 44 / 12 / 5 * ha).epsilon(1e-6));
  CHECK(sink("sink_loss_tco2_yr") == Approx(-(100 * per_m3 + 100 * per_m3 - 5) * 44 / 12 / 5 * ha).epsilon(1e-6));
  CHECK(sink("unmodelled_area_ha") == Approx(2 * ha).epsilon(1e-6));
  CHECK(sink("rate_coverage") == Approx(3.0 / 5).epsilon(1e-6));
  CHECK(period("volume_m3") > 0);
  const auto pixels = tests::read_raster(world.folder.file("out/sink_2015_2020.tif"));
  CHECK(pixels[0] == Approx(50 * per_m3 * 44 / 12 / 5));
  CHECK(pixels[1] == Approx(-100 * per_m3 * 44 / 12 / 5));
  CHECK(pixels[2] == Approx(-(100 * per_m3 - 5) * 44 / 12 / 5));
  for (const std::size_t nowhere : {3UL, 4UL, 5UL}) CHECK(std::isnan(pixels[nowhere]));
}

TEST_CASE("three dates give two periods, and their changes add up") {
  World world;
  world.add_date(2010, {{1, 1, 2}}, {{80, 90, 0}});
  world.add_date(2015, {{1, 2, 1}}, {{100, 0, 20}});
  world.add_date(2020, {{1, 1, 1}}, {{110, 5, 40}});
  world.run();
  const CsvTable table = read_csv(world.folder.file("out/zones.csv"));
  REQUIRE(table.rows.size() == 5);
  const auto cell = [&](std::size_t row, const char* column) { return table.number(row, table.column(column)); };
  const double change = (cell(3, "sink_tco2_yr") + cell(4, "sink_tco2_yr")) * 5 * 12 / 44;
  CHECK(change == Approx(cell(2, "carbon_t") - cell(0, "carbon_t")).epsilon(1e-12));
  CHECK(cell(3, "gain_area_ha") > 0);
  CHECK(cell(3, "loss_area_ha") > 0);
  CHECK(cell(4, "gain_area_ha") > 0);
}

TEST_CASE("land cover can decide what is forest, and the disagreement is reported") {
  World world;
  world.write("cover.csv", "code,key,land_use,name_en,name_zh\n1,,cropland,crop,\n2,,forest,trees,\n");
  world.add_date(2015, {{1, 1, 255, 255}}, {{100, 100, 100, 100}});
  tests::RasterOptions bytes;
  bytes.type = GDT_Byte;
  bytes.nodata = 255;
  tests::write_raster(world.folder.file("cover.tif"), {{2, 1, 2, 1}}, bytes);
  world.job.dates[0].layers["landcover"] = "cover.tif";
  world.job.landcover_legend = "cover.csv";
  world.run("by_type");
  world.job.land_use_from = "landcover";
  world.run("by_cover");
  const double ha = world.cell("total", "2015", "area_ha", "by_type") / 4;
  // By type: two firs, and land-cover forest in the hole of the type map, which has no stock.
  CHECK(world.cell("total", "2015", "forest_area_ha", "by_type") == Approx(3 * ha).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "unmodelled_area_ha", "by_type") == Approx(ha).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "carbon_t", "by_type") == Approx(200 * per_m3 * ha).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "forest_area_ha", "by_cover") == Approx(2 * ha).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "carbon_t", "by_cover") == Approx(100 * per_m3 * ha).epsilon(1e-6));
  CHECK_THAT(read_text(world.folder.file("by_cover/run.json")), Catch::Contains("land cover 1 crop"));
}

TEST_CASE("where zones overlap each gets the pixel and the total counts it once") {
  World world;
  world.add_date(2015, {{1, 1, 1, 2}}, {{100, 100, 100, 0}});
  OGRSpatialReference crs;
  crs.importFromEPSG(4548);
  char* wkt = nullptr;
  crs.exportToWkt(&wkt);
  const auto box = [](int from, int to) {
    const std::string x1 = std::to_string(500000 + 100 * from), x2 = std::to_string(500000 + 100 * to);
    return "POLYGON((" + x1 + " 3000000," + x2 + " 3000000," + x2 + " 2999900," + x1 + " 2999900," + x1 + " 3000000))";
  };
  tests::write_polygons(world.folder.file("zones.gpkg"), wkt,
                        {{"b", "east", box(1, 3)}, {"a", "west", box(0, 2)}, {"c", "away", box(9000, 9001)}});
  CPLFree(wkt);
  world.job.zones = {{"belt", "zones.gpkg", "code", "name", ""}};
  world.run();
  const double one = world.cell("a", "2015", "carbon_t") / 2;
  CHECK(one == Approx(100 * per_m3).epsilon(2e-3));
  CHECK(world.cell("b", "2015", "carbon_t") == Approx(2 * one).epsilon(1e-6));
  CHECK(world.cell("total", "2015", "carbon_t") == Approx(3 * one).epsilon(1e-6));
  CHECK(world.cell("c", "2015", "area_ha") == 0);
  CHECK_THAT(read_text(world.folder.file("out/zones.csv")), Catch::Contains("belt,c,away,bef,2015"));
}

TEST_CASE("spans: covering, overlapping and intersecting") {
  const Window window{2, 5, 10, 2};
  const std::vector<Span> spans = {{0, 5, 2, 6}, {1, 5, 5, 8}, {0, 6, 4, 12}};
  std::vector<Span> inside, outside, both;
  CHECK(cover(window, spans, inside, outside));
  std::int64_t in = 0, out = 0;
  for (const Span& s : inside) in += s.end - s.begin;
  for (const Span& s : outside) out += s.end - s.begin;
  CHECK(in == 14);
  CHECK(in + out == window.pixels());
  CHECK_FALSE(cover(window, {{0, 5, 2, 6}, {1, 5, 6, 8}}, inside, outside));
  intersect({{9, 5, 3, 7}, {9, 6, 0, 5}}, spans, both);
  CHECK(both == std::vector<Span>{{0, 5, 3, 6}, {1, 5, 5, 7}, {0, 6, 4, 5}});
}

/// A world of 300 x 200 pixels with stands, fields, tea and holes.
void fill_large(World& world, int tile) {
  std::mt19937 random(7);
  const auto grown = [](const Rows& rows) {
    Rows more = rows;
    for (auto& row : more)
      for (auto& v : row) v = v > 0 ? v * 1.07 + 3 : v;
    return more;
  };
  Rows type(200, std::vector<double>(300)), volume = type;
  for (std::size_t r = 0; r < 200; ++r) {
    for (std::size_t c = 0; c < 300; ++c) {
      const bool new_stand = c % 9 == 0 || r % 7 == 0;
      type[r][c] = new_stand ? (random() % 5 == 4 ? 255.0 : static_cast<double>(1 + random() % 4))
                             : (c > 0 ? type[r][c - 1] : 1);
      volume[r][c] = random() % 40 == 0 ? -1 : static_cast<double>(random() % 4000) / 10;
    }
  }
  tests::RasterOptions options;
  options.tile = tile;
  world.add_date(2015, type, volume, options);
  for (std::size_t r = 0; r < 200; r += 3) std::rotate(type[r].begin(), type[r].begin() + 4, type[r].end());
  world.add_date(2020, type, grown(volume), options);
  world.job.zones = {{"types", "type_2015.tif", "", "", ""}};
}

TEST_CASE("tables and pixels are the same to the last bit for any threads, block height and layout") {
  World world;
  fill_large(world, 0);
  world.job.run.threads = 1;
  world.run("first");
  const auto same_as_first = [&](const std::string& out) {
    CHECK(read_text(world.folder.file(out + "/zones.csv")) == read_text(world.folder.file("first/zones.csv")));
    CHECK(read_text(world.folder.file(out + "/zones.gpkg")) == read_text(world.folder.file("first/zones.gpkg")));
    for (const std::string file : {"/carbon_2020.tif", "/sink_2015_2020.tif"}) {
      CHECK(read_text(world.folder.file(out + file)) == read_text(world.folder.file("first" + file)));
    }
  };
  for (const int threads : {1, 2, 8}) {
    for (const int block_rows : {1, 13, 64}) {
      INFO(threads << " threads, blocks of " << block_rows << " rows");
      world.job.run.threads = threads;
      world.job.run.block_rows = block_rows;
      world.run("again");
      same_as_first("again");
    }
  }
  World tiled;
  fill_large(tiled, 16);
  tiled.run("out");
  CHECK(read_text(tiled.folder.file("out/zones.csv")) == read_text(world.folder.file("first/zones.csv")));
}

TEST_CASE("a run that is stopped leaves nothing, and an earlier result untouched") {
  World world;
  fill_large(world, 0);
  world.job.run.block_rows = 10;
  world.run("out");
  const std::string before = read_text(world.folder.file("out/zones.csv"));
  for (const int stop_at : {0, 1, 7, 20, 21, 24}) {
    int calls = 0;
    world.job.output.directory = world.folder.file(stop_at % 2 == 0 ? "out" : "fresh");
    const auto stop = [&](const Progress&) { return calls++ < stop_at; };
    CHECK(tests::refusal(Error::Kind::interrupted, [&] { run_job(world.job, stop); }) == "stopped");
    CHECK(read_text(world.folder.file("out/zones.csv")) == before);
    CHECK_FALSE(std::filesystem::exists(world.folder.file("fresh")));
    for (const auto& entry : std::filesystem::directory_iterator(world.folder.file("out"))) {
      CHECK_THAT(entry.path().filename().string(), !Catch::StartsWith(".sinkcalc"));
    }
  }
}

}  // namespace
}  // namespace sink
