// SPDX-License-Identifier: Apache-2.0
// The table [attribution] of an inventory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "job/job.hpp"
#include "job/toml_table.hpp"

namespace sink {

/// Nothing where the inventory has no such table. Throws Error::input, also for a fire or harvest that none of the
/// `disturbances` is called.
std::optional<AttributionOptions> read_attribution(const TomlTable& top, const std::string& file,
                                                   const std::vector<DisturbanceInput>& disturbances);

}  // namespace sink
