// SPDX-License-Identifier: Apache-2.0
#include "method/period_balance.hpp"

#include <algorithm>

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
  explicit Ledger(const PoolStock& opening) noexcept {
    const auto stocks = by_pool(opening);
    for (std::size_t p = 0; p < land_pool_count; ++p) balance.pools[p].opening = balance.pools[p].closing = stocks[p];
  }
  PoolFlows& at(Pool pool) noexcept { return balance.pools[static_cast<std::size_t>(pool)]; }
  [[nodiscard]] double living() noexcept { return at(Pool::above).closing + at(Pool::below).closing; }

  void gain(Pool pool, double tc_ha) noexcept {
    // A curve that falls, or soil that loses: the air gets it.
    (tc_ha < 0 ? at(pool).emitted : at(pool).gained) += tc_ha < 0 ? -tc_ha : tc_ha;
    at(pool).closing += tc_ha;
  }
  /// Living biomass grows as it stands above and below ground, `above` of it above where nothing stands.
  void grow(double tc_ha, double above) noexcept {
    const double stands = living();
    const double share = stands > 0 ? at(Pool::above).closing / stands : above;
    gain(Pool::above, tc_ha * share);
    gain(Pool::below, tc_ha * (1 - share));
  }
  /// What a change brought into a pool, as far as it is still there, goes to the air over the years after it.
  void decay(Pool pool, std::span<const double> left, int years) noexcept {
    if (left.empty()) return;
    PoolFlows& flows = at(pool);
    const double gone = std::min(flows.received, flows.closing) * (1 - left[static_cast<std::size_t>(years)]);
    flows.emitted += gone;
    flows.closing -= gone;
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
};

double last_of(CarbonByYear carbon, int year) noexcept {
  return carbon[static_cast<std::size_t>(year)];
}

}  // namespace

PeriodBalance period_balance(const PeriodFacts& facts, const PeriodEvents& events) noexcept {
  Ledger ledger(facts.opening);
  PeriodBalance& balance = ledger.balance;
  const bool changed = events.disturbance != nullptr || events.conversion != nullptr || events.new_stand;
  const int grown_years = changed ? events.change_year - 1 : events.years;
  if (!facts.stand.empty()) {
    balance.growth_tc_ha = last_of(facts.stand, grown_years) - facts.stand.front();
    ledger.grow(balance.growth_tc_ha, facts.cover_above);
  }
  if (!changed) return balance;

  balance.at_change = stock_of(balance.pools);
  const double stood = ledger.living();
  if (events.disturbance != nullptr) balance.disturbed_tc_ha = ledger.disturb(*events.disturbance);
  if (events.conversion != nullptr) balance.converted_tc_ha = ledger.disturb(*events.conversion);

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
  ledger.grow(balance.regrowth_tc_ha + balance.cover_tc_ha, facts.cover_above);

  if (events.conversion != nullptr) {
    const double share = static_cast<double>(std::min(years_after + 1, transition_years)) / transition_years;
    ledger.gain(Pool::dead_wood, facts.dead_target.dead_wood_tc_ha * share);
    ledger.gain(Pool::litter, facts.dead_target.litter_tc_ha * share);
    ledger.gain(Pool::soil, (facts.soil_after_tc_ha - facts.opening.soil_tc_ha) * share);
  }
  ledger.decay(Pool::products, facts.products_left, years_after);
  ledger.decay(Pool::dead_wood, facts.dead_wood_left, years_after);
  ledger.decay(Pool::litter, facts.litter_left, years_after);
  return balance;
}

}  // namespace sink
