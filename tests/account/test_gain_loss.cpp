// SPDX-License-Identifier: Apache-2.0
#include "account/gain_loss.hpp"

#include "support/case_table.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

TEST_CASE("gain-loss: the chain of equations 2.7 and 2.9-2.14") {
  const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/gain_loss.csv");
  REQUIRE(table.rows.size() >= 2);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const tests::Case c(table, row);
    INFO(c.place());
    const double r = c.number("root_shoot"), cf = c.number("carbon_fraction"), bcef_r = c.number("bcef_r");
    const double growth = total_growth_t_ha_yr(c.number("growth_above"), r);
    const GainLoss balance{
        growth_gain_tc_yr(c.number("area"), growth, cf), wood_loss_tc_yr(c.number("wood"), bcef_r, r, cf),
        fuelwood_loss_tc_yr(c.number("fuelwood_trees"), c.number("fuelwood_parts"), bcef_r, r, c.number("wood_density"),
                            cf),
        disturbance_loss_tc_yr(c.number("disturbed"), c.number("biomass_above"), r, cf, c.number("lost"))};
    CHECK(c.agrees(growth, c.number("total_growth")));
    CHECK(c.agrees(balance.growth_tc_yr, c.number("gain")));
    CHECK(c.agrees(balance.wood_tc_yr, c.number("wood_loss")));
    CHECK(c.agrees(balance.fuelwood_tc_yr, c.number("fuelwood_loss")));
    CHECK(c.agrees(balance.disturbance_tc_yr, c.number("disturbance_loss")));
    CHECK(c.agrees(balance.loss_tc_yr(), c.number("loss")));
    CHECK(c.agrees(balance.change_tc_yr(), c.number("change")));
  }
}

TEST_CASE("gain-loss: growth of volume by BCEF_I, and what stays between two methods") {
  // Arithmetic: 6 m3/ha/yr x 0.55 t/m3 x 1.25.
  CHECK(total_growth_from_volume_t_ha_yr(6, 0.55, 0.25) == Approx(4.125));
}

}  // namespace
}  // namespace sink
