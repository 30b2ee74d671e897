// SPDX-License-Identifier: Apache-2.0
// BalanceAccount: stock difference, gain-loss and the provincial method side by side, and what moved between the pools:
// balance.csv and pools.csv.
#pragma once

#include <memory>

#include "job/balance_layout.hpp"
#include "job/balance_rules.hpp"
#include "job/side_account.hpp"

namespace sink {

/// Throws what BalanceRules throws. `setup` must outlive it.
std::unique_ptr<const SideAccount> balance_account(const RunSetup& setup);

struct BalanceContext {
  const RunSetup& setup;
  const BalanceRules& rules;
  const BalanceLayout& layout;
};
/// One row per zone, method, period and approach; the closure is stock difference minus gain-loss over the same pixels.
Table balance_table(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones);
/// One row per zone, method, period and pool.
Table pool_table(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones);
/// closing = opening + gained + received - given - emitted of a pool, and all pools together.
std::vector<Closure> balance_closures(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones);

}  // namespace sink
