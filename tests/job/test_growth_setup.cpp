// SPDX-License-Identifier: Apache-2.0
// [growth], [projection] and curves of one's own: what is read, and what is refused in which words.
#include <fstream>

#include "job/growth_setup.hpp"
#include "job/job.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

const std::string date = "[[date]]\nyear = 2015\nvolume = \"v.tif\"\n";
const std::string growth = "[growth]\nset = \"XU2010\"\nanchor = \"ratio\"\n";

class Files {
 public:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }

 private:
  tests::TempFolder folder_;
};

Job read(const std::string& text) {
  const Files files;
  return read_inventory(files.write("inventory.toml", date + text));
}

std::string refused(const std::string& text) {
  return tests::refusal(Error::Kind::input, [&] { read(text); });
}

std::string refused_curve(const std::string& rows) {
  const Files files;
  const std::string file = files.write("curves.csv", "key,age,biomass\n" + rows);
  const std::string message = tests::refusal(Error::Kind::input, [&] { read_growth_points(file); });
  CHECK(message.starts_with(file));
  return message.substr(file.size());
}

}  // namespace

TEST_CASE("growth and projection are read") {
  const Job job = read(
      "[growth]\ncurves = \"c.csv\"\nanchor = \"equivalent_age\"\nlike = {MASSON = \"CHINESE_FIR\"}\n"
      "[projection]\nfrom = 2015\nto = 2050\nrasters = [2050, 2030]\n");
  REQUIRE(job.growth);
  CHECK(job.growth->set.empty());
  CHECK(job.growth->curves == "c.csv");
  CHECK(job.growth->anchor == Anchor::equivalent_age);
  CHECK(job.growth->like.at("MASSON") == "CHINESE_FIR");
  REQUIRE(job.projection);
  CHECK(job.projection->from == 2015);
  CHECK(job.projection->to == 2050);
  CHECK(job.projection->rasters == std::vector<int>{2030, 2050});
  CHECK(read(growth + "[projection]\nto = 2050\nrasters = \"every\"\n").projection->every_year);
  CHECK(read(growth + "[projection]\nto = 2050\n").projection->rasters.empty());
  CHECK_FALSE(read(growth).projection);
  CHECK_FALSE(read("").growth);
}

TEST_CASE("growth and projection that cannot be are refused") {
  CHECK_THAT(refused("[growth]\nset = \"XU2010\"\n"), Catch::Contains(":4: ") && Catch::Contains("factor of two"));
  CHECK_THAT(refused("[growth]\nanchor = \"ratio\"\n"), Catch::Contains("add set = \"XU2010\""));
  CHECK_THAT(refused("[growth]\nset = \"XU2010\"\nanchor = \"rato\"\n"), Catch::Contains("'ratio'"));
  CHECK_THAT(refused(growth + "lik = {}\n"), Catch::Contains("like"));
  CHECK_THAT(refused("[projection]\nto = 2050\n"), Catch::Contains("add a table [growth]"));
  CHECK_THAT(refused(growth + "[projection]\n"), Catch::Contains("to = 2050"));
  CHECK_THAT(refused(growth + "[projection]\nto = 50\n"), Catch::Contains("must be a year"));
  CHECK_THAT(refused(growth + "[projection]\nto = 2050\nrasters = \"all\"\n"), Catch::Contains("\"every\""));
  CHECK_THAT(refused(growth + "[projection]\nto = 2050\nrasters = [\"2030\"]\n"), Catch::Contains("lists years"));
}

TEST_CASE("curves of one's own are read") {
  const Files files;
  const auto curves = read_growth_points(
      files.write("curves.csv", "key,age,biomass,note\nFIR,10,20,plots\nPINE,0,3,\nFIR,20.5,60,\nPINE,30,90,\n"));
  REQUIRE(curves.size() == 2);
  CHECK(curves[0].key == "FIR");
  CHECK(curves[0].points == std::vector<std::pair<double, double>>{{0, 0}, {10, 20}, {20.5, 60}});
  CHECK(curves[1].points == std::vector<std::pair<double, double>>{{0, 3}, {30, 90}});
}

TEST_CASE("curves of one's own that cannot be are refused with file and line") {
  CHECK_THAT(refused_curve("FIR,10,20\nFIR,20,60\nFIR,30,50\n"),
             Catch::StartsWith(":4: biomass of FIR falls from 60 to 50"));
  CHECK_THAT(refused_curve("FIR,10,20\nFIR,10,60\n"), Catch::StartsWith(":3: age 10 of FIR comes after 10"));
  CHECK_THAT(refused_curve("FIR,10,-1\nFIR,20,60\n"), Catch::StartsWith(":2: biomass -1"));
  CHECK_THAT(refused_curve("FIR,-10,1\nFIR,20,60\n"), Catch::StartsWith(":2: age -10"));
  CHECK_THAT(refused_curve("FIR,10,1\nPINE,10,1\nPINE,20,60\n"), Catch::StartsWith(":2: one point of FIR"));
  CHECK_THAT(refused_curve("FIR,10.3,1\nFIR,20,60\n"), Catch::StartsWith(":2: age 10.3"));
  CHECK_THAT(refused_curve("FIR,ten,1\n"), Catch::StartsWith(":2"));
  CHECK_THAT(refused_curve(",1,1\n"), Catch::StartsWith(":2: a row without a key"));
  CHECK_THAT(refused_curve(""), Catch::Contains("no curve in it"));
}

}  // namespace sink
