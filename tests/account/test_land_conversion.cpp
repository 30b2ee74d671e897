// SPDX-License-Identifier: Apache-2.0
#include "account/land_conversion.hpp"

#include "core/quantity.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

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

TEST_CASE("land conversion year by year") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/land_conversion_years.csv");
  REQUIRE(table.rows.size() >= 11);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const tests::Case c(table, row);
    INFO(c.place());
    Conversion conversion;
    conversion.area_ha = c.number("area");
    conversion.biomass_before_tc_ha = c.number("biomass_before");
    conversion.dead_before_tc_ha = c.number("dead_before");
    conversion.dead_after_tc_ha = c.number("dead_after");
    conversion.soil_before_tc_ha = c.number("soil_before");
    conversion.soil_after_tc_ha = c.number("soil_after");
    const auto density = even_regrowth_tc_ha(c.number("biomass_at_start"), c.number("biomass_in_end"),
                                             static_cast<int>(c.number("growing_years")), 40);
    const auto years = conversion_series(conversion, density);
    REQUIRE(years.size() == 40);
    const auto last_year = static_cast<std::size_t>(c.number("last_year"));
    for (auto year = static_cast<std::size_t>(c.number("first_year")); year <= last_year; ++year) {
      INFO("year " << year);
      CHECK(c.agrees(years[year - 1].total_tc(), c.number("change")));
    }
    double sum_tc = 0;
    for (std::size_t year = 0; year < 20; ++year) sum_tc += years[year].total_tc();
    CHECK(sum_tc == Approx(c.number("sum20")).epsilon(1e-6));
  }
}

TEST_CASE("a cover cannot regrow in no time") {
  CHECK_THAT(tests::refusal(Error::Kind::usage, [] { even_regrowth_tc_ha(0, 10, 0, 5); }),
             Catch::Contains("less than one year"));
  CHECK(even_regrowth_tc_ha(2, 10, 1, 2) == std::vector<double>{10, 10});
}

}  // namespace
}  // namespace sink
