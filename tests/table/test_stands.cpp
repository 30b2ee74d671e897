// SPDX-License-Identifier: Apache-2.0
#include "table/stands.hpp"

#include <cmath>
#include <map>
#include <set>

#include "support/catch.hpp"

using namespace sink;

TEST_CASE("fields of stand polygons have a name, a status and a source") {
  std::set<std::string> names, uses;
  for (const StandField& field : stand_fields()) {
    INFO(field.field << field.name_zh);
    CHECK((!field.field.empty() || !field.name_zh.empty()));
    CHECK((field.status == "verified" || field.status == "unverified"));
    CHECK_FALSE(field.source.empty());
    CHECK((field.field.empty() || names.insert(field.field).second));
    CHECK(names.insert(field.name_zh).second);
    uses.insert(field.use);
  }
  CHECK(uses.size() == stand_uses().size());
  for (const char* use : {"species", "land_class", "age", "volume", "stems", "canopy", "area", "volume_total"})
    CHECK(uses.count(use) == 1);
}

TEST_CASE("age groups follow each other without a gap") {
  std::map<std::string, double> next;
  for (const AgeGroup& group : age_groups()) {
    INFO(group.key << group.code);
    CHECK(group.status == "verified");
    CHECK(group.age_from == (group.code == 1 ? 0 : next[group.key]));
    next[group.key] = group.age_to + 1;
  }
  for (const auto& [key, end] : next) CHECK(std::isinf(end));
  // ChinaXiv-201704.00197: near-mature fir plantations are 21 to 25 years old, near-mature Masson pine 21 to 30.
  CHECK(age_groups()[2].age_to == 25);
  CHECK(age_groups()[7].age_to == 30);
}

TEST_CASE("checks and origins") {
  std::map<std::string, double> limits;
  for (const StandCheck& check : stand_checks()) {
    limits[check.rule] = check.limit;
    CHECK((!check.meaning_en.empty() && !check.meaning_zh.empty() && !check.source.empty()));
  }
  CHECK(limits.at("volume_high") == 400);
  CHECK(limits.at("canopy_low") == 0.2);
  CHECK(std::isnan(limits.at("overlap")));
  CHECK(stand_origin("20") == "plantation");
  CHECK(stand_origin("11") == "natural");
  CHECK(stand_origin("人工") == "plantation");
  CHECK(stand_origin("").empty());
}
