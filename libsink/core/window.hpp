// SPDX-License-Identifier: Apache-2.0
// What two windows of one grid have in common.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/grid.hpp"

namespace sink {

/// The pixels that both have; of no columns or no rows where there are none.
inline Window common_part(const Window& a, const Window& b) noexcept {
  const std::int64_t column = std::max(a.column, b.column), row = std::max(a.row, b.row);
  return {column, row, std::max<std::int64_t>(0, std::min(a.column + a.columns, b.column + b.columns) - column),
          std::max<std::int64_t>(0, std::min(a.row + a.rows, b.row + b.rows) - row)};
}

}  // namespace sink
