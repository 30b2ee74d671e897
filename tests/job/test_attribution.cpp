// SPDX-License-Identifier: Apache-2.0
// Causes in worlds of a few pixels: later dates that resolve a clearing, events, and what is refused.
#include <fstream>
#include <map>

#include "job/job.hpp"
#include "job/setup.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/temp_raster.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// A row of fir (1), field (2), bare land (3) and built-up land (4), ten tonnes of carbon per m3.
struct Line {
  tests::TempFolder folder;
  Job job;
  Line() {
    set_up_libraries();
    write("legend.csv",
          "code,key,land_use,name_en,name_zh\n1,FIR,forest,fir,\n2,,cropland,field,\n3,,other,bare,\n"
          "4,,settlement,town,\n");
    write("parameters.csv",
          "key,parameter,value,unit,sd,status,source\nFIR,bef,2,1,,unverified,test\n"
          "FIR,wood_density,0.5,t/m3,,unverified,test\nFIR,root_shoot,0.5,1,,unverified,test\n"
          "FIR,carbon_fraction,0.5,1,,unverified,test\n");
    job.legend = "legend.csv";
    job.parameter_files = {"parameters.csv"};
    job.base_directory = folder.file("");
    job.attribution.emplace();
    job.output.directory = folder.file("out");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder.file(name)) << text; }
  std::string codes(const std::string& name, const std::vector<double>& row) const {
    tests::RasterOptions options;
    options.type = GDT_Int16;
    tests::write_raster(folder.file(name), {row}, options);
    return name;
  }
  void add_date(int year, const std::vector<double>& type, const std::vector<double>& volume) {
    const std::string y = std::to_string(year) + ".tif";
    tests::write_raster(folder.file("volume" + y), {volume});
    job.dates.push_back({year, {{"forest_type", codes("type" + y, type)}, {"volume", "volume" + y}}});
  }
  /// "2010 harvest" -> pixels.
  std::map<std::string, int> causes() {
    job.output.overwrite = true;
    run_job(job, {});
    const CsvTable table = read_csv(folder.file("out/attribution.csv"));
    std::map<std::string, int> found;
    for (const auto& row : table.rows) {
      if (row[1] == "total") found[row[4] + " " + row[6] + (row[7].empty() ? "" : " " + row[7])] += std::stoi(row[8]);
    }
    return found;
  }
};

using Found = std::map<std::string, int>;

TEST_CASE("attribution: later dates resolve what two dates leave open", "[attribution]") {
  Line line;
  line.add_date(2010, {1, 1, 1, 1, 1}, {80, 80, 80, 80, 80});
  line.add_date(2015, {1, 3, 3, 3, 2}, {90, 0, 0, 0, 0});
  CHECK(line.causes() == Found{{"2010 growth", 1}, {"2010 unresolved", 3}, {"2010 deforestation cropland", 1}});
  // Two years later: forest again, still bare (too early to tell), built over.
  line.add_date(2017, {1, 1, 3, 4, 2}, {95, 5, 0, 0, 0});
  CHECK(line.causes() == Found{{"2010 growth", 1},
                               {"2010 harvest", 1},
                               {"2010 unresolved", 1},
                               {"2010 deforestation other", 1},
                               {"2010 deforestation cropland", 1},
                               {"2015 growth", 2}});
  // Six years later forest came back too late for the third pixel.
  line.add_date(2021, {1, 1, 1, 4, 2}, {99, 9, 3, 0, 0});
  CHECK(line.causes()["2010 deforestation other"] == 2);
}

TEST_CASE("attribution: events by name, year and overlap", "[attribution]") {
  Line line;
  line.add_date(2010, {1, 1, 1, 1, 1, 1}, {80, 80, 80, 80, 80, 80});
  line.add_date(2015, {1, 1, 1, 1, 1, 1}, {70, 70, 70, 70, 70, -1});
  line.job.disturbances.push_back({line.codes("type.tif", {7, 8, 9, 7, 7, 0}),
                                   line.codes("year.tif", {2011, 2012, 2013, 2010, 2014, 0}),
                                   {{7, "火灾"}, {8, "thinning"}, {9, "insects"}}});
  line.job.disturbances.push_back(
      {line.codes("type2.tif", {0, 0, 0, 0, 1, 0}), line.codes("year2.tif", {0, 0, 0, 0, 2015, 0}), {{1, "storm"}}});
  line.job.attribution->fire = {"火灾"};
  // The fire of 2010 is before the period.
  CHECK(line.causes() == Found{{"2010 fire", 1},
                               {"2010 harvest", 1},
                               {"2010 other_disturbance", 1},
                               {"2010 degradation", 1},
                               {"2010 unexplained", 1}});
}

TEST_CASE("attribution: what it needs is said", "[attribution]") {
  Line line;
  line.add_date(2010, {1}, {80});
  CHECK_THAT(tests::refusal(Error::Kind::usage, [&] { run_job(line.job, {}); }), Catch::Contains("two dates"));
  tests::write_raster(line.folder.file("agb.tif"), {{50}});
  line.job.dates = {{2010, {{"agb", "agb.tif"}}}, {2015, {{"agb", "agb.tif"}}}};
  line.job.legend.clear();
  line.job.parameter_files.clear();
  line.job.stock.methods = {"agb"};
  CHECK_THAT(tests::refusal(Error::Kind::usage, [&] { run_job(line.job, {}); }),
             Catch::Contains("needs land use") && Catch::Contains("landcover_legend"));
}

TEST_CASE("attribution: the table of the inventory is read strictly", "[attribution]") {
  const Line line;
  const std::string start =
      "[[date]]\nyear = 2010\nvolume = \"v.tif\"\n[[disturbance]]\ntype = \"t.tif\"\nyear = \"y.tif\"\n"
      "codes = {1 = \"burn\", 2 = \"cut\"}\n";
  const auto refused = [&](const std::string& table) {
    line.write("i.toml", start + table);
    return tests::refusal(Error::Kind::input, [&] { read_inventory(line.folder.file("i.toml")); });
  };
  line.write("i.toml", start + "[attribution]\nrasters = false\nfire = \"burn\"\nharvest = [\"cut\"]\n");
  const auto options = read_inventory(line.folder.file("i.toml")).attribution;
  REQUIRE(options.has_value());
  CHECK_FALSE(options->rasters);
  CHECK(options->fire == std::vector<std::string>{"burn"});
  CHECK_THAT(refused("[attribution]\nfires = \"burn\"\n"), Catch::Contains("'fire'"));
  CHECK_THAT(refused("[attribution]\nfire = \"bern\"\n"), Catch::Contains("did you mean 'burn'"));
  CHECK_THAT(refused("[attribution]\nfire = \"burn\"\nharvest = \"burn\"\n"), Catch::Contains("one list"));
}

}  // namespace
}  // namespace sink
