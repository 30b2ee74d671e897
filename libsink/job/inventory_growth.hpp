// SPDX-License-Identifier: Apache-2.0
// [growth] and [projection] of an inventory file.
#pragma once

#include <optional>
#include <string>

#include "job/growth_options.hpp"
#include "job/toml_table.hpp"

namespace sink {

/// The options of [growth], or nothing where the inventory has no such table. Throws Error::input.
std::optional<GrowthOptions> read_growth(const TomlTable& top, const std::string& file);

/// The options of [projection], or nothing. Throws Error::input, also where there is no [growth].
std::optional<ProjectionOptions> read_projection(const TomlTable& top, const std::string& file);

}  // namespace sink
