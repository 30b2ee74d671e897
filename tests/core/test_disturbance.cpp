// SPDX-License-Identifier: Apache-2.0
#include "core/disturbance.hpp"

#include <cmath>
#include <random>

#include "core/nodata.hpp"
#include "support/catch.hpp"
#include "support/disturbed.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::disturb;
using sink::tests::LeftTheLand;
using sink::tests::refusal;

namespace {

DisturbanceRow row(const std::string& name, const std::string& from, const std::string& to, double share) {
  return {name, from, to, share, "unverified", "a test", "own.csv", "own.csv:2"};
}

std::string refused(const std::vector<DisturbanceRow>& rows) {
  return refusal(Error::Kind::input, [&] { DisturbanceTable table(rows); });
}

/// A matrix with random shares; some pools stay, some shares are nothing.
DisturbanceMatrix random_matrix(std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0, 1);
  DisturbanceMatrix matrix;
  for (std::size_t from = 0; from < land_pool_count; ++from) {
    if (share(random) < 0.2) continue;
    std::array<double, pool_count> shares{};
    for (double& value : shares) value = share(random) < 0.3 ? 0 : share(random);
    shares[from] += 1e-6;  // never all nothing
    matrix.set(static_cast<Pool>(from), shares);
  }
  return matrix;
}

}  // namespace

TEST_CASE("a clear cut by hand") {
  const DisturbanceTable table({row("cut", "above", "products", 0.6), row("cut", "above", "litter", 0.4),
                                row("cut", "below", "dead_wood", 1), row("cut", "litter", "litter", 0.5),
                                row("cut", "litter", "atmosphere", 0.5)});
  PoolStock stock{50, 12, 3, 4, 60};
  const LeftTheLand out = disturb(table.called("cut"), stock);
  CHECK(out.products_tc_ha == Approx(30));
  CHECK(out.atmosphere_tc_ha == Approx(2));
  CHECK(stock.above_tc_ha == 0);
  CHECK(stock.below_tc_ha == 0);
  CHECK(stock.dead_wood_tc_ha == Approx(15));
  CHECK(stock.litter_tc_ha == Approx(22));
  CHECK(stock.soil_tc_ha == 60);
}

TEST_CASE("random disturbances in random order conserve mass") {
  std::mt19937_64 random(20261128);
  std::uniform_real_distribution<double> tonnes(0, 400);
  std::uniform_int_distribution<int> length(1, 40);
  for (int world = 0; world < 2000; ++world) {
    PoolStock stock{tonnes(random), tonnes(random), tonnes(random), tonnes(random), tonnes(random)};
    const double before = stock.total_tc_ha();
    double out = 0;
    const int events = length(random);
    for (int event = 0; event < events; ++event) {
      const LeftTheLand moved = disturb(random_matrix(random), stock);
      CHECK(moved.products_tc_ha >= 0);
      CHECK(moved.atmosphere_tc_ha >= 0);
      out += moved.total_tc_ha();
    }
    CHECK(std::abs(stock.total_tc_ha() + out - before) <= 1e-9);
    for (const double pool :
         {stock.above_tc_ha, stock.below_tc_ha, stock.dead_wood_tc_ha, stock.litter_tc_ha, stock.soil_tc_ha})
      CHECK(pool >= 0);
  }
}

TEST_CASE("shares that sum to one within 1e-9 lose nothing") {
  const DisturbanceTable table({row("cut", "above", "products", 1.0 / 3 + 5e-10),
                                row("cut", "above", "litter", 1.0 / 3), row("cut", "above", "dead_wood", 1.0 / 3)});
  PoolStock stock{1e6, 0, 0, 0, 0};
  const LeftTheLand out = disturb(table.called("cut"), stock);
  CHECK(stock.total_tc_ha() + out.total_tc_ha() == Approx(1e6).epsilon(1e-15));
}

TEST_CASE("an unknown stock stays out of the pools that it does not reach") {
  const DisturbanceTable table({row("fire", "litter", "atmosphere", 1), row("fire", "above", "products", 1)});
  PoolStock stock{10, 2, no_value, 4, 60};
  const LeftTheLand out = disturb(table.called("fire"), stock);
  CHECK(out.atmosphere_tc_ha == 4);
  CHECK(out.products_tc_ha == 10);
  CHECK(stock.below_tc_ha == 2);
  CHECK(std::isnan(stock.dead_wood_tc_ha));
}

TEST_CASE("proportions that cannot be meant are refused with disturbance, pool and sum") {
  CHECK_THAT(refused({row("cut", "above", "products", 0.6), row("cut", "above", "litter", 0.3)}),
             Catch::Contains("own.csv: disturbance cut, pool above: the shares sum to 0.9, not to 1"));
  CHECK_THAT(refused({row("cut", "above", "products", 1), row("cut", "above", "litter", 2e-9)}),
             Catch::Contains("sum to 1.000000002"));
  CHECK_THAT(refused({row("cut", "above", "products", 1.2), row("cut", "above", "litter", -0.2)}),
             Catch::Contains("own.csv:2: share 1.2 is outside 0 to 1"));
  CHECK_THAT(refused({row("cut", "above", "products", no_value)}), Catch::Contains("outside 0 to 1"));
  CHECK_THAT(refused({row("cut", "above", "products", 0.5), row("cut", "above", "products", 0.5)}),
             Catch::Contains("cut from above to products stands twice"));
  CHECK_THAT(refused({row("cut", "above", "product", 1)}), Catch::Contains("did you mean products?"));
  CHECK_THAT(refused({row("cut", "atmosphere", "above", 1)}), Catch::Contains("atmosphere only takes carbon"));
  CHECK_THAT(refused({row("", "above", "products", 1)}), Catch::Contains("without a disturbance"));
  DisturbanceRow bad = row("cut", "above", "products", 1);
  bad.status = "known";
  CHECK_THAT(refused({bad}), Catch::Contains("must be verified or unverified"));
}

TEST_CASE("a user's table replaces a disturbance as a whole") {
  DisturbanceTable table(
      {row("cut", "above", "products", 1), row("cut", "below", "dead_wood", 1), row("fire", "above", "atmosphere", 1)});
  table.override_with({row("cut", "above", "litter", 1), row("ice", "above", "dead_wood", 1)});
  CHECK(table.names() == std::vector<std::string>{"cut", "fire", "ice"});
  CHECK(table.called("cut").share(Pool::above, Pool::litter) == 1);
  CHECK(table.called("cut").share(Pool::below, Pool::below) == 1);
  CHECK(table.rows_of("cut").size() == 1);
  CHECK(table.called("fire").share(Pool::above, Pool::atmosphere) == 1);
  CHECK_THAT(refusal(Error::Kind::usage, [&] { return table.called("fires").share(Pool::above, Pool::soil); }),
             Catch::Contains("did you mean fire?"));
}
