// SPDX-License-Identifier: Apache-2.0
// Samples of a class map: the same for any threads and blocks, of the size asked for, and evenly random.
#include "job/sample_draw.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "job/accuracy.hpp"
#include "job/smallest_keys.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/temp_raster.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

using tests::Rows;
constexpr int width = 240, height = 180;
constexpr double west = 500000, north = 3000000, pixel = 100;

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Classes 1 (most), 2 (a tenth), 5 (seven pixels) and holes.
Rows classes() {
  std::mt19937 random(5);
  Rows rows(height, std::vector<double>(width));
  for (auto& row : rows)
    for (auto& code : row) code = random() % 20 == 0 ? 255 : random() % 10 == 0 ? 2 : 1;
  for (std::size_t i = 0; i < 7; ++i) rows[20 * i][31 * i] = 5;
  return rows;
}

struct World {
  explicit World(int tile = 0) : rows(classes()) {
    tests::RasterOptions options;
    options.type = GDT_Byte;
    options.nodata = 255;
    options.tile = tile;
    tests::write_raster(folder.file("map.tif"), rows, options);
    job.map = folder.file("map.tif");
    job.run.threads = 2;
    job.output.overwrite = true;
  }
  JobResult run(const std::string& out = "out") {
    job.output.directory = folder.file(out);
    return run_sample(job, {});
  }
  [[nodiscard]] CsvTable table(const std::string& name, const std::string& out = "out") const {
    return read_csv(folder.file(out + "/" + name));
  }
  /// n of strata.csv by stratum.
  [[nodiscard]] std::map<std::string, int> units() const {
    const CsvTable strata = table("strata.csv");
    std::map<std::string, int> n;
    for (std::size_t r = 0; r < strata.rows.size(); ++r)
      n[strata.rows[r][0]] = static_cast<int>(strata.number(r, strata.column("n")));
    return n;
  }
  Rows rows;
  tests::TempFolder folder;
  SampleJob job;
};

TEST_CASE("a sample is the same for any threads, blocks and layout, and another for another seed") {
  for (const auto design : {SampleJob::Design::stratified, SampleJob::Design::systematic}) {
    World world;
    world.job.design = design;
    world.job.n = 300;
    world.job.run.threads = 1;
    world.run("first");
    const auto same_as_first = [&](World& other) {
      other.run("again");
      for (const std::string name : {"/sample.csv", "/strata.csv", "/sample.gpkg"})
        CHECK(read_text(other.folder.file("again" + name)) == read_text(world.folder.file("first" + name)));
    };
    for (const int threads : {1, 2, 8}) {
      for (const int block_rows : {1, 7, 64, 500}) {
        INFO(threads << " threads, blocks of " << block_rows << " rows");
        world.job.run.threads = threads;
        world.job.run.block_rows = block_rows;
        same_as_first(world);
      }
    }
    World tiled(16);
    tiled.job.design = design;
    tiled.job.n = 300;
    same_as_first(tiled);
    world.job.seed = 2;
    world.run("again");
    CHECK(read_text(world.folder.file("again/sample.csv")) != read_text(world.folder.file("first/sample.csv")));
  }
}

TEST_CASE("units lie on pixel centres of their class, each once, and are exactly as many as asked for") {
  World world;
  world.job.per_stratum = {"1=120", "2=80", "5=4"};
  const JobResult result = world.run();
  CHECK(result.warnings.empty());
  CHECK(world.units() == std::map<std::string, int>{{"1", 120}, {"2", 80}, {"5", 4}});
  const CsvTable sample = world.table("sample.csv");
  CHECK(sample.header ==
        std::vector<std::string>{"id", "x", "y", "lon", "lat", "stratum", "map_class", "reference", "note"});
  REQUIRE(sample.rows.size() == 204);
  std::set<std::pair<int, int>> cells;
  std::map<std::string, int> first_half;
  for (std::size_t r = 0; r < sample.rows.size(); ++r) {
    const double column = (sample.number(r, 1) - west) / pixel, row = (north - sample.number(r, 2)) / pixel;
    CHECK(column - std::floor(column) == Approx(0.5));
    CHECK(row - std::floor(row) == Approx(0.5));
    cells.insert({static_cast<int>(column), static_cast<int>(row)});
    const double code = world.rows.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column));
    CHECK(sample.number(r, sample.column("map_class")) == code);
    CHECK(sample.number(r, 0) == static_cast<double>(r + 1));
    CHECK(sample.number(r, 3) == Approx(117).margin(0.3));
    CHECK(sample.number(r, 4) == Approx(27.1).margin(0.3));
    CHECK(sample.rows[r][7].empty());
    if (r < 102) ++first_half[sample.rows[r][5]];
  }
  CHECK(cells.size() == 204);
  CHECK(first_half["1"] == Approx(60).margin(20));  // the order says nothing about the stratum
}

TEST_CASE("strata know their pixels, true areas and weights") {
  World world;
  world.job.n = 200;
  world.job.at_least = 5;
  world.run();
  const CsvTable strata = world.table("strata.csv");
  double pixels = 0, area = 0, weight = 0, n = 0;
  for (std::size_t r = 0; r < strata.rows.size(); ++r) {
    pixels += strata.number(r, strata.column("pixels"));
    area += strata.number(r, strata.column("area_ha"));
    weight += strata.number(r, strata.column("weight"));
    n += strata.number(r, strata.column("n"));
  }
  double valid = 0;
  for (const auto& row : world.rows)
    for (const double code : row) valid += code != 255 ? 1 : 0;
  CHECK(pixels == valid);
  CHECK(area == Approx(valid).epsilon(2e-3));
  CHECK(weight == Approx(1).epsilon(1e-12));
  CHECK(n == 200);
  const auto units = world.units();
  CHECK(units.at("5") == 5);
  CHECK(units.at("2") == Approx(195 * 0.1).margin(2));
}

TEST_CASE("a stratum smaller than its number is taken whole, and this is said") {
  World world;
  world.job.per_stratum = {"50"};
  JobResult result = world.run();
  CHECK(world.units() == std::map<std::string, int>{{"1", 50}, {"2", 50}, {"5", 7}});
  REQUIRE(result.warnings.size() == 1);
  CHECK_THAT(result.warnings[0], Catch::Contains("stratum 5 has only 7 pixels: all are in the sample"));
  world.job.per_stratum.clear();
  world.job.n = 150;
  world.job.allocation = Allocation::equal;
  result = world.run();
  CHECK(world.units() == std::map<std::string, int>{{"1", 72}, {"2", 71}, {"5", 7}});
  world.job.n = 0;
  world.job.se_overall = 0.02;
  world.job.expected_ua = {"0.9", "2=0.7"};
  world.job.allocation = Allocation::neyman;
  world.run();
  const auto units = world.units();
  // S is 0.3 and 0.458: n = ((0.9 x 0.3 + 0.1 x 0.458) / 0.02)^2, about 249.
  CHECK(units.at("1") + units.at("2") + units.at("5") == Approx(249).margin(4));
  CHECK(units.at("2") == 50);
}

TEST_CASE("every part of the map is drawn alike: chi-square at a fixed seed") {
  World world;
  tests::RasterOptions options;
  options.type = GDT_Byte;
  options.nodata = 255;
  tests::write_raster(world.folder.file("map.tif"), Rows(height, std::vector<double>(width, 1)), options);
  constexpr int cells = 12;  // 4 x 3 quarters of 60 x 60 pixels
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    world.job.seed = seed;
    world.job.n = 2400;
    world.run();
    const CsvTable sample = world.table("sample.csv");
    std::vector<double> counts(cells, 0), parity(4, 0);
    for (std::size_t r = 0; r < sample.rows.size(); ++r) {
      const int column = static_cast<int>((sample.number(r, 1) - west) / pixel),
                row = static_cast<int>((north - sample.number(r, 2)) / pixel);
      counts[static_cast<std::size_t>(row / 60 * 4 + column / 60)] += 1;
      parity[static_cast<std::size_t>(row % 2 * 2 + column % 2)] += 1;
    }
    double chi2 = 0, chi2_parity = 0;
    for (const double count : counts) chi2 += (count - 200) * (count - 200) / 200;
    for (const double count : parity) chi2_parity += (count - 600) * (count - 600) / 600;
    INFO("seed " << seed << ": " << chi2 << ", " << chi2_parity);
    CHECK(chi2 < 31.26);         // 99.9 % of 11 degrees of freedom; a little less, as drawing is without replacement
    CHECK(chi2 > 1.0);           // and no more even than chance: 0.01 %
    CHECK(chi2_parity < 16.27);  // 99.9 % of 3
  }
}

TEST_CASE("the smallest keys are the smallest whatever the order, and no two cells share a key") {
  std::set<std::uint64_t> keys;
  std::vector<Draw> draws;
  for (std::int64_t cell = 0; cell < 20000; ++cell) {
    draws.push_back({draw_key(7, static_cast<std::uint64_t>(cell)), cell});
    keys.insert(draws.back().key);
  }
  CHECK(keys.size() == draws.size());
  SmallestKeys forward(100), backward(100), none(0);
  for (std::size_t i = 0; i < draws.size(); ++i) {
    forward.offer(draws[i]);
    backward.offer(draws[draws.size() - 1 - i]);
    CHECK_FALSE(none.offer(draws[i]));
  }
  CHECK(forward.sorted() == backward.sorted());
  CHECK(forward.size() == 100);
  CHECK(static_cast<double>(forward.bound()) / 0x1p64 == Approx(0.005).epsilon(0.3));
}

TEST_CASE("a systematic sample is a square grid and counts what it meets") {
  World world;
  world.job.design = SampleJob::Design::systematic;
  world.job.n = 432;  // every tenth row and column
  world.run();
  const CsvTable sample = world.table("sample.csv");
  std::set<int> columns, rows;
  for (std::size_t r = 0; r < sample.rows.size(); ++r) {
    columns.insert(static_cast<int>((sample.number(r, 1) - west) / pixel) % 10);
    rows.insert(static_cast<int>((north - sample.number(r, 2)) / pixel) % 10);
  }
  CHECK(columns.size() == 1);
  CHECK(rows.size() == 1);
  CHECK(sample.rows.size() == Approx(432 * 0.95).margin(20));
}

TEST_CASE("strata are classes within zones; zones that overlap are refused") {
  World world;
  Rows zones(height, std::vector<double>(width, 255));
  for (auto& row : zones) {
    std::fill(row.begin(), row.begin() + 100, 10);
    std::fill(row.begin() + 100, row.begin() + 200, 9);
  }
  tests::RasterOptions options;
  options.type = GDT_Byte;
  options.nodata = 255;
  tests::write_raster(world.folder.file("zones.tif"), zones, options);
  world.job.zones = {{"zones", world.folder.file("zones.tif"), "", "", ""}};
  world.job.per_stratum = {"20", "2=10", "9/1=30"};
  world.run();
  const auto units = world.units();
  CHECK(units.at("9/1") == 30);
  CHECK(units.at("10/1") == 20);
  CHECK(units.at("10/2") == 10);
  CHECK(world.table("strata.csv").rows[0][0] == "9/1");
  const CsvTable sample = world.table("sample.csv");
  for (std::size_t r = 0; r < sample.rows.size(); ++r) CHECK(sample.number(r, 1) < west + 200 * pixel);
}

TEST_CASE("what cannot be drawn is refused with the way out, and nothing is written") {
  const auto refused = [](Error::Kind kind, const std::function<void(SampleJob&)>& change) {
    World world;
    change(world.job);
    const std::string message = tests::refusal(kind, [&] { world.run(); });
    CHECK_FALSE(std::filesystem::exists(world.folder.file("out")));
    return message;
  };
  using enum Error::Kind;
  CHECK_THAT(refused(usage, [](SampleJob&) {}), Catch::Contains("give one of --n"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.per_stratum = {"1=5", "2=5"}; }), Catch::Contains("5=VALUE"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.per_stratum = {"5", "9=3"}; }), Catch::Contains("no class '9'"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.per_stratum = {"x"}; }), Catch::Contains("'x' is no number"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.n = 100; }), Catch::Contains("smaller --min"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.n = 500000; }), Catch::Contains("more than"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.se_overall = 0.01; }), Catch::Contains("--expected-ua"));
  CHECK_THAT(refused(usage, [](SampleJob& j) { j.design = SampleJob::Design::systematic; }), Catch::Contains("--n"));
  CHECK_THAT(refused(input,
                     [](SampleJob& j) {
                       std::ofstream(j.map + ".csv") << "code,key,land_use,name_en,name_zh\n1,,other,a,\n2,,other,b,\n";
                       j.legend = j.map + ".csv";
                       j.n = 200;
                     }),
             Catch::Contains("code 5 in 7 pixels (first at x 500050, y 2999950)"));
}

}  // namespace
}  // namespace sink
