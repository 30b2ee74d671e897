// SPDX-License-Identifier: Apache-2.0
// Which tile of a plan each block of the outputs goes to.
#pragma once

#include <functional>
#include <vector>

#include "job/tile_plan.hpp"

namespace sink {

/// The blocks of a grid, row by row, cut at its right and lower edge.
std::vector<Window> blocks_of(const Grid& grid, BlockShape block);

/// Blocks as few rectangles: neighbours in a row are joined, then equal stretches of rows below each other. `blocks` in
/// the order of `blocks_of`.
std::vector<Window> joined_blocks(const std::vector<Window>& blocks);

/// Squares of `side` pixels, row by row. Throws Error::usage where `side` is no multiple of the block's.
std::vector<PlannedTile> square_tiles(const Grid& grid, BlockShape block, std::int64_t side);

/// A tile for every zone of a set that has most of the pixels of some block (of equals the first), in order of zones;
/// last one of the blocks outside all zones, where there are any. `check_going` is called now and then and may throw.
std::vector<PlannedTile> zone_tiles(const RunSetup& setup, std::size_t set, BlockShape block,
                                    const std::function<void()>& check_going);

/// Fills PlannedTile::zones.
void find_zones(const RunSetup& setup, std::vector<PlannedTile>& tiles, const std::function<void()>& check_going);

}  // namespace sink
