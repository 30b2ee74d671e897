// SPDX-License-Identifier: Apache-2.0
// A disturbance done to a stock, for tests.
#pragma once

#include "core/disturbance.hpp"

namespace sink::tests {

struct LeftTheLand {
  double products_tc_ha = 0, atmosphere_tc_ha = 0;
  [[nodiscard]] double total_tc_ha() const { return products_tc_ha + atmosphere_tc_ha; }
};

/// Changes `stock`; returns what left the land [t C/ha].
inline LeftTheLand disturb(const DisturbanceMatrix& matrix, PoolStock& stock) {
  const PoolMoves moves = matrix.moves(stock);
  stock = {moves.into(Pool::above), moves.into(Pool::below), moves.into(Pool::dead_wood), moves.into(Pool::litter),
           moves.into(Pool::soil)};
  return {moves.into(Pool::products), moves.into(Pool::atmosphere)};
}

}  // namespace sink::tests
