// SPDX-License-Identifier: Apache-2.0
// Changes counted by zone: what `sinkcalc run` and `sinkchange` have in common. Both hand over columns of classes.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "account/change_cells.hpp"
#include "job/zone_set.hpp"

namespace sink {

/// One zone set in a window, as `ZoneSet::spans` and `cover` give it.
struct WindowZones {
  const std::vector<Span>&zones, &inside;
  bool overlap = false, whole_grid = false;
};

/// Counts a window for every zone of a set and for its total (`ZoneSet::once`), which has a pixel once however many
/// zones share it. `intervals`: a window's columns for each interval. Where no two zones share a pixel the zones go to
/// `apart` and no total is counted: `join_apart` makes it, once for as many windows as one likes.
void count_zones(const Window& window, const WindowZones& zones, const std::vector<ChangeColumns>& intervals,
                 ChangeCells& apart, ChangeCells& cells);
/// Adds the zones of `apart` to `cells`, and their sum to the total.
void join_apart(const ChangeCells& apart, ChangeCells& cells);

/// The cells by zone, in order of interval and classes, unknown last.
using CellsByZone = std::map<std::int32_t, std::vector<std::pair<ChangeKey, ChangeCell>>>;
CellsByZone cells_by_zone(const ChangeCells& cells);

/// The zones of a set in order, those of a class raster as found; the total (`ZoneSet::once`) last.
std::vector<std::int32_t> zones_of(const ZoneSet& set, const CellsByZone& cells);

}  // namespace sink
