// SPDX-License-Identifier: Apache-2.0
#include "method/period_balance.hpp"

#include <algorithm>
#include <cmath>

namespace sink {
namespace {

std::array<double, land_pool_count> by_pool(const PoolStock& s) noexcept {
  return {s.above_tc_ha, s.below_tc_ha, s.dead_wood_tc_ha, s.litter_tc_ha, s.soil_tc_ha};
}

PoolStock stock_of(const std::array<PoolFlows, balance_pools>& pools) noexcept {
  const auto at = [&](Pool pool) { return pools[static_cast<std::size_t>(pool)].closing; };
  return {at(Pool::above), at(Pool::below), at(Pool::dead_wood), at(Pool::litter), at(Pool::soil)};
}

class Ledger {
 public:
  explicit Ledger(const PeriodFacts& facts) noexcept {
    const auto stocks = by_pool(facts.opening);
    for (std::size_t p = 0; p < land_pool_count; ++p) balance.pools[p].opening = balance.pools[p].closing = stocks[p];
    at(Pool::products).opening = at(Pool::products).closing = facts.products_tc_ha;
  }
  PoolFlows& at(Pool pool) noexcept { return balance.pools[static_cast<std::size_t>(pool)]; }
  [[nodiscard]] double living() noexcept { return at(Pool::above).closing + at(Pool::below).closing; }

  void gain(Pool pool, double tc_ha) noexcept {
    // A curve that falls, or soil that loses: the air gets it.
    (tc_ha < 0 ? at(pool).emitted : at(pool).gained) += tc_ha < 0 ? -tc_ha : tc_ha;
    at(pool).closing += tc_ha;
  }
  /// Living biomass grows, `above` of it above ground.
  void grow(double tc_ha, double above) noexcept {
    gain(Pool::above, tc_ha * above);
    gain(Pool::below, tc_ha * (1 - above));
  }
  /// As it stands above and below ground; `above` where nothing stands.
  void grow_on(double tc_ha, double above) noexcept {
    const double stands = living();
    grow(tc_ha, stands > 0 ? at(Pool::above).closing / stands : above);
  }
  /// What a pool holds beside inflows that decay.
  [[nodiscard]] double lasting(Pool pool, double Inflow::*part, std::span<const double> left,
                               const UnderWay& way) noexcept {
    double decaying = 0;
    for (const Inflow& inflow : way.inflows) decaying += inflow.*part * still(left, inflow.years_decayed);
    return at(pool).closing - (left.empty() ? 0 : decaying);
  }
  /// Years go by: what changes brought in decays, soil and the dead matter of new forest move on.
  void pass(int years, const PeriodFacts& facts, UnderWay& way) noexcept {
    for (Inflow& inflow : way.inflows) {
      const int now = inflow.years_decayed;
      decay(Pool::products, inflow.products_tc_ha, facts.products_left, now, years);
      decay(Pool::dead_wood, inflow.dead_wood_tc_ha, facts.dead_wood_left, now, years);
      decay(Pool::litter, inflow.litter_tc_ha, facts.litter_left, now, years);
      inflow.years_decayed += years;
    }
    const double share = of_transition(way.step_years + years) - of_transition(way.step_years);
    way.step_years = std::min(way.step_years + years, transition_years);
    // A fire may have left less than a falling pool was to lose.
    gain(Pool::dead_wood, std::max(way.step.dead_wood_tc_ha * share, -at(Pool::dead_wood).closing));
    gain(Pool::litter, std::max(way.step.litter_tc_ha * share, -at(Pool::litter).closing));
    gain(Pool::soil, way.step.soil_tc_ha * share);
  }
  /// Moves carbon by the shares of a disturbance; returns what living biomass lost.
  double disturb(const DisturbanceMatrix& matrix) noexcept {
    const double before = living();
    const PoolMoves moves = matrix.moves(stock_of(balance.pools));
    for (std::size_t from = 0; from < land_pool_count; ++from) {
      PoolFlows& giver = balance.pools[from];
      for (std::size_t to = 0; to < pool_count; ++to) {
        if (from == to) continue;
        const double moved = moves.tc_ha[from][to];
        const bool to_air = static_cast<Pool>(to) == Pool::atmosphere;
        (to_air ? giver.emitted : giver.given) += moved;
        if (!to_air) balance.pools[to].received += moved;
      }
      giver.closing = moves.into(static_cast<Pool>(from));
    }
    at(Pool::products).closing += moves.into(Pool::products);
    return before - living();
  }

  PeriodBalance balance;

 private:
  static double of_transition(int years) noexcept {
    return static_cast<double>(std::min(years, transition_years)) / transition_years;
  }
  static double still(std::span<const double> left, int decayed) noexcept {
    return decayed == 0 || left.empty() ? 1 : left[static_cast<std::size_t>(decayed) - 1];
  }
  void decay(Pool pool, double inflow_tc_ha, std::span<const double> left, int now, int years) noexcept {
    if (left.empty()) return;
    const double gone = std::min(inflow_tc_ha * (still(left, now) - still(left, now + years)), at(pool).closing);
    at(pool).emitted += gone;
    at(pool).closing -= gone;
  }
};

/// Moves carbon by the shares of a disturbance; earlier inflows are what it left of them, and what it brought is one
/// more. Returns what living biomass lost.
double disturb(Ledger& ledger, const DisturbanceMatrix& matrix, UnderWay& way) {
  const auto received = [&] {
    return std::array{ledger.at(Pool::products).received, ledger.at(Pool::dead_wood).received,
                      ledger.at(Pool::litter).received};
  };
  const auto before = received();
  const double lost = ledger.disturb(matrix);
  for (Inflow& inflow : way.inflows) {
    inflow.dead_wood_tc_ha *= matrix.share(Pool::dead_wood, Pool::dead_wood);
    inflow.litter_tc_ha *= matrix.share(Pool::litter, Pool::litter);
  }
  const auto after = received();
  way.inflows.push_back({0, after[0] - before[0], after[1] - before[1], after[2] - before[2]});
  return lost;
}

double last_of(CarbonByYear carbon, int year) noexcept {
  return carbon[static_cast<std::size_t>(year)];
}

}  // namespace

PeriodBalance period_balance(const PeriodFacts& facts, const PeriodEvents& events, UnderWay& way) {
  Ledger ledger(facts);
  PeriodBalance& balance = ledger.balance;
  const bool changed = events.disturbance != nullptr || events.conversion != nullptr || events.new_stand;
  const int grown_years = changed ? events.change_year - 1 : events.years;
  if (!facts.stand.empty()) {
    balance.growth_tc_ha = last_of(facts.stand, grown_years) - facts.stand.front();
    ledger.grow_on(balance.growth_tc_ha, facts.cover_above);
  }
  ledger.pass(grown_years, facts, way);
  if (!changed) return balance;

  balance.at_change = stock_of(balance.pools);
  const double stood = ledger.living();
  if (events.disturbance != nullptr) balance.disturbed_tc_ha = disturb(ledger, *events.disturbance, way);
  if (events.conversion != nullptr) balance.converted_tc_ha = disturb(ledger, *events.conversion, way);

  const int years_after = events.years - events.change_year;
  if (events.new_stand) {
    if (!facts.next.empty()) balance.regrowth_tc_ha = last_of(facts.next, years_after) - facts.next.front();
  } else if (!facts.stand.empty() && events.conversion == nullptr) {
    // What is left of a stand grows on as its share of the stand would have.
    const double share = stood > 0 ? ledger.living() / stood : 0;
    balance.regrowth_tc_ha =
        share * (last_of(facts.stand, grown_years + years_after) - last_of(facts.stand, grown_years));
  }
  balance.cover_tc_ha = facts.cover_tc_ha;
  const double regrown = balance.regrowth_tc_ha + balance.cover_tc_ha;
  if (events.new_stand) {
    ledger.grow(regrown, facts.cover_above);
  } else {
    ledger.grow_on(regrown, facts.cover_above);
  }

  if (events.conversion != nullptr) {
    way.step = {};
    if (facts.dead_target.total_tc_ha() > 0) {
      way.step.dead_wood_tc_ha = facts.dead_target.dead_wood_tc_ha -
                                 ledger.lasting(Pool::dead_wood, &Inflow::dead_wood_tc_ha, facts.dead_wood_left, way);
      way.step.litter_tc_ha =
          facts.dead_target.litter_tc_ha - ledger.lasting(Pool::litter, &Inflow::litter_tc_ha, facts.litter_left, way);
    }
    way.soil_known = !std::isnan(facts.soil_after_tc_ha);
    way.step.soil_tc_ha = way.soil_known ? facts.soil_after_tc_ha - balance.at_change.soil_tc_ha : 0;
    way.step_years = 0;
  }
  ledger.pass(years_after + 1, facts, way);
  return balance;
}

}  // namespace sink
