// SPDX-License-Identifier: Apache-2.0
#include "core/legend.hpp"

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::refusal;

namespace {

Legend legend_of_codes(const std::vector<std::string>& codes) {
  std::vector<LegendRow> rows;
  for (const std::string& code : codes) rows.push_back({code, "", LandUse::other, "", ""});
  return Legend("legend.csv", rows);
}

}  // namespace

TEST_CASE("codes compare as integers") {
  const Legend legend = legend_of_codes({"7", "0202", "0"});
  CHECK(legend.index_of(7) == 0);
  CHECK(legend.index_of(202) == 1);
  CHECK(legend.index_of(0) == 2);
  CHECK(legend.index_of(8) == no_class);
  CHECK(legend.index_of(-1) == no_class);
  CHECK(legend.index_of(65536) == no_class);
  CHECK(Legend().index_of(0) == no_class);
}

TEST_CASE("a prefix row is one class, and the narrower row decides in any order") {
  for (const auto& codes : {std::vector<std::string>{"12xx", "1202", "120x"}, {"1202", "120x", "12xx"}}) {
    const Legend legend = legend_of_codes(codes);
    CHECK(legend[legend.index_of(1299)].code == "12xx");
    CHECK(legend[legend.index_of(1203)].code == "120x");
    CHECK(legend[legend.index_of(1202)].code == "1202");
    CHECK(legend.index_of(1300) == no_class);
  }
  CHECK(legend_of_codes({"06XX"}).index_of(600) == 0);
}

TEST_CASE("codes of six digits and more are codes like any other") {
  const Legend legend = legend_of_codes({"110801", "1108xx", "65535", "65536"});
  CHECK(legend.index_of(110801) == 0);
  CHECK(legend.index_of(110899) == 1);
  CHECK(legend.index_of(110900) == no_class);
  CHECK(legend.index_of(65535) == 2);
  CHECK(legend.index_of(65536) == 3);
}

TEST_CASE("in a united list a code is that of the first row with it") {
  const std::vector<LegendRow> rows = {{"1", "", LandUse::other, "a", ""},     {"12xx", "", LandUse::other, "b", ""},
                                       {"01", "", LandUse::other, "c", ""},    {"12XX", "", LandUse::other, "d", ""},
                                       {"1", "", LandUse::other, "e", ""},     {"110801", "", LandUse::other, "f", ""},
                                       {"110801", "", LandUse::other, "g", ""}};
  const Legend legend("legend.csv", rows, RepeatedCodes::first_row);
  CHECK(legend.size() == 7);
  CHECK(legend[legend.index_of(1)].name_en == "a");
  CHECK(legend[legend.index_of(1234)].name_en == "b");
  CHECK(legend[legend.index_of(110801)].name_en == "f");
}

TEST_CASE("legends that cannot be meant are refused") {
  for (const char* code : {"", "-1", "x", "xx", "1x2", "forest", "7.0", "0202K", "9999999999"}) {
    INFO(code);
    CHECK_THAT(refusal(Error::Kind::input, [&] { legend_of_codes({code}); }), Catch::Contains("is no code"));
  }
  CHECK_THAT(refusal(Error::Kind::input,
                     [] {
                       legend_of_codes({"202", "7", "0202"});
                     }),
             Catch::StartsWith("legend.csv: code 0202 stands twice"));
  CHECK_THAT(refusal(Error::Kind::input, [] { legend_of_codes({"10xx", "010XX"}); }), Catch::Contains("stands twice"));
  std::vector<std::string> many;
  for (std::size_t code = 0; code <= max_classes; ++code) many.push_back(std::to_string(code));
  CHECK_THAT(refusal(Error::Kind::input, [&] { legend_of_codes(many); }), Catch::Contains("has 512 classes"));
  many.pop_back();
  CHECK(legend_of_codes(many).size() == max_classes);
}

TEST_CASE("land uses by name, the first three are forest") {
  for (const std::string_view name : land_use_names()) CHECK(name_of(land_use_called(name).value()) == name);
  CHECK_FALSE(land_use_called("Forest").has_value());
  CHECK(is_forest(LandUse::forest));
  CHECK(is_forest(LandUse::forest_unstocked));
  CHECK(is_forest(LandUse::shrub_counted));
  CHECK_FALSE(is_forest(LandUse::cropland));
  CHECK_FALSE(is_forest(LandUse::cropland_perennial));
}
