// SPDX-License-Identifier: Apache-2.0
#include "job/run_changes.hpp"

#include "account/change_carbon.hpp"
#include "core/quantity.hpp"
#include "job/carbon_tables.hpp"
#include "job/change_count.hpp"
#include "job/change_tables.hpp"
#include "job/class_carbon.hpp"
#include "job/class_labels.hpp"
#include "job/row_builder.hpp"

namespace sink {
namespace {

Table empty_matrix_table() {
  Table table = transition_table();
  table.add_column("emission_tco2");
  add_carbon_columns(table);
  return table;
}

/// Dead matter and soil by class, where the account has these pools: by the table of a lookup. The living biomass is
/// that of the pixels, so the classes need none here.
std::vector<ClassCarbon> pools_by_class(const RunSetup& setup) {
  std::vector<ClassCarbon> classes(setup.change->legend().size());
  const AccountFeatures& has = setup.methods.front().features;
  if (!setup.pools || !setup.change->from_landcover() || (!has.dead && !has.soil)) return classes;
  const auto held = carbon_by_pools(setup.change->legend(), *setup.pools);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (has.dead) classes[k].dead = held[k].dead;
    if (has.soil) classes[k].soil = held[k].soil;
  }
  return classes;
}

}  // namespace

Table run_matrix_table(const RunSetup& setup, const std::vector<ChangeCells>& changes) {
  Table table = empty_matrix_table();
  const auto classes = pools_by_class(setup);
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    const ZoneSet& zones = setup.zone_sets[set];
    const CellsByZone by_zone = cells_by_zone(changes[set]);
    for (const std::int32_t zone : zones_of(zones, by_zone)) {
      const auto own = by_zone.find(zone);
      if (own == by_zone.end()) continue;
      for (const auto& [key, cell] : own->second) {
        const ClassLabel from = label_of(setup.change->legend(), key.from),
                         to = label_of(setup.change->legend(), key.to);
        RowBuilder row(table);
        row.set("zone_set", zones.source().set).set("zone_id", zone == ZoneSet::once ? "total" : zones.zone(zone).id);
        row.set("year_from", std::int64_t{setup.dates[key.interval].year});
        row.set("year_to", std::int64_t{setup.dates[key.interval + 1].year});
        row.set("from_code", from.code).set("from_name", from.name).set("to_code", to.code).set("to_name", to.name);
        row.set("pixels", cell.all.pixels).set("area_ha", cell.all.area_ha.value());
        const TransitionCarbon carbon = transition_carbon(key.from, key.to, cell, classes);
        set_carbon(carbon, row);
        // Living biomass alone.
        row.set("emission_tco2", 0 - to_co2(CarbonMass(carbon.in_year.living)).value());
        table.rows.push_back(row.take());
      }
    }
  }
  return table;
}

std::vector<ChangeCategory> run_change_categories(const RunSetup& setup, const std::vector<std::uint8_t>& codes_seen) {
  const auto labels = labels_of(setup.change->legend());
  return change_categories(labels, labels, codes_seen);
}

}  // namespace sink
