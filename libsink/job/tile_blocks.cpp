// SPDX-License-Identifier: Apache-2.0
#include "job/tile_blocks.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace sink {

std::vector<Window> blocks_of(const Grid& grid, BlockShape block) {
  std::vector<Window> blocks;
  for (std::int64_t row = 0; row < grid.rows; row += block.rows) {
    for (std::int64_t column = 0; column < grid.columns; column += block.columns) {
      blocks.push_back(
          {column, row, std::min(block.columns, grid.columns - column), std::min(block.rows, grid.rows - row)});
    }
  }
  return blocks;
}

std::vector<Window> joined_blocks(const std::vector<Window>& blocks) {
  std::vector<Window> stretches;
  for (const Window& block : blocks) {
    if (!stretches.empty()) {
      Window& last = stretches.back();
      if (last.row == block.row && last.column + last.columns == block.column) {
        last.columns += block.columns;
        continue;
      }
    }
    stretches.push_back(block);
  }
  std::vector<Window> joined;
  for (const Window& stretch : stretches) {
    const auto above = std::find_if(joined.begin(), joined.end(), [&](const Window& w) {
      return w.column == stretch.column && w.columns == stretch.columns && w.row + w.rows == stretch.row;
    });
    if (above != joined.end()) {
      above->rows += stretch.rows;
    } else {
      joined.push_back(stretch);
    }
  }
  return joined;
}

std::vector<PlannedTile> square_tiles(const Grid& grid, BlockShape block, std::int64_t side) {
  if (side % block.columns != 0 || side % block.rows != 0) {
    const std::int64_t step = std::lcm(block.columns, block.rows);
    throw usage_error("--tile " + std::to_string(side) + ": the blocks of the outputs have " +
                      std::to_string(block.columns) + " x " + std::to_string(block.rows) +
                      " pixels: give a multiple, such as " + std::to_string((side / step + 1) * step));
  }
  std::vector<PlannedTile> tiles;
  for (const Window& square : blocks_of(grid, {side, side})) {
    tiles.emplace_back();
    tiles.back().windows = {square};
  }
  return tiles;
}

std::vector<PlannedTile> zone_tiles(const RunSetup& setup, std::size_t set, BlockShape block,
                                    const std::function<void()>& check_going) {
  const ZoneSet& zones = setup.zone_sets[set];
  ZoneSet::Reader reader = zones.reader();
  std::map<std::int32_t, std::vector<Window>> by_zone;
  std::vector<Window> rest;
  std::vector<Span> spans;
  for (const Window& window : blocks_of(setup.grid, block)) {
    check_going();
    zones.spans(reader, window, spans);
    std::map<std::int32_t, std::int64_t> pixels;
    for (const Span& span : spans) pixels[span.zone] += span.end - span.begin;
    const auto most = std::max_element(pixels.begin(), pixels.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    (most == pixels.end() ? rest : by_zone[most->first]).push_back(window);
  }
  std::vector<PlannedTile> tiles;
  const auto add = [&](const std::vector<Window>& blocks, const std::string& zone) {
    tiles.emplace_back();
    tiles.back().windows = joined_blocks(blocks);
    tiles.back().zone = zone;
  };
  for (const auto& [zone, blocks] : by_zone) add(blocks, zones.zone(zone).id);
  if (!rest.empty()) add(rest, "");
  return tiles;
}

void find_zones(const RunSetup& setup, std::vector<PlannedTile>& tiles, const std::function<void()>& check_going) {
  constexpr std::int64_t strip = 512;  // rows read at once
  for (const ZoneSet& zones : setup.zone_sets) {
    if (zones.whole_grid()) continue;
    ZoneSet::Reader reader = zones.reader();
    std::vector<Span> spans;
    for (PlannedTile& tile : tiles) {
      std::set<std::int32_t> found;
      for (const Window& window : tile.windows) {
        for (std::int64_t row = 0; row < window.rows; row += strip) {
          check_going();
          const Window part{window.column, window.row + row, window.columns, std::min(strip, window.rows - row)};
          zones.spans(reader, part, spans);
          for (const Span& span : spans) found.insert(span.zone);
        }
      }
      for (const std::int32_t zone : found) tile.zones[zones.source().set].push_back(zones.zone(zone).id);
    }
  }
}

}  // namespace sink
