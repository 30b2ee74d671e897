// SPDX-License-Identifier: Apache-2.0
// Sample size and allocation against the published example, and their bounds.
#include "account/sample_size.hpp"

#include <cmath>

#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

using tests::Case;

TEST_CASE("sample size and allocation of Olofsson et al. 2014") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/accuracy_allocation.csv");
  std::vector<PlannedStratum> strata;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    strata.push_back({c.text("stratum"), c.number("weight"), c.number("expected_ua"), 1000000});
  }
  const Case first(table, 0);
  const double n = sample_size(strata, first.number("se_overall"));
  CHECK(first.agrees(n, first.number("n_exact")));
  CHECK(std::ceil(n) == first.number("n"));
  const auto whole = allocate(strata, Allocation::proportional, 641, 75);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    INFO(c.place());
    CHECK(c.agrees(allocation(strata, Allocation::equal, c.number("n"))[r], c.number("equal")));
    CHECK(c.agrees(allocation(strata, Allocation::proportional, c.number("n"))[r], c.number("proportional")));
    CHECK(c.agrees(allocation(strata, Allocation::neyman, c.number("n"))[r], c.number("neyman")));
    CHECK(std::abs(static_cast<double>(whole[r]) - c.number("chosen")) <= 5);  // the paper rounds to fives
  }
}

TEST_CASE("whole allocations: exact sums, minima, strata that are too small") {
  const std::vector<PlannedStratum> strata = {{"a", 0.5, 0.9, 1000}, {"b", 0.3, 0.9, 20}, {"c", 0.2, 1.0, 1000}};
  using Units = std::vector<std::int64_t>;
  CHECK(allocate(strata, Allocation::proportional, 10, 0) == Units{5, 3, 2});
  CHECK(allocate(strata, Allocation::equal, 10, 0) == Units{4, 3, 3});
  CHECK(allocate(strata, Allocation::proportional, 300, 50) == Units{200, 20, 80});
  CHECK(allocate(strata, Allocation::neyman, 100, 10) == Units{70, 20, 10});
  CHECK(allocate(strata, Allocation::neyman, 1500, 10) == Units{1000, 20, 480});
  CHECK(allocate(strata, Allocation::proportional, 2020, 50) == Units{1000, 20, 1000});
  CHECK_THAT(tests::refusal(Error::Kind::usage, [&] { allocate(strata, Allocation::equal, 2021, 2); }),
             Catch::Contains("more than the 2020 pixels"));
  CHECK_THAT(tests::refusal(Error::Kind::usage, [&] { allocate(strata, Allocation::equal, 100, 50); }),
             Catch::Contains("smaller --min"));
  CHECK_THAT(tests::refusal(Error::Kind::usage, [&] { sample_size(strata, 0); }), Catch::Contains("--se-overall"));
}

}  // namespace
}  // namespace sink
