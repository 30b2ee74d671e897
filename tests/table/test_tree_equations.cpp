// SPDX-License-Identifier: Apache-2.0
#include "table/tree_equations.hpp"

#include <cmath>
#include <set>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

using namespace sink;
using sink::tests::refusal;

namespace {

const std::string header = "set,key,quantity,d_from_cm,d_below_cm,form,a,b,c,unit,status,source,note\n";

std::vector<TreeEquation> read(const std::string& rows) {
  return tree_equation_rows(parse_csv(header + rows, "own.csv"));
}

std::string refused(const std::string& rows) {
  return refusal(Error::Kind::input, [&] { read(rows); });
}

}  // namespace

TEST_CASE("the shipped tree equations have every form, a source and a status") {
  std::set<TreeForm> forms;
  for (const TreeEquation& e : shipped_tree_equations()) {
    INFO(e.place);
    CHECK_FALSE(e.source.empty());
    CHECK(e.a > 0);
    // A note that says what was assumed or not checked is no verified row.
    const bool weak = e.note.find("assumed") != std::string::npos || e.note.find("not verified") != std::string::npos;
    CHECK((e.status == "unverified") == weak);
    forms.insert(e.form);
  }
  CHECK(forms.size() == tree_form_names.size());
}

TEST_CASE("a blank bound of the diameter is none") {
  const auto equations = read("S,FIR,stem,,,a*D^b,0.1,2,,kg,verified,me,\n");
  REQUIRE(equations.size() == 1);
  CHECK(equations[0].d_from_cm == 0);
  CHECK(std::isinf(equations[0].d_below_cm));
}

TEST_CASE("tree equations that cannot be meant are refused with file and line") {
  CHECK_THAT(refused("S,FIR,stem,,,a*D^c,0.1,2,,kg,verified,me,\n"),
             Catch::Contains("own.csv:2") && Catch::Contains("did you mean a*D^b?"));
  CHECK_THAT(refused("S,FIR,stem,,,a*D^b*H^c,0.1,2,,kg,verified,me,\n"), Catch::Contains("own.csv:2"));
  CHECK_THAT(refused("S,FIR,stem,,,a*D^b,0.1,2,,lb,verified,me,\n"), Catch::Contains("unit 'lb' must be"));
  CHECK_THAT(refused("S,FIR,stem,,,a*D^b,0.1,2,,kg,yes,me,\n"), Catch::Contains("must be verified or unverified"));
  CHECK_THAT(refused("S,FIR,stem,5,5,a*D^b,0.1,2,,kg,verified,me,\n"), Catch::Contains("less than d_below_cm"));
  CHECK_THAT(refused("S,,stem,,,a*D^b,0.1,2,,kg,verified,me,\n"), Catch::Contains("needs a set, a key and a quantity"));
  CHECK_THAT(refused("S,FIR,stem,0,6,a*D^b,0.1,2,,kg,verified,me,\nS,FIR,stem,5,,a*D^b,0.1,2,,kg,verified,me,\n"),
             Catch::Contains("stands twice for one diameter, also at own.csv:2"));
}
