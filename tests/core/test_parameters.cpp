// SPDX-License-Identifier: Apache-2.0
#include "core/parameters.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::refusal;

namespace {

ParameterRow row(const std::string& key, const std::string& parameter, double value, const std::string& unit) {
  return {key, parameter, value, unit, 0, "unverified", "a test", "own.csv:2"};
}

ParameterTable fir_and_oak() {
  ParameterTable table;
  table.add_defaults(
      {row("FIR", "bef", 1.5, "1"), row("FIR", "wood_density", 0.3, "t/m3"), row("OAK", "bef", 1.3, "1")});
  return table;
}

std::string refused(const ParameterRow& bad) {
  ParameterTable table = fir_and_oak();
  return refusal(Error::Kind::input, [&] { table.override_with({bad}); });
}

}  // namespace

TEST_CASE("a user's table overrides row by row") {
  ParameterTable table = fir_and_oak();
  table.override_with({row("FIR", "bef", 1.6, "1"), row("TEAK", "bef", 1.4, "1")});
  CHECK(table.find("FIR", "bef") == 1.6);
  CHECK(table.find("FIR", "wood_density") == 0.3);
  CHECK(table.find("OAK", "bef") == 1.3);
  CHECK(table.find("TEAK", "bef") == 1.4);
  CHECK_FALSE(table.find("TEAK", "wood_density").has_value());
  CHECK(table.rows().size() == 4);
}

TEST_CASE("rows that were found are in use, rows that were asked about are not") {
  const ParameterTable table = fir_and_oak();
  CHECK(table.has("FIR", "bef"));
  CHECK(table.has_key("OAK"));
  CHECK_FALSE(table.has_key("OA"));
  CHECK_FALSE(table.has_key("PINE"));
  CHECK(table.used().empty());
  CHECK(table.find("OAK", "bef") == 1.3);
  CHECK(table.find("OAK", "bef") == 1.3);
  CHECK_FALSE(table.find("FIR", "root_shoot").has_value());
  REQUIRE(table.used().size() == 1);
  CHECK(table.used().front().key == "OAK");
}

TEST_CASE("by class, a class whose key has no row is NaN") {
  const ParameterTable table = fir_and_oak();
  const Legend legend("legend.csv", {{"1", "OAK", LandUse::forest, "", ""}, {"2", "", LandUse::other, "", ""}});
  const ClassTable bef = table.by_class(legend, "bef");
  CHECK(bef[0] == 1.3);
  CHECK(std::isnan(bef[1]));
  CHECK(std::isnan(bef[no_class]));
  CHECK(table.used().size() == 1);
}

TEST_CASE("rows that cannot be meant are refused with file, line and the way out") {
  CHECK_THAT(refused(row("FIR", "wood_density", 307, "kg/m3")),
             Catch::StartsWith("own.csv:2: FIR wood_density") && Catch::Contains("is in t/m3, not in 'kg/m3'"));
  CHECK_THAT(refused(row("FIR", "carbon_fraction", 47, "1")), Catch::Contains("47 is outside 0.2 to 0.7"));
  CHECK_THAT(refused(row("FIR", "root_shoot", std::nan(""), "1")), Catch::Contains("outside"));
  CHECK_THAT(refused(row("FIR", "wood_densty", 0.3, "t/m3")), Catch::Contains("did you mean wood_density"));
  CHECK_THAT(refused(row("", "bef", 1.5, "1")), Catch::Contains("without a key"));
  ParameterRow bad = row("FIR", "bef", 1.5, "1");
  bad.status = "VERIFIED";
  CHECK_THAT(refused(bad), Catch::Contains("must be verified or unverified"));
  bad = row("FIR", "bef", 1.5, "1");
  bad.sd = -0.1;
  CHECK_THAT(refused(bad), Catch::Contains("must be 0 or more"));
}

TEST_CASE("a row that must be there is found, or asked for as it should be written") {
  const ParameterTable table = fir_and_oak();
  CHECK(table.need("OAK", "bef") == 1.3);
  CHECK(table.used().size() == 1);
  CHECK_THAT(refusal(Error::Kind::input, [&] { return table.need("OAK", "wood_density"); }),
             Catch::Contains("no row OAK,wood_density,VALUE,t/m3") && Catch::Contains("--parameters"));
  CHECK(table.used().size() == 1);
}

TEST_CASE("a key that is not there may be a row that is missing rather than a name that is misspelt") {
  ParameterTable table = fir_and_oak();
  table.override_with({row("2006/wet/paddy", "f_lu", 1, "1"), row("2019/dry/cropland", "f_lu", 1, "1")});
  const auto may_be_new = [&](const std::string& key, const std::string& parameter) {
    return table.may_be_new(row(key, parameter, 1, "1"));
  };
  CHECK(may_be_new("2006/dry/cropland", "f_lu"));
  CHECK_FALSE(may_be_new("2007/dry/cropland", "f_lu"));
  CHECK_FALSE(may_be_new("2006/dry/croplant", "f_lu"));
  CHECK_FALSE(may_be_new("dry/2006/cropland", "f_lu"));
  CHECK_FALSE(may_be_new("2006/dry", "f_lu"));
  CHECK(may_be_new("MINE/FIR", "regression_a"));
  CHECK_FALSE(may_be_new("MINE/FUR", "regression_a"));
  CHECK_FALSE(may_be_new("MINE/FIR", "bef"));
  CHECK(may_be_new("FIR/age_7", "culm_kg"));
  CHECK_FALSE(may_be_new("FUR/age_7", "culm_kg"));
  CHECK_FALSE(may_be_new("FIR/aged_7", "culm_kg"));
  CHECK(may_be_new("PRODUCTS/plywood", "half_life"));
  CHECK_FALSE(may_be_new("PRODUCT/plywood", "half_life"));
  CHECK_FALSE(may_be_new("FUR", "bef"));
}

TEST_CASE("a row that stands twice is refused, in two tables it is an override") {
  ParameterTable table = fir_and_oak();
  CHECK_THAT(refusal(Error::Kind::input, [&] { table.add_defaults({row("FIR", "bef", 1.5, "1")}); }),
             Catch::Contains("stands twice"));
  CHECK_THAT(refusal(Error::Kind::input,
                     [&] {
                       table.override_with({row("FIR", "bef", 1.5, "1"), row("FIR", "bef", 1.6, "1")});
                     }),
             Catch::Contains("stands twice"));
  CHECK(table.find("FIR", "bef") == 1.5);
}
