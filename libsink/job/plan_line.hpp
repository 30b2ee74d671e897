// SPDX-License-Identifier: Apache-2.0
// A tile's line of a plan, without a JSON library: a plan may have ten thousand of them, and every process of a tile
// reads all, to know that none was changed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/grid.hpp"

namespace sink {

/// JSON, as in the line: [[column,row,columns,rows],…].
std::string windows_text(const std::vector<Window>& windows);

struct PlanLine {
  std::size_t index = 0;
  std::vector<Window> windows;
};
/// What a line says that begins {"index":N, …, "windows":[[…]] and ends as a JSON object does; absent for any other.
/// The rest, which is for people and schedulers, is not looked at.
std::optional<PlanLine> read_plan_line(std::string_view line);

}  // namespace sink
