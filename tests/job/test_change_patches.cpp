// SPDX-License-Identifier: Apache-2.0
// Patches and filters of a noisy world must not depend on strips or threads: the same bytes for all.
#include "job/change_patches.hpp"

#include <algorithm>
#include <random>

#include "job/change_filter.hpp"
#include "job/change_pass.hpp"
#include "job/change_world.hpp"
#include "job/patch_collection.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

using tests::gone;
using tests::read_text;
using tests::Rows;
using World = tests::ChangeWorld;

/// Blobs and noise of three classes with gaps, for three dates.
void fill(World& world) {
  std::mt19937 random(11);
  world.add_legend("1,,forest,forest,\n2,,grassland,grass,\n3,,settlement,town,\n");
  for (const int year : {2010, 2013, 2016}) {
    Rows rows(53, std::vector<double>(67));
    for (std::size_t y = 0; y < rows.size(); ++y) {
      for (std::size_t x = 0; x < rows[y].size(); ++x) {
        const bool copied = y > 0 && random() % 3 != 0;
        rows[y][x] = copied ? rows[y - 1][x] : random() % 13 == 0 ? gone : static_cast<double>(1 + random() % 3);
      }
    }
    world.add(year, rows);
  }
}

template <class Job>
void on(const World& world, Job& job, int threads, std::int64_t block_rows) {
  job.maps = world.job.maps;
  job.maps.run.threads = threads;
  job.maps.run.block_rows = block_rows;
  job.output = world.job.output;
}

constexpr std::pair<int, std::int64_t> ways[] = {{1, 0}, {1, 1}, {2, 7}, {8, 16}, {2, 1000}};

}  // namespace

TEST_CASE("patches are the same for every strip and thread") {
  World world;
  fill(world);
  std::string table, layer;
  for (const auto& [threads, block_rows] : ways) {
    ChangePatchesJob job;
    on(world, job, threads, block_rows);
    job.find.transitions = {"any:any"};
    job.find.minimum_units = {"2px", "forest:settlement=1px"};
    run_change_patches(job, {});
    const std::string csv = read_text(world.folder.file("out/patches.csv")),
                      gpkg = read_text(world.folder.file("out/patches.gpkg"));
    if (table.empty()) {
      table = csv;
      layer = gpkg;
    }
    INFO(threads << " threads, " << block_rows << " rows");
    CHECK(csv.size() > 10000);
    CHECK(csv == table);
    CHECK((gpkg == layer));
  }
}

TEST_CASE("windows of any shape in any order give the same patches") {
  World world;
  fill(world);
  const ChangeSetup setup(world.job.maps, {}, false);
  PatchOptions options;
  options.transitions = {"any:any"};
  options.minimum_units = {"2px"};
  PatchWorld maps;
  maps.legend = setup.maps.legend();
  maps.land_uses = true;
  maps.years = setup.maps.years();
  maps.grid = setup.maps.grid();
  maps.zones = &setup.zones;
  const PatchSearch search(options, maps);
  const auto found_with = [&](std::int64_t columns, std::int64_t rows, bool backwards) {
    const Grid& grid = setup.maps.grid();
    std::vector<Window> windows;
    for (std::int64_t y = 0; y < grid.rows; y += rows) {
      for (std::int64_t x = 0; x < grid.columns; x += columns) {
        windows.push_back({x, y, std::min(columns, grid.columns - x), std::min(rows, grid.rows - y)});
      }
    }
    if (backwards) std::reverse(windows.begin(), windows.end());
    PatchFinder finder(search);
    PatchCollection collection(search);
    auto reader = setup.maps.reader();
    for (const Window& window : windows) {
      std::vector<std::vector<ClassIndex>> classes(3);
      PatchColumns columns_of{{}, nullptr, {nullptr, nullptr}, {nullptr, nullptr}, {}};
      ClassMaps::Stray stray;
      for (std::size_t date = 0; date < 3; ++date) {
        setup.maps.read(reader, date, window, classes[date], stray);
        columns_of.classes.push_back(classes[date].data());
      }
      const std::vector<double> areas(static_cast<std::size_t>(window.pixels()), 0.25);
      columns_of.area_ha = areas.data();
      std::vector<PatchPieces> pieces;
      finder.find(window, columns_of, pieces);
      collection.add(pieces, 512 << 20);
    }
    std::vector<std::vector<std::int64_t>> facts;
    for (const PatchFacts& patch : collection.finish()) {
      facts.push_back({static_cast<std::int64_t>(patch.interval), patch.from, patch.to, patch.patch.first_cell,
                       patch.patch.pixels, patch.patch.core_pixels, patch.sums.pixels, patch.sums.forest_again_pixels});
      for (const PatchRun& run : patch.runs) facts.push_back({run.row, run.begin, run.end});
      CHECK(patch.patch.area_ha.value() == 0.25 * static_cast<double>(patch.patch.pixels));
    }
    return facts;
  };
  const auto whole = found_with(67, 53, false);
  CHECK(whole.size() > 500);
  for (const auto& [columns, rows] : {std::pair{67, 1}, {1, 53}, {1, 1}, {5, 7}, {16, 16}, {40, 3}}) {
    for (const bool backwards : {false, true}) {
      INFO(columns << " x " << rows);
      CHECK((found_with(columns, rows, backwards) == whole));
    }
  }
}

TEST_CASE("a run's patches are the same for every window and thread") {
  World world;
  fill(world);
  std::string table, layer;
  for (const auto& [threads, block_rows] : ways) {
    Job job;
    job.landcover_legend = world.job.maps.legends.front();
    for (std::size_t i = 0; i < world.job.maps.maps.size(); ++i) {
      job.dates.push_back(
          {world.job.maps.years[i], {{"landcover", world.job.maps.maps[i]}, {"agb", world.job.maps.maps[i]}}});
    }
    job.stock.methods = {"agb"};
    job.patches.emplace();
    job.patches->transitions = {"any:any"};
    job.patches->presets = {"harvest"};
    job.patches->minimum_units = {"2px"};
    job.output = world.job.output;
    job.run.threads = threads;
    job.run.block_rows = block_rows;
    run_job(job, {});
    const std::string csv = read_text(world.folder.file("out/patches.csv")),
                      gpkg = read_text(world.folder.file("out/patches.gpkg"));
    if (table.empty()) {
      table = csv;
      layer = gpkg;
    }
    INFO(threads << " threads, " << block_rows << " rows");
    CHECK(csv.size() > 10000);
    CHECK(csv == table);
    CHECK((gpkg == layer));
  }
}

TEST_CASE("filters are the same for every strip and thread") {
  World world;
  fill(world);
  std::vector<std::string> first;
  for (const auto& [threads, block_rows] : ways) {
    ChangeFilterJob job;
    on(world, job, threads, block_rows);
    job.filter.majority = true;
    job.filter.sieve_pixels = 4;
    job.filter.minimum_units = {"30000m2"};
    run_change_filter(job, {});
    std::vector<std::string> files;
    for (const char* name : {"class_2010.tif", "class_2013.tif", "class_2016.tif", "change_2010_2013.tif",
                             "change_2013_2016.tif", "filter.csv"}) {
      files.push_back(read_text(world.folder.file(std::string("out/") + name)));
    }
    if (first.empty()) first = files;
    INFO(threads << " threads, " << block_rows << " rows");
    CHECK((files == first));
  }
}

TEST_CASE("a map of filtered changes is the same for every strip and thread") {
  World world;
  fill(world);
  std::vector<std::string> first;
  for (const auto& [threads, block_rows] : ways) {
    ChangeMapJob job;
    on(world, job, threads, block_rows);
    job.filter.majority = true;
    job.filter.sieve_pixels = 4;
    job.filter.minimum_units = {"30000m2"};
    run_change_map(job, {});
    std::vector<std::string> files;
    for (const char* name : {"class_2013.tif", "change_2010_2013.tif", "change_2013_2016.tif", "matrix.csv",
                             "matrix.json", "classes.csv", "trajectories.csv", "filter.csv", "sankey_2010_2013.svg"}) {
      files.push_back(read_text(world.folder.file(std::string("out/") + name)));
    }
    if (first.empty()) first = files;
    INFO(threads << " threads, " << block_rows << " rows");
    CHECK((files == first));
  }
}

}  // namespace sink
