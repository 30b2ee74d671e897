// SPDX-License-Identifier: Apache-2.0
// For messages about a misspelt name: which of the known ones is nearest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sink {

/// The known name with the fewest edits from `word` (a swap of neighbours is one edit, and so is leaving the rest of a
/// name away; case and the choice of '-' or '_' count for nothing); the first of equals; blank when none are known.
std::string nearest_name(std::string_view word, const std::vector<std::string>& known);

}  // namespace sink
