// SPDX-License-Identifier: Apache-2.0
#include "account/wood_products.hpp"

#include <array>
#include <cmath>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

ParameterRow own_row(const std::string& key, const std::string& parameter, double value, const std::string& unit) {
  return {key, parameter, value, unit, 0, "unverified", "a test", "own.csv:2"};
}

TEST_CASE("wood products: half of a stock is left after its half-life") {
  const WoodProduct product{"sawnwood", 35, 1};
  double stock_tc = 1000;
  for (int year = 0; year < 35; ++year) stock_tc = product_year(product, stock_tc, 0).end_tc;
  CHECK(stock_tc == Approx(500).epsilon(1e-12));
}

TEST_CASE("wood products: the equation as printed, and its limit") {
  const double half_life = 25, k = std::log(2.0) / half_life;
  const WoodProduct product{"panels", half_life, 1};
  const ProductYear year = product_year(product, 400, 30);
  CHECK(year.end_tc == Approx(std::exp(-k) * 400 + (1 - std::exp(-k)) / k * 30).epsilon(1e-13));
  // An even inflow fills the pool to inflow / k, where as much decays as comes in.
  double stock_tc = 0;
  for (int i = 0; i < 2000; ++i) stock_tc = product_year(product, stock_tc, 30).end_tc;
  CHECK(stock_tc == Approx(30 / k).epsilon(1e-12));
  CHECK(product_year(product, stock_tc, 30).decay_tc == Approx(30).epsilon(1e-12));
}

TEST_CASE("wood products: a year is what many small steps of decay give") {
  const WoodProduct product{"paper", 2, 1};
  double stock_tc = 50;
  constexpr int steps = 200000;
  for (int step = 0; step < steps; ++step) stock_tc += (20 - std::log(2.0) / product.half_life_yr * stock_tc) / steps;
  CHECK(product_year(product, 50, 20).end_tc == Approx(stock_tc).epsilon(1e-5));
}

TEST_CASE("wood products: mass balance over many years") {
  const auto products = wood_products(load_parameters({}));
  REQUIRE(products.size() == 3);
  std::vector<double> inflow_tc;
  double in_tc = 0, out_tc = 0;
  for (int year = 0; year < 100; ++year) inflow_tc.push_back(1000 + 700 * std::sin(year));
  const std::array start_tc = {5000.0, 3000.0, 100.0};
  const auto years = product_series(products, inflow_tc, start_tc);
  REQUIRE(years.size() == 100);
  CHECK(years.front().start_tc == 8100);
  for (std::size_t i = 0; i < years.size(); ++i) {
    CHECK(years[i].start_tc + years[i].inflow_tc == Approx(years[i].end_tc + years[i].decay_tc).epsilon(1e-14));
    CHECK(years[i].inflow_tc == Approx(inflow_tc[i]).epsilon(1e-14));
    CHECK(years[i].decay_tc > 0);
    if (i > 0) CHECK(years[i].start_tc == years[i - 1].end_tc);
    in_tc += years[i].inflow_tc;
    out_tc += years[i].decay_tc;
  }
  CHECK(std::abs(8100 + in_tc - out_tc - years.back().end_tc) < 1e-9);
}

TEST_CASE("wood products: shares that cannot be meant are refused") {
  ParameterTable parameters = load_parameters({});
  parameters.override_with({own_row("PRODUCTS/paper", "inflow_share", 0.3, "1")});
  CHECK_THAT(tests::refusal(Error::Kind::input, [&] { wood_products(parameters); }), Catch::Contains("sum to 1.1"));
  CHECK_THAT(tests::refusal(Error::Kind::input, [] { wood_products(ParameterTable()); }),
             Catch::Contains("no row PRODUCTS/sawnwood,half_life,VALUE,yr"));
  const std::vector<WoodProduct> one = {{"paper", 2, 1}};
  CHECK_THAT(tests::refusal(Error::Kind::usage,
                            [&] {
                              product_series(one, std::array{1.0}, std::array{1.0, 2.0});
                            }),
             Catch::Contains("1 wood products and 2 stocks"));
}

}  // namespace
}  // namespace sink
