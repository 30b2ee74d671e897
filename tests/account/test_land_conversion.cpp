// SPDX-License-Identifier: Apache-2.0
#include "account/land_conversion.hpp"

#include "core/quantity.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

TEST_CASE("land conversion: the ledger of exact fractions") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/land_conversion.csv");
  REQUIRE(table.rows.size() >= 10);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const tests::Case c(table, row);
    INFO(c.place());
    const double fraction = c.number("carbon_fraction");
    const Conversion conversion{c.number("area"),
                                c.number("agb_before") * (1 + c.number("root_shoot")) * fraction,
                                c.number("biomass_after") * fraction,
                                c.number("dead_before"),
                                c.number("soil_before"),
                                c.number("soil_after")};
    const int years = static_cast<int>(c.number("year_through") - c.number("year_of_change")) + 1;
    const ConversionChange change = conversion_change(conversion, years);
    CHECK(c.agrees(change.biomass_tc, c.number("biomass_change")));
    CHECK(c.agrees(change.dead_tc, c.number("dead_change")));
    CHECK(c.agrees(change.soil_tc, c.number("soil_change")));
    CHECK(c.agrees(change.total_tc(), c.number("total_change")));
    CHECK(c.agrees(-to_co2(CarbonMass(change.total_tc())).value(), c.number("emission")));
  }
}

TEST_CASE("land conversion: nothing before the first year, no more soil after the twentieth") {
  const Conversion conversion{2, 50, 10, 4, 80, 60};
  CHECK(conversion_change(conversion, 0).total_tc() == 0);
  CHECK(conversion_change(conversion, 1).soil_tc == Approx(-2));
  CHECK(conversion_change(conversion, 20).soil_tc == Approx(-40));
  CHECK(conversion_change(conversion, 35).total_tc() == conversion_change(conversion, 20).total_tc());
}

}  // namespace
}  // namespace sink
