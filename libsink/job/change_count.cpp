// SPDX-License-Identifier: Apache-2.0
#include "job/change_count.hpp"

#include <algorithm>

namespace sink {

void count_zones(const Window& window, const WindowZones& zones, const std::vector<ChangeColumns>& intervals,
                 ChangeCells& apart, ChangeCells& cells) {
  const auto add = [&](const std::vector<Span>& spans, ChangeCells& to) {
    for (const Span& span : spans) {
      const auto first =
          static_cast<std::size_t>((span.row - window.row) * window.columns + span.begin - window.column);
      const std::size_t last = first + static_cast<std::size_t>(span.end - span.begin);
      for (std::uint32_t t = 0; t < intervals.size(); ++t) to.add(span.zone, t, intervals[t], first, last);
    }
  };
  if (zones.overlap || zones.whole_grid) add(zones.inside, cells);
  if (!zones.whole_grid) add(zones.zones, zones.overlap ? cells : apart);
}

void join_apart(const ChangeCells& apart, ChangeCells& cells) {
  cells += apart;
  cells.add_all_as(ZoneSet::once, apart);
}

CellsByZone cells_by_zone(const ChangeCells& cells) {
  CellsByZone zones;
  for (const auto& [key, cell] : cells.cells()) zones[key.zone].emplace_back(key, cell);
  for (auto& [zone, list] : zones) {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return zones;
}

std::vector<std::int32_t> zones_of(const ZoneSet& set, const CellsByZone& cells) {
  std::vector<std::int32_t> zones = set.known_zones();
  if (set.from_raster()) {
    for (const auto& [zone, list] : cells) {
      if (zone >= 0) zones.push_back(zone);
    }
  }
  zones.push_back(ZoneSet::once);
  return zones;
}

}  // namespace sink
