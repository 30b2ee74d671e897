// SPDX-License-Identifier: Apache-2.0
#include "account/results.hpp"

#include "account/reduce.hpp"
#include "account/zone_sums.hpp"
#include "core/nodata.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

using tests::Case;
using Layout = AccountLayout;

CsvTable cases(const std::string& name) {
  return read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/" + name);
}

/// One stand of `area_ha` with living carbon at two dates [t C/ha], reduced as a block would be.
struct OneStand {
  OneStand(double area_ha, double carbon_1, double carbon_2) : layout(AccountShape{2, 1}), sums(layout.size()) {
    const std::uint8_t yes = 1, no = 0;
    Reduction reduction(layout, true);
    reduction.area_ha = &area_ha;
    reduction.dates = {{&yes, &yes, nullptr, nullptr}, {&yes, &yes, nullptr, nullptr}};
    for (const double* carbon : {&carbon_1, &carbon_2}) {
      reduction.stocks[carbon == &carbon_1 ? 0 : 1] = {.has_stock = &yes, .above = carbon, .carbon = carbon};
    }
    reduction.harvest = {&no};
    reduction.find_runs(1);
    reduction.add(0, 1, sums);
  }
  [[nodiscard]] SinkResult sink(double years) const { return sink_result(layout, sums, {}, 0, 0, years); }
  AccountLayout layout;
  std::vector<FixedSum> sums;
};

TEST_CASE("stock difference: published and worked numbers") {
  const CsvTable table = cases("stock_difference.csv");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const Case c(table, row);
    INFO(c.place());
    const double area = c.has("area") ? c.number("area") : 1;
    const double years = c.has("year_1") ? c.number("year_2") - c.number("year_1") : 1;
    const SinkResult r = OneStand(area, c.number("carbon_1"), c.number("carbon_2")).sink(years);
    const double flux_tc_yr = r.sink_tco2_yr / co2_per_carbon;
    if (c.has("carbon_change")) CHECK(c.agrees(flux_tc_yr * years / area, c.number("carbon_change")));
    if (c.has("carbon_rate")) CHECK(c.agrees(flux_tc_yr / area, c.number("carbon_rate")));
    if (c.has("carbon_flux")) CHECK(c.agrees(flux_tc_yr, c.number("carbon_flux")));
    if (c.has("sink")) CHECK(c.agrees(r.sink_tco2_yr, c.number("sink")));
    if (c.has("sink_rate")) CHECK(c.agrees(r.sink_tco2_ha_yr, c.number("sink_rate")));
  }
}

TEST_CASE("area times density: the published table of Zhejiang") {
  const CsvTable table = cases("density_times_area.csv");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const Case c(table, row);
    INFO(c.place());
    const OneStand stand(c.number("area"), c.number("carbon_density"), c.number("carbon_density"));
    const StockResult r = stock_result(stand.layout, stand.sums, {}, 0, 0);
    CHECK(c.agrees(r.carbon_t / 1e6, c.number("carbon")));
    CHECK(r.co2_t == Approx(r.carbon_t * 44 / 12).epsilon(1e-15));
  }
}

TEST_CASE("the arithmetic of the plan comes out of the same account") {
  const CsvTable table = cases("policy.csv");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const Case c(table, row);
    INFO(c.place());
    const std::string what = c.text("quantity");
    const double forest = c.has("land") ? c.number("land") * c.number("forest_cover") : no_value;
    // A forest that takes up `rate` for one year.
    const auto taken_up = [&](double area) { return OneStand(area, 0, c.number("rate") / co2_per_carbon).sink(1); };
    double got = no_value;
    if (what == "forest_area") got = OneStand(forest, 0, 0).sink(1).forest_area_ha;
    if (what == "sink") got = taken_up(forest).sink_tco2_yr;
    if (what == "gap") got = standing(taken_up(forest), c.number("benchmark")).gap_tco2_yr;
    if (what == "share_of_emissions") got = taken_up(forest).sink_tco2_yr / c.number("emissions");
    if (what == "measure_sink") got = taken_up(c.has("area") ? c.number("area") : forest).sink_tco2_yr;
    if (what == "effect_on_mean") got = taken_up(c.number("area")).sink_tco2_yr / forest;
    if (what == "mean_volume") got = c.number("volume") / forest;
    CHECK(c.agrees(got, c.number("expected")));
  }
}

TEST_CASE("a zone is above, below or incomplete, or has no rate") {
  SinkResult r{};
  r.rate_area_ha = 100;
  r.rate_coverage = 1;
  r.sink_tco2_ha_yr = 1.97;
  CHECK(standing(r, 1.97).status == "above");
  CHECK(standing(r, 2.77).status == "below");
  CHECK(standing(r, 2.77).gap_tco2_ha_yr == Approx(0.80));
  CHECK(standing(r, 2.77).gap_tco2_yr == Approx(80));
  r.rate_coverage = 0.9499;
  CHECK(standing(r, 1.0).status == "incomplete");
  r.sink_tco2_ha_yr = no_value;
  CHECK(standing(r, 1.0).status.empty());
}

TEST_CASE("the sink is split by what the land was, and the parts add up") {
  AccountLayout layout(AccountShape{2, 1});
  std::vector<FixedSum> sums(layout.size());
  // Stable, gain, loss, forest at neither date, known at the first date only, at the second only.
  const std::vector<double> area = {1, 2, 3, 4, 5, 6};
  const std::vector<double> carbon_1 = {40, 1, 32, 3, 11, no_value}, carbon_2 = {50, 21, 2, 10, no_value, 13};
  const std::vector<std::uint8_t> forest_1 = {1, 0, 1, 0, 1, 0}, forest_2 = {1, 1, 0, 0, 1, 1}, known(6, 1);
  const std::vector<std::uint8_t> stock_1 = {1, 1, 1, 1, 1, 0}, stock_2 = {1, 1, 1, 1, 0, 1};
  Reduction reduction(layout, true);
  reduction.area_ha = area.data();
  reduction.dates = {{known.data(), forest_1.data(), nullptr, nullptr},
                     {known.data(), forest_2.data(), nullptr, nullptr}};
  reduction.stocks[0] = {.has_stock = stock_1.data(), .carbon = carbon_1.data()};
  reduction.stocks[1] = {.has_stock = stock_2.data(), .carbon = carbon_2.data()};
  reduction.find_runs(area.size());
  reduction.add(0, area.size(), sums);
  const SinkResult r = sink_result(layout, sums, {.all_land = true}, 0, 0, 2);
  CHECK(r.rate_area_ha == 6);
  CHECK(r.sink_stable_tco2_yr == Approx(10 * 44 / 12.0 / 2));
  CHECK(r.sink_gain_tco2_yr == Approx(40 * 44 / 12.0 / 2));
  CHECK(r.sink_loss_tco2_yr == Approx(-90 * 44 / 12.0 / 2));
  CHECK(r.sink_tco2_yr == Approx(r.sink_stable_tco2_yr + r.sink_gain_tco2_yr + r.sink_loss_tco2_yr));
  CHECK(r.sink_all_land_tco2_yr == Approx((10 + 40 - 90 + 28) * 44 / 12.0 / 2));
}

TEST_CASE("a closure that is off by more than 1e-9 of its stock fails, either way; so does NaN") {
  const OneStand stand(1000, 40, 44);
  CHECK(period_closure(stand.layout, stand.sums, "", 0, 0).holds());
  for (const double epsilon : {1e-3, -1e-3}) {
    auto sums = stand.sums;
    const double one = 1;
    sums[stand.layout.flow(0, 0, Flow::neither, Layout::flow_carbon)].add_products(&epsilon, &one, 1);
    CHECK_FALSE(period_closure(stand.layout, sums, "", 0, 0).holds());
    auto pools = stand.sums;
    pools[stand.layout.stock(0, 0, Layout::carbon_below)].add_products(&epsilon, &one, 1);
    CHECK_FALSE(pool_closure(stand.layout, pools, "", 0, 0).holds());
    FixedSum whole = stand.sums[0], off = stand.sums[0];
    off.add_products(&epsilon, &one, 1);
    CHECK(zone_closure("", "", whole, {}, whole).holds());
    CHECK_FALSE(zone_closure("", "", off, {}, whole).holds());
  }
  CHECK_FALSE(Closure{"", "", {}, no_value, 1, 1}.holds());
}

TEST_CASE("zone sums merge to the same in any order") {
  ZoneSums a(2), b(2), ab(2), ba(2);
  const double one = 1, x = 0.1;
  a.at(7)[0].add_products(&x, &one, 1);
  a.pixels(7) += 1;
  b.at(7)[0].add_products(&one, &x, 1);
  b.at(3)[1].add(&x, 1);
  ab += a;
  ab += b;
  ba += b;
  ba += a;
  CHECK(ab.find(7) == ba.find(7));
  CHECK(ab.find(3) == ba.find(3));
  CHECK(ab.zones() == std::vector<std::int32_t>{3, 7});
  CHECK(ab.pixel_count(7) == 1);
  CHECK(ab.find(99) == std::vector<FixedSum>(2));
}

}  // namespace
}  // namespace sink
