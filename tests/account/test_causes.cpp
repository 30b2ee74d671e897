// SPDX-License-Identifier: Apache-2.0
#include "account/causes.hpp"

#include <map>

#include "support/case_table.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

PixelPeriod facts_of(const tests::Case& c) {
  const std::map<std::string, Flow> flows = {{"stable", Flow::stable}, {"gain", Flow::gain}, {"loss", Flow::loss}};
  const std::map<std::string, EventKind> events = {{"", EventKind::none},
                                                   {"fire", EventKind::fire},
                                                   {"harvest", EventKind::harvest},
                                                   {"other", EventKind::other},
                                                   {"overlapping", EventKind::overlapping}};
  const std::map<std::string, SeenLater> later = {{"", SeenLater::not_seen},
                                                  {"forest_again", SeenLater::forest_again},
                                                  {"forest_no_longer", SeenLater::forest_no_longer}};
  const auto use = land_use_called(c.text("land_use_after"));
  return {flows.at(c.text("flow")),     c.text("known_before") == "1", use.has_value(),
          use.value_or(LandUse::other), events.at(c.text("event")),    c.text("felled") == "1",
          c.number("stock_before"),     c.number("stock_after"),       later.at(c.text("later")),
          c.text("waited") == "1"};
}

TEST_CASE("causes: every rule by its case") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/causes.csv");
  std::map<Cause, int> seen;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const tests::Case c(table, row);
    INFO(c.place());
    const Cause cause = cause_of(facts_of(c));
    const CauseWords& words = cause_words()[static_cast<std::size_t>(cause)];
    CHECK(words.name == c.text("cause"));
    CHECK(words.to_land_use == c.text("to_land_use"));
    CHECK(c.has("source"));
    ++seen[cause];
  }
  CHECK(seen.size() == causes);
}

TEST_CASE("causes: whatever the facts, there is one cause, and only cleared forest is deforestation") {
  for (const Flow flow : {Flow::stable, Flow::gain, Flow::loss}) {
    for (unsigned bits = 0; bits < 16; ++bits) {
      for (unsigned use = 0; use < 9; ++use) {
        for (unsigned event = 0; event < 5; ++event) {
          for (unsigned later = 0; later < 3; ++later) {
            for (const double after : {10.0, 80.0, 90.0, std::numeric_limits<double>::quiet_NaN()}) {
              const PixelPeriod facts{flow,
                                      (bits & 1) != 0,
                                      (bits & 2) != 0,
                                      static_cast<LandUse>(use),
                                      static_cast<EventKind>(event),
                                      (bits & 4) != 0,
                                      80,
                                      after,
                                      static_cast<SeenLater>(later),
                                      (bits & 8) != 0};
              const Cause cause = cause_of(facts);
              REQUIRE(static_cast<std::size_t>(cause) < causes);
              const bool cleared = !cause_words()[static_cast<std::size_t>(cause)].to_land_use.empty();
              if (cleared || cause == Cause::unresolved) REQUIRE(flow == Flow::loss);
              if (cause == Cause::afforestation) REQUIRE(flow == Flow::gain);
              if (cause == Cause::growth) REQUIRE((flow == Flow::stable || (flow == Flow::gain && facts.waited)));
              if (cause == Cause::degradation) REQUIRE(flow == Flow::stable);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("causes: each has its own colour and code") {
  std::map<std::string_view, int> colours;
  for (const CauseWords& words : cause_words()) ++colours[words.colour];
  CHECK(colours.size() == causes);
}

}  // namespace
}  // namespace sink
