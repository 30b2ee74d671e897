// SPDX-License-Identifier: Apache-2.0
// Patches and filters of a noisy world must not depend on strips or threads: the same bytes for all.
#include "job/change_patches.hpp"

#include <random>

#include "job/change_filter.hpp"
#include "job/change_world.hpp"
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

constexpr std::pair<int, std::int64_t> ways[] = {{1, 0}, {1, 1}, {2, 7}, {4, 16}, {2, 1000}};

}  // namespace

TEST_CASE("patches are the same for every strip and thread") {
  World world;
  fill(world);
  std::string table, layer;
  for (const auto& [threads, block_rows] : ways) {
    ChangePatchesJob job;
    on(world, job, threads, block_rows);
    job.transitions = {"any:any"};
    job.minimum_units = {"2px", "forest:settlement=1px"};
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
