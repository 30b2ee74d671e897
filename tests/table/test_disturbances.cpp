// SPDX-License-Identifier: Apache-2.0
#include "table/disturbances.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/disturbed.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

using namespace sink;
using sink::tests::disturb;
using sink::tests::LeftTheLand;
using sink::tests::refusal;

TEST_CASE("the shipped disturbances load, conserve mass and say that nobody has verified them") {
  const DisturbanceTable table = load_disturbances({});
  CHECK(table.names() == std::vector<std::string>{"harvest", "thinning", "fire", "windthrow", "pest", "conversion"});
  for (const std::string& name : table.names()) {
    INFO(name);
    PoolStock stock{40, 10, 2, 3, 55};
    const LeftTheLand out = disturb(table.called(name), stock);
    CHECK(stock.total_tc_ha() + out.total_tc_ha() == Approx(110).epsilon(1e-14));
    CHECK(stock.soil_tc_ha == 55);
    CHECK(stock.above_tc_ha < 40);
    for (const DisturbanceRow& row : table.rows_of(name)) {
      CHECK_FALSE(row.source.empty());
      CHECK(row.status == "unverified");
    }
  }
}

TEST_CASE("what fire burns above ground is the combustion factor of the fire equation") {
  const double burnt = load_parameters({}).need("FIRE/temperate_wildfire", "combustion_factor");
  const DisturbanceMatrix fire = load_disturbances({}).called("fire");
  for (const Pool pool : {Pool::above, Pool::dead_wood, Pool::litter})
    CHECK(fire.share(pool, Pool::atmosphere) == burnt);
}

TEST_CASE("a table of disturbances is read with file and line") {
  const std::string header = "disturbance,from_pool,to_pool,share,status,source\n";
  const auto rows = disturbance_rows(parse_csv(header + "cut,above,products,1,unverified,me\n", "own.csv"));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].place == "own.csv:2");
  CHECK(rows[0].share == 1);
  CHECK_THAT(
      refusal(Error::Kind::input,
              [&] { disturbance_rows(parse_csv(header + "cut,above,products,most,unverified,me\n", "own.csv")); }),
      Catch::Contains("own.csv:2"));
  CHECK_THAT(refusal(Error::Kind::input, [] { disturbance_rows(parse_csv("disturbance,share\ncut,1\n", "own.csv")); }),
             Catch::Contains("from_pool"));
}
