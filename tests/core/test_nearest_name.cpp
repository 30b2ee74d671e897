// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.hpp"
#include "support/catch.hpp"

using sink::nearest_name;

TEST_CASE("the nearest name has the fewest edits") {
  const std::vector<std::string> known = {"year", "volume", "age", "forest_type"};
  CHECK(nearest_name("volme", known) == "volume");
  CHECK(nearest_name("yaer", known) == "year");
  CHECK(nearest_name("forest-type", known) == "forest_type");
  CHECK(nearest_name("AGE", known) == "age");
}

TEST_CASE("a part of a name means that name") {
  CHECK(nearest_name("FIR", {"ANY", "CHINESE_FIR"}) == "CHINESE_FIR");
  CHECK(nearest_name("an", {"CHINESE_ANY", "at"}) == "at");
}

TEST_CASE("the first of equals is the nearest") {
  CHECK(nearest_name("x", {"a", "b"}) == "a");
}

TEST_CASE("odd words have a nearest name too") {
  CHECK(nearest_name("", {"ab", "a"}) == "a");
  CHECK(nearest_name(std::string(100000, 'y'), {"year"}) == "year");
  CHECK(nearest_name("year", {}).empty());
}
