// SPDX-License-Identifier: Apache-2.0
#include "job/carbon_rows.hpp"

#include <cmath>

namespace sink {
namespace {

/// Adds an estimate whose covariance with the others is not known: the sum has no se.
void add(Estimate& sum, const Estimate& more) {
  if (std::isnan(more.value)) return;
  sum = {std::isnan(sum.value) ? more.value : sum.value + more.value, no_value};
}

/// A change of the mapped figure in proportion: a zone has no sample of its own.
Estimate scaled(const Estimate& mapped, double ratio) {
  return {mapped.value * ratio, no_value};
}

}  // namespace

/// One zone's cells of one interval, those that only the reference has with an area of 0.
struct CarbonRows::Cells {
  std::map<std::pair<ClassIndex, ClassIndex>, ChangeCell> by_classes;
};

CarbonRows::CarbonRows(const ChangeSetup& setup) : setup_(setup) {
  const auto classes = static_cast<std::uint32_t>(setup.classes());
  for (const auto& file : setup.carbon.inputs().accuracies) {
    areas_.push_back(read_adjusted_areas(file, classes * classes));
  }
}

void CarbonRows::demand_same_maps(const ChangeSums& sums) const {
  for (std::size_t t = 0; t < areas_.size(); ++t) {
    std::map<std::uint32_t, double> mapped_ha;
    for (const auto& [key, cell] : sums.map.cells()) {
      if (key.interval != t || key.from == no_class || key.to == no_class) continue;
      mapped_ha[setup_.code(key.from, key.to)] = cell.all.area_ha.value();
    }
    demand_same_map(areas_[t], mapped_ha, "change " + setup_.year(t) + "-" + setup_.year(t + 1));
  }
}

bool CarbonRows::covers_map(const ChangeSums& sums, const CellsByZone& cells, std::size_t interval) const {
  const auto total = cells.find(ZoneSet::once);
  if (total == cells.end()) return false;
  PixelArea known, mapped;
  const auto count = [&](const ChangeKey& key, const ChangeCell& cell, PixelArea& sum) {
    if (key.interval == interval && key.from != no_class && key.to != no_class) sum += cell.all;
  };
  for (const auto& [key, cell] : total->second) count(key, cell, known);
  for (const auto& [key, cell] : sums.map.cells()) count(key, cell, mapped);
  return known == mapped;
}

void CarbonRows::add_reference_only(std::size_t interval, Cells& cells) const {
  const auto classes = static_cast<std::uint32_t>(setup_.classes());
  for (const auto& [code, row] : areas_[interval].codes) {
    if (row.mapped_ha > 0) continue;
    const auto from = static_cast<ClassIndex>((code - 1) / classes), to = static_cast<ClassIndex>((code - 1) % classes);
    cells.by_classes[{from, to}];
  }
}

void CarbonRows::adjust(CarbonRow& row, bool covers_map) const {
  if (areas_.empty() || row.from == no_class || row.to == no_class) return;
  const AdjustedAreas& areas = areas_[row.interval];
  const auto found = areas.codes.find(setup_.code(row.from, row.to));
  if (found == areas.codes.end()) return;
  const Estimate& area_ha = found->second.area_ha;
  const double own_ha = row.carbon.all.area_ha.value();
  AdjustedCarbon& adjusted = row.adjusted.emplace();
  adjusted.z = areas.z;
  if (row.total && covers_map) {
    adjusted.area_ha = area_ha;
    const bool on_map = own_ha > 0;
    const Emissions emissions =
        on_map ? row.emissions : emissions_of(setup_.carbon.per_hectare(row.from, row.to), setup_.carbon.classes());
    const double mapped_ha = on_map ? own_ha : 1;
    if (std::isnan(emissions.committed.value)) return;
    adjusted.in_year = emission_on(area_ha, emissions.in_year, mapped_ha);
    adjusted.committed = emission_on(area_ha, emissions.committed, mapped_ha);
    return;
  }
  if (found->second.mapped_ha <= 0) return;
  const double ratio = area_ha.value / found->second.mapped_ha;
  adjusted.area_ha = {own_ha * ratio, no_value};
  adjusted.in_year = scaled(row.emissions.in_year, ratio);
  adjusted.committed = scaled(row.emissions.committed, ratio);
}

void CarbonRows::for_each(const ChangeSums& sums, const std::function<void(const CarbonRow&)>& use) const {
  const ChangeCarbon& source = setup_.carbon;
  for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
    const CellsByZone by_zone = cells_by_zone(sums.cells[set]);
    for (const std::int32_t zone : zones_of(setup_.zones[set], by_zone)) {
      const bool total = zone == ZoneSet::once;
      std::vector<Cells> intervals(setup_.intervals());
      const auto own = by_zone.find(zone);
      if (own != by_zone.end()) {
        for (const auto& [key, cell] : own->second) intervals[key.interval].by_classes[{key.from, key.to}] = cell;
      }
      for (std::size_t t = 0; t < intervals.size(); ++t) {
        const bool covers = total && !areas_.empty() && covers_map(sums, by_zone, t);
        if (covers) add_reference_only(t, intervals[t]);
        const Zone named = total ? Zone{"total", ""} : setup_.zones[set].zone(zone);
        CarbonRow all{set, t, named, total, true, no_class, no_class, {}, {}, {}};
        for (const auto& [classes, cell] : intervals[t].by_classes) {
          const auto [from, to] = classes;
          CarbonRow row{set, t, named, total, false, from, to, source.of(from, to, cell), {}, {}};
          row.emissions = emissions_of(row.carbon, source.classes());
          adjust(row, covers);
          use(row);
          if (!row.changed()) continue;
          all.carbon += row.carbon;
          if (!row.adjusted) continue;
          if (!all.adjusted) all.adjusted.emplace();
          add(all.adjusted->area_ha, row.adjusted->area_ha);
          add(all.adjusted->in_year, row.adjusted->in_year);
          add(all.adjusted->committed, row.adjusted->committed);
        }
        all.emissions = emissions_of(all.carbon, source.classes());
        use(all);
      }
    }
  }
}

}  // namespace sink
