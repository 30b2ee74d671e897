// SPDX-License-Identifier: Apache-2.0
// Land-use change inside `sinkcalc run`, on a handful of pixels worked out by hand.
#include <fstream>
#include <sstream>

#include "job/change_scheme.hpp"
#include "job/job.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/temp_raster.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

TEST_CASE("codes are i K + j + 1 over the classes in ascending code") {
  const ChangeScheme scheme(Legend("l", {{"20", "", LandUse::cropland_perennial, "tea", ""},
                                         {"3xx", "", LandUse::other, "rest", ""},
                                         {"2", "", LandUse::forest, "forest", ""}}),
                            true);
  CHECK(scheme.legend()[0].name_en == "forest");
  CHECK(scheme.legend()[2].name_en == "rest");
  const ClassIndex forest = scheme.place(2), tea = scheme.place(0);
  CHECK(scheme.code(forest, tea) == 0 * 3 + 1 + 1);
  CHECK(scheme.code(tea, forest) == 1 * 3 + 0 + 1);
  CHECK(scheme.code(no_class, tea) == 65535);
  CHECK(scheme.place(no_class) == no_class);
}

TEST_CASE("a run counts transitions with the carbon they moved; unknown is never change") {
  const tests::TempFolder folder;
  tests::RasterOptions bytes;
  bytes.type = GDT_Byte;
  bytes.nodata = 255;
  //                                         stays  to tea  to tea  hidden  field
  tests::write_raster(folder.file("c1.tif"), {{2, 2, 2, 2, 1}}, bytes);
  tests::write_raster(folder.file("c2.tif"), {{2, 20, 20, 255, 1}}, bytes);
  tests::write_raster(folder.file("t1.tif"), {{1, 1, 1, 1, 9}}, bytes);
  tests::write_raster(folder.file("t2.tif"), {{1, 3, 3, 255, 9}}, bytes);
  tests::write_raster(folder.file("v1.tif"), {{100, 100, 50, 100, 0}});
  tests::write_raster(folder.file("v2.tif"), {{120, 0, 0, -1, 0}});
  write(folder.file("types.csv"),
        "code,key,land_use,name_en,name_zh\n1,FIR,forest,fir,\n3,TEA,cropland_perennial,tea,\n9,,cropland,field,\n");
  write(folder.file("cover.csv"),
        "code,key,land_use,name_en,name_zh\n1,,cropland,field,\n2,,forest,forest,\n20,,cropland_perennial,tea,\n");
  write(
      folder.file("own.csv"),
      "key,parameter,value,unit,sd,status,source\nFIR,bef,2,1,,unverified,t\nFIR,wood_density,0.5,t/m3,,unverified,t\n"
      "FIR,root_shoot,0.6,1,,unverified,t\nFIR,carbon_fraction,0.5,1,,unverified,t\nTEA,biomass_density,10,t/"
      "ha,,unverified,t\n"
      "TEA,root_shoot,0.25,1,,unverified,t\nTEA,carbon_fraction,0.5,1,,unverified,t\n");
  Job job;
  job.base_directory = folder.file("");
  job.legend = "types.csv";
  job.landcover_legend = "cover.csv";
  job.parameter_files = {"own.csv"};
  for (const std::string n : {"1", "2"}) {
    job.dates.push_back(
        {n == "1" ? 2015 : 2020,
         {{"forest_type", "t" + n + ".tif"}, {"volume", "v" + n + ".tif"}, {"landcover", "c" + n + ".tif"}}});
  }
  job.output.directory = folder.file("out");
  job.run.threads = 2;
  run_job(job, {});

  const CsvTable table = read_csv(folder.file("out/matrix.csv"));
  const auto find = [&](const std::string& from, const std::string& to) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const auto text = [&](const char* name) { return table.rows[r][static_cast<std::size_t>(table.column(name))]; };
      if (text("from_name") == from && text("to_name") == to) return r;
    }
    throw std::runtime_error("no row " + from + " to " + to);
  };
  CHECK(table.rows.size() == 4);
  const std::size_t tea = find("forest", "tea");
  const auto number = [&](std::size_t row, const char* name) { return table.number(row, table.column(name)); };
  const double ha = number(tea, "area_ha") / 2;
  CHECK(number(tea, "pixels") == 2);
  // Fir holds 0.8 t C/m3 here, tea 5 t C/ha; no standard loss, no soil.
  CHECK(number(tea, "carbon_before_t") == Approx((80 + 40) * ha).epsilon(1e-6));
  CHECK(number(tea, "carbon_after_t") == Approx(10 * ha).epsilon(1e-6));
  CHECK(number(tea, "emission_tco2") == Approx(110 * ha * 44 / 12).epsilon(1e-6));
  CHECK(number(tea, "in_year_tco2") == number(tea, "emission_tco2"));
  CHECK(number(tea, "committed_tco2") == number(tea, "emission_tco2"));
  CHECK(number(tea, "area_with_carbon_ha") == Approx(2 * ha));
  CHECK(table.rows[tea][static_cast<std::size_t>(table.column("soil_committed_t"))].empty());
  CHECK(number(find("forest", "forest"), "carbon_change_t") == Approx(16 * ha).epsilon(1e-6));
  const std::size_t hidden = find("forest", "unknown");
  CHECK(number(hidden, "pixels") == 1);
  CHECK(table.rows[hidden][static_cast<std::size_t>(table.column("carbon_change_t"))].empty());
  CHECK(tests::read_raster(folder.file("out/change_2015_2020.tif")) == std::vector<double>{5, 6, 6, 65535, 1});
}

TEST_CASE("a lookup that is asked for dead matter and soil moves them too") {
  const tests::TempFolder folder;
  tests::RasterOptions bytes;
  bytes.type = GDT_Byte;
  bytes.nodata = 255;
  tests::write_raster(folder.file("c1.tif"), {{2, 2, 20}}, bytes);
  tests::write_raster(folder.file("c2.tif"), {{20, 20, 20}}, bytes);
  write(folder.file("pools.csv"),
        "lucode,LULC_name,C_above,C_below,C_soil,C_dead\n2,forest,60,15,80,5\n20,tea,8,2,100,1\n");
  Job job;
  job.base_directory = folder.file("");
  job.stock.methods = {"lookup"};
  job.stock.densities = "pools.csv";
  for (const std::string n : {"1", "2"})
    job.dates.push_back({n == "1" ? 2015 : 2020, {{"landcover", "c" + n + ".tif"}}});
  job.output.directory = folder.file("out");
  job.output.overwrite = true;
  job.run.threads = 2;
  for (const bool all_pools : {true, false}) {
    job.stock.pools =
        all_pools ? std::vector<std::string>{"agb", "bgb", "dead", "soil"} : std::vector<std::string>{"agb", "bgb"};
    run_job(job, {});
    const CsvTable table = read_csv(folder.file("out/matrix.csv"));
    REQUIRE(table.rows[0][static_cast<std::size_t>(table.column("to_code"))] == "20");
    const auto number = [&](const char* name) { return table.number(0, table.column(name)); };
    const double ha = number("area_ha");
    CHECK(number("carbon_change_t") == Approx(-65 * ha));
    CHECK(number("emission_tco2") == Approx(65 * ha * 44 / 12));
    if (!all_pools) {
      CHECK(table.rows[0][static_cast<std::size_t>(table.column("soil_in_year_t"))].empty());
      CHECK(number("committed_tco2") == number("emission_tco2"));
      continue;
    }
    CHECK(number("dead_in_year_t") == Approx(-4 * ha));
    CHECK(number("soil_in_year_t") == Approx(1 * ha));
    CHECK(number("soil_committed_t") == Approx(20 * ha));
    CHECK(number("in_year_tco2") == Approx((65 + 4 - 1) * ha * 44 / 12));
    CHECK(number("committed_tco2") == Approx((65 + 4 - 20) * ha * 44 / 12));
  }
}

}  // namespace
}  // namespace sink
