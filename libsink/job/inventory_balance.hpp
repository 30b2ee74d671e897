// SPDX-License-Identifier: Apache-2.0
// The section [balance] of an inventory.
#pragma once

#include <optional>
#include <string>

#include "job/balance_options.hpp"
#include "job/toml_table.hpp"

namespace sink {

/// Throws Error::input for an unknown key or value.
std::optional<BalanceOptions> read_balance(const TomlTable& top, const std::string& file);

}  // namespace sink
