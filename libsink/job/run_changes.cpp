// SPDX-License-Identifier: Apache-2.0
#include "job/run_changes.hpp"

#include <algorithm>

#include "account/land_conversion.hpp"
#include "core/quantity.hpp"
#include "job/change_tables.hpp"
#include "job/row_builder.hpp"
#include "report/category_files.hpp"

namespace sink {
namespace {

Table empty_matrix_table() {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id"}) table.add_column(name, text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const auto* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  table.add_column("pixels", integer);
  table.add_column("area_ha");
  table.add_column("pixels_with_carbon", integer);
  for (const auto* name : {"carbon_before_t", "carbon_after_t", "carbon_change_t", "emission_tco2"}) {
    table.add_column(name);
  }
  return table;
}

/// The carbon of a transition: all that living biomass loses is counted in the year of the change (equation 2.16), and
/// soil is left as it was (interface.md, Non-forest is not nodata).
void set_carbon(RowBuilder& row, const ChangeCell& cell) {
  if (cell.pixels_with_carbon == 0) return;
  const double before = cell.carbon_before_t.value(), after = cell.carbon_after_t.value();
  const double change = conversion_change({1, before, after, 0, 0, 0}, 1).total_tc();
  row.set("pixels_with_carbon", cell.pixels_with_carbon).set("carbon_before_t", before).set("carbon_after_t", after);
  row.set("carbon_change_t", change).set("emission_tco2", -to_co2(CarbonMass(change)).value());
}

/// The cells of one zone in order of interval and classes, unknown last.
std::vector<std::pair<ChangeKey, ChangeCell>> cells_of(const ChangeCells& changes, std::int32_t zone) {
  std::vector<std::pair<ChangeKey, ChangeCell>> cells;
  for (const auto& [key, cell] : changes.cells()) {
    if (key.zone == zone) cells.emplace_back(key, cell);
  }
  std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return cells;
}

std::vector<std::int32_t> zones_of(const ZoneSet& set, const ChangeCells& changes) {
  std::vector<std::int32_t> zones = set.known_zones();
  if (set.from_raster()) {
    for (const auto& [key, cell] : changes.cells()) {
      if (key.zone >= 0) zones.push_back(key.zone);
    }
    std::sort(zones.begin(), zones.end());
    zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  }
  zones.push_back(ZoneSet::once);
  return zones;
}

}  // namespace

Table run_matrix_table(const RunSetup& setup, const std::vector<ChangeCells>& changes) {
  Table table = empty_matrix_table();
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    const ZoneSet& zones = setup.zone_sets[set];
    for (const std::int32_t zone : zones_of(zones, changes[set])) {
      for (const auto& [key, cell] : cells_of(changes[set], zone)) {
        const ClassLabel from = label_of(setup.change->legend(), key.from),
                         to = label_of(setup.change->legend(), key.to);
        RowBuilder row(table);
        row.set("zone_set", zones.source().set).set("zone_id", zone == ZoneSet::once ? "total" : zones.zone(zone).id);
        row.set("year_from", std::int64_t{setup.dates[key.interval].year});
        row.set("year_to", std::int64_t{setup.dates[key.interval + 1].year});
        row.set("from_code", from.code).set("from_name", from.name).set("to_code", to.code).set("to_name", to.name);
        row.set("pixels", cell.pixels).set("area_ha", cell.area_ha.value());
        set_carbon(row, cell);
        table.rows.push_back(row.take());
      }
    }
  }
  return table;
}

std::vector<ResultFile> write_change_categories(const RunSetup& setup, std::size_t period,
                                                const std::vector<std::uint8_t>& codes_seen,
                                                const OutputDirectory& directory) {
  const auto labels = labels_of(setup.change->legend());
  const auto categories = change_categories(labels, labels, codes_seen);
  const std::string name =
      "change_" + std::to_string(setup.dates[period].year) + "_" + std::to_string(setup.dates[period + 1].year);
  directory.write_text(name + ".tif.aux.xml", category_aux_xml(categories));
  directory.write_text(name + ".qml", category_qml(categories));
  return {{name + ".tif.aux.xml", "names of its codes"}, {name + ".qml", "its style for QGIS"}};
}

}  // namespace sink
