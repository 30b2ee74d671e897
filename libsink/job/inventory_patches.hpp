// SPDX-License-Identifier: Apache-2.0
// The table [patches] of an inventory.
#pragma once

#include <optional>
#include <string>

#include "job/patch_options.hpp"
#include "job/toml_table.hpp"

namespace sink {

/// Nothing where the inventory has no such table. Throws Error::input.
std::optional<PatchOptions> read_patches(const TomlTable& top, const std::string& file);

}  // namespace sink
