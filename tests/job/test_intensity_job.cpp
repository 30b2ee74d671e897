// SPDX-License-Identifier: Apache-2.0
#include "job/intensity_job.hpp"

#include "job/change_world.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

using tests::gone;
using tests::read_text;
using World = tests::ChangeWorld;

TEST_CASE("intensity of maps is that of their matrix.csv, and in pixels it can be checked by hand") {
  World world;
  world.add(2015, {{1, 1, 1, 1, 2, 2, 2, gone}});
  world.add(2020, {{1, 1, 1, 2, 2, 2, 1, 2}});
  world.run();
  IntensityJob job;
  job.maps = world.job.maps;
  job.unit = "pixels";
  job.output.directory = world.folder.file("from_maps");
  run_intensity(job, {});
  job.maps = {};
  job.matrix = world.folder.file("out/matrix.csv");
  job.output.directory = world.folder.file("from_table");
  run_intensity(job, {});
  const std::string text = read_text(world.folder.file("from_maps/intensity.csv"));
  CHECK(text == read_text(world.folder.file("from_table/intensity.csv")));
  const CsvTable table = read_csv(world.folder.file("from_maps/intensity.csv"));
  REQUIRE(table.rows.size() == 1 + 2 + 2 + 2 + 2);
  CHECK(table.number(0, table.column("intensity_per_year")) == Approx(2.0 / 7 / 5));
  CHECK(table.number(3, table.column("intensity_per_year")) == Approx(1.0 / 4 / 5));
  CHECK(table.rows[3][static_cast<std::size_t>(table.column("behaviour"))] == "dormant");
  CHECK_FALSE(std::filesystem::exists(world.folder.file("from_maps/stationarity.csv")));
}

TEST_CASE("a table of transitions is refused by the line that is wrong") {
  tests::TempFolder folder;
  IntensityJob job;
  job.matrix = folder.file("long.csv");
  job.output.directory = folder.file("out");
  const auto said = [&](const std::string& text) {
    std::ofstream(job.matrix) << text;
    return tests::refusal(Error::Kind::input, [&] { run_intensity(job, {}); });
  };
  CHECK(said("From,To,yearFrom,yearTo,QtPixel\n1,2,2005,2000,3\n").find("long.csv:2") != std::string::npos);
  CHECK(said("From,To,yearFrom,yearTo,QtPixel\n1,2,2000,2005,-3\n").find("below 0") != std::string::npos);
  CHECK(said("From,To,yearFrom,QtPixel\n1,2,2000,3\n").find("year_to") != std::string::npos);
  CHECK(said("From,To,yearFrom,yearTo,QtPixel\n").find("no transition") != std::string::npos);
}

}  // namespace
}  // namespace sink
