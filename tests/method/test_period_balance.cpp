// SPDX-License-Identifier: Apache-2.0
#include "method/period_balance.hpp"

#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace sink;

namespace {

const PoolFlows& flows(const PeriodBalance& balance, Pool pool) {
  return balance.pools[static_cast<std::size_t>(pool)];
}

DisturbanceMatrix matrix(Pool from, std::array<double, pool_count> shares) {
  DisturbanceMatrix m;
  m.set(from, shares);
  return m;
}

/// Everything living goes: 60 % of what is above to products, the rest to dead wood; roots to dead wood.
DisturbanceMatrix clear_cut() {
  DisturbanceMatrix m;
  m.set(Pool::above, {0, 0, 0.4, 0, 0, 0.6, 0});
  m.set(Pool::below, {0, 0, 1, 0, 0, 0, 0});
  return m;
}

PeriodBalance balance_of(const PeriodFacts& facts, const PeriodEvents& events) {
  UnderWay nothing;
  return period_balance(facts, events, nothing);
}

double change(const PeriodBalance& balance) {
  double sum = 0;
  for (const PoolFlows& pool : balance.pools) sum += pool.closing - pool.opening;
  return sum;
}

}  // namespace

TEST_CASE("forest that only grows gains the curve's difference, above and below ground as it stands") {
  const std::vector<double> stand = {40, 42, 43.5};
  PeriodFacts facts;
  facts.opening = {32, 8, 1.38, 2.28, 55};
  facts.stand = stand;
  const PeriodBalance balance = balance_of(facts, {.years = 2});
  CHECK(balance.living_tc_ha() == Approx(3.5));
  CHECK(flows(balance, Pool::above).gained == Approx(2.8));
  CHECK(flows(balance, Pool::below).gained == Approx(0.7));
  CHECK(flows(balance, Pool::dead_wood).closing == 1.38);
  CHECK(flows(balance, Pool::soil).closing == 55);
  CHECK(change(balance) == Approx(3.5));
}

TEST_CASE("a clear-cut in year 3 of 5, replanted: by hand") {
  // Two years of growth (40 -> 44), all 44 lost, two years of the new stand (0 -> 1.5); no growth in the year of the
  // cut.
  const std::vector<double> stand = {40, 42, 44, 46, 48, 50}, next = {20, 20.7, 21.5, 22, 23, 24},
                            left = {0.9, 0.8, 0.7};
  const DisturbanceMatrix cut = clear_cut();
  PeriodFacts facts;
  facts.opening = {32, 8, 1, 2, 55};
  facts.stand = stand;
  facts.next = next;
  facts.products_left = left;
  const PeriodBalance b = balance_of(facts, {.years = 5, .change_year = 3, .disturbance = &cut, .new_stand = true});
  CHECK(b.growth_tc_ha == Approx(4));
  CHECK(b.disturbed_tc_ha == Approx(44));
  CHECK(b.regrowth_tc_ha == Approx(1.5));  // what the curve holds at age 0 was never planted
  CHECK(b.living_tc_ha() == Approx(4 - 44 + 1.5));
  const double above = 44 * 0.8;
  CHECK(flows(b, Pool::products).received == Approx(0.6 * above));
  CHECK(flows(b, Pool::products).closing == Approx(0.6 * above * 0.7));
  CHECK(flows(b, Pool::dead_wood).closing == Approx(1 + 0.4 * above + 44 * 0.2));
  CHECK(flows(b, Pool::soil).closing == 55);
}

TEST_CASE("forest to tea: year-1 loss, 20-year soil, cover (as golden G08, one hectare over two years)") {
  // G08: 39.0025551552 t C/ha living, 4.06 dead matter; tea to 14.1 t C/ha in 10 years; soil 63 -> 45.36 in 20 years.
  // Year 1 and 2: -42.5345551552 + 0.528, all on the land since nothing goes to products here.
  DisturbanceMatrix gone;
  for (const Pool pool : {Pool::above, Pool::below, Pool::dead_wood, Pool::litter}) {
    gone.set(pool, {0, 0, 0, 0, 0, 0, 1});
  }
  const std::vector<double> stand = {39.0025551552, 39.0025551552, 39.0025551552};
  PeriodFacts facts;
  facts.opening = {31, 8.0025551552, 2, 2.06, 63};
  facts.stand = stand;
  facts.soil_after_tc_ha = 63 * 0.72;
  facts.cover_tc_ha = 14.1 * 2 / 10;
  const PeriodBalance b = balance_of(facts, {.years = 2, .change_year = 1, .conversion = &gone});
  CHECK(change(b) == Approx(-42.53455515520 + 0.528).epsilon(1e-9));
  CHECK(b.converted_tc_ha == Approx(39.0025551552));
  CHECK(flows(b, Pool::soil).closing == Approx(63 - 2 * 0.882));
}

TEST_CASE("a quarter thinned grows on as three quarters of the stand") {
  const std::vector<double> stand = {40, 42, 44, 46};
  DisturbanceMatrix thin;
  thin.set(Pool::above, {0.75, 0, 0, 0, 0, 0.25, 0});
  thin.set(Pool::below, {0, 0.75, 0.25, 0, 0, 0, 0});
  PeriodFacts facts;
  facts.opening = {30, 10, 0, 0, 0};
  facts.stand = stand;
  const PeriodBalance b = balance_of(facts, {.years = 3, .change_year = 2, .disturbance = &thin});
  CHECK(b.growth_tc_ha == Approx(2));
  CHECK(b.disturbed_tc_ha == Approx(42 * 0.25));
  CHECK(b.regrowth_tc_ha == Approx(0.75 * 2));
}

TEST_CASE("cropland to forest builds dead matter and soil over twenty years") {
  const std::vector<double> next = {5, 7, 9, 12};
  const DisturbanceMatrix cleared = matrix(Pool::above, {0, 0, 0, 0, 0, 0, 1});
  PeriodFacts facts;
  facts.opening = {4, 0, 0, 0, 38};
  facts.next = next;
  facts.dead_target = {0, 0, 1.38, 2.28, 0};
  facts.soil_after_tc_ha = 55;
  const PeriodBalance b = balance_of(facts, {.years = 3, .change_year = 1, .conversion = &cleared, .new_stand = true});
  CHECK(b.converted_tc_ha == Approx(4));
  CHECK(b.regrowth_tc_ha == Approx(4));
  CHECK(flows(b, Pool::litter).gained == Approx(2.28 * 3 / 20));
  CHECK(flows(b, Pool::soil).gained == Approx(17.0 * 3 / 20));
}

TEST_CASE("mass is conserved over random stands, disturbances and conversions") {
  std::mt19937_64 random(20261128);
  std::uniform_real_distribution<double> unit(0, 1), tonnes(0, 200);
  for (int world = 0; world < 5000; ++world) {
    const int years = 1 + static_cast<int>(unit(random) * 12);
    const auto random_matrix = [&] {
      DisturbanceMatrix m;
      // Soil moves by the equations of conversion only.
      for (std::size_t from = 0; from < static_cast<std::size_t>(Pool::soil); ++from) {
        std::array<double, pool_count> shares{};
        for (double& share : shares) share = unit(random) < 0.4 ? 0 : unit(random);
        shares[pool_count - 1] += 1e-3;
        m.set(static_cast<Pool>(from), shares);
      }
      return m;
    };
    const DisturbanceMatrix disturbance = random_matrix(), conversion = random_matrix();
    std::vector<double> stand(static_cast<std::size_t>(years) + 1), next(stand.size()), left(2 * stand.size());
    for (std::size_t t = 0; t < stand.size(); ++t) {
      stand[t] = t == 0 ? tonnes(random) : stand[t - 1] + unit(random) * 5;
      next[t] = t == 0 ? tonnes(random) / 10 : next[t - 1] + unit(random) * 5;
    }
    for (std::size_t t = 0; t < left.size(); ++t) left[t] = (t == 0 ? 1 : left[t - 1]) * unit(random);
    PeriodFacts facts;
    facts.opening = {tonnes(random), tonnes(random) / 4, tonnes(random) / 20, tonnes(random) / 20, tonnes(random)};
    if (unit(random) < 0.8) facts.stand = stand;
    if (unit(random) < 0.8) facts.next = next;
    facts.cover_tc_ha = unit(random) < 0.5 ? 0 : tonnes(random) / 10;
    facts.cover_above = unit(random);
    facts.dead_target = {0, 0, unit(random) * 3, unit(random) * 4, 0};
    facts.soil_after_tc_ha = tonnes(random);
    if (unit(random) < 0.8) facts.products_left = left;
    if (unit(random) < 0.5) facts.dead_wood_left = facts.litter_left = left;
    PeriodEvents events;
    events.years = years;
    events.change_year = 1 + static_cast<int>(unit(random) * years) % years;
    if (unit(random) < 0.6) events.disturbance = &disturbance;
    if (unit(random) < 0.5) events.conversion = &conversion;
    events.new_stand = unit(random) < 0.5;
    // A third of the worlds has a period before this one, whose end this one opens with.
    UnderWay way;
    if (world % 3 == 0) {
      const PeriodBalance before = period_balance(facts, events, way);
      const auto closed = [&](Pool pool) { return flows(before, pool).closing; };
      facts.opening = {closed(Pool::above), closed(Pool::below), closed(Pool::dead_wood), closed(Pool::litter),
                       closed(Pool::soil)};
      facts.products_tc_ha = closed(Pool::products);
      if (unit(random) < 0.5) events = {.years = years};
    }
    const PeriodBalance b = period_balance(facts, events, way);

    double gained = 0, emitted = 0, opened = 0, received = 0, given = 0;
    for (const PoolFlows& pool : b.pools) {
      CHECK(pool.closing ==
            Approx(pool.opening + pool.gained + pool.received - pool.given - pool.emitted).epsilon(1e-9).margin(1e-9));
      CHECK(pool.closing >= -1e-9);
      gained += pool.gained, emitted += pool.emitted, opened += pool.opening;
      received += pool.received, given += pool.given;
    }
    CHECK(std::abs(received - given) <= 1e-9 * (received + 1));
    CHECK(std::abs(change(b) - (gained - emitted)) <= 1e-9 * (opened + gained));
    const double living = flows(b, Pool::above).closing + flows(b, Pool::below).closing -
                          flows(b, Pool::above).opening - flows(b, Pool::below).opening;
    CHECK(living == Approx(b.living_tc_ha()).epsilon(1e-9).margin(1e-9));
  }
}

TEST_CASE("what is under way goes on in the next period: by hand") {
  // A clear-cut in the last of two years, then three years of growth: dead wood decays from its second year on.
  const std::vector<double> stand = {40, 42, 44}, young = {0, 1, 2, 4}, left = {0.9, 0.8, 0.7, 0.6};
  const DisturbanceMatrix cut = clear_cut();
  PeriodFacts facts;
  facts.opening = {32, 8, 1, 0, 55};
  facts.stand = stand;
  facts.products_left = facts.dead_wood_left = left;
  UnderWay way;
  const PeriodBalance first =
      period_balance(facts, {.years = 2, .change_year = 2, .disturbance = &cut, .new_stand = true}, way);
  const double came = 42 * 0.8 * 0.4 + 42 * 0.2;
  CHECK(flows(first, Pool::dead_wood).closing == Approx(1 + came * 0.9));
  PeriodFacts later;
  later.opening = {0, 0, flows(first, Pool::dead_wood).closing, 0, 55};
  later.products_tc_ha = flows(first, Pool::products).closing;
  later.stand = young;
  later.products_left = later.dead_wood_left = left;
  const PeriodBalance second = period_balance(later, {.years = 3}, way);
  CHECK(flows(second, Pool::dead_wood).closing == Approx(1 + came * 0.6));
  CHECK(flows(second, Pool::products).closing == Approx(42 * 0.8 * 0.6 * 0.6));
  CHECK(flows(second, Pool::products).emitted == Approx(42 * 0.8 * 0.6 * 0.3));
  CHECK(way.inflows.size() == 1);
}
