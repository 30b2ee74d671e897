// SPDX-License-Identifier: Apache-2.0
// Cuts a grid into windows that respect the files' blocks and a memory budget.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/grid.hpp"

namespace sink {

struct BlockShape {
  std::int64_t columns = 0, rows = 0;
};

struct BlockPlan {
  BlockShape window;
  std::vector<Window> windows;  ///< strips from the top; tiles along a Z-order, which keeps neighbours together
};

/// Place along the Z-order (Morton 1966): the bits of column and row in turn. Any 2^k x 2^k tiles that one tile of the
/// k-th overview covers come one after the other.
inline std::uint64_t z_order(std::uint64_t column, std::uint64_t row) noexcept {
  std::uint64_t place = 0;
  for (unsigned bit = 0; bit < 32; ++bit) {
    place |= (column >> bit & 1U) << (2 * bit) | (row >> bit & 1U) << (2 * bit + 1);
  }
  return place;
}

/// Windows over `grid`. `tile` is the block shape of the inputs (a strip is as wide as the grid); at most
/// `pixels_at_once` pixels a window. Tiled inputs give windows of whole tiles; striped ones full-width strips of whole
/// file strips, and where even one strip is too large the width is cut too.
inline BlockPlan plan_blocks(const Grid& grid, BlockShape tile, std::int64_t pixels_at_once,
                             std::int64_t forced_rows = 0) {
  BlockShape shape;
  bool tiled = false;
  shape.rows = std::min(tile.rows, grid.rows);
  shape.columns = std::min(tile.columns, grid.columns);
  if (forced_rows > 0) {
    shape = {grid.columns, std::min(forced_rows, grid.rows)};
  } else if (shape.columns == grid.columns) {
    const std::int64_t strips = std::max<std::int64_t>(1, pixels_at_once / (shape.columns * shape.rows));
    shape.rows = std::min(grid.rows, shape.rows * strips);
    if (shape.columns * shape.rows > pixels_at_once) {
      shape.columns = std::max<std::int64_t>(512, pixels_at_once / shape.rows / 512 * 512);
      shape.rows =
          std::max<std::int64_t>(1, std::min(shape.rows, pixels_at_once / std::min(shape.columns, grid.columns)));
    }
  } else {
    tiled = true;
    while (shape.columns * shape.rows * 4 <= pixels_at_once) {
      shape.columns *= 2;
      shape.rows *= 2;
    }
  }
  shape.columns = std::min(shape.columns, grid.columns);
  BlockPlan plan{shape, {}};
  for (std::int64_t row = 0; row < grid.rows; row += shape.rows) {
    for (std::int64_t column = 0; column < grid.columns; column += shape.columns) {
      plan.windows.push_back(
          {column, row, std::min(shape.columns, grid.columns - column), std::min(shape.rows, grid.rows - row)});
    }
  }
  if (tiled) {
    std::sort(plan.windows.begin(), plan.windows.end(), [&](const Window& a, const Window& b) {
      const auto place = [&](const Window& w) {
        return z_order(static_cast<std::uint64_t>(w.column / shape.columns),
                       static_cast<std::uint64_t>(w.row / shape.rows));
      };
      return place(a) < place(b);
    });
  }
  return plan;
}

}  // namespace sink
