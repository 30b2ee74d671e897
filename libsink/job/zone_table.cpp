// SPDX-License-Identifier: Apache-2.0
#include "job/zone_table.hpp"

#include <algorithm>

#include "job/row_builder.hpp"
#include "job/run_record.hpp"

namespace sink {
namespace {

Table empty_zone_table(const RunSetup& setup) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "zone_name", "method"}) table.add_column(name, text);
  for (const auto* name : {"year", "year_from", "year_to"}) table.add_column(name, integer);
  for (const auto* name : {"area_ha",
                           "forest_area_ha",
                           "unmodelled_area_ha",
                           "rate_area_ha",
                           "volume_m3",
                           "agb_t",
                           "bgb_t",
                           "biomass_t",
                           "carbon_t",
                           "co2_t",
                           "sink_tco2_yr",
                           "sink_tco2_ha_yr",
                           "rate_coverage",
                           "stable_area_ha",
                           "gain_area_ha",
                           "loss_area_ha",
                           "sink_stable_tco2_yr",
                           "sink_gain_tco2_yr",
                           "sink_loss_tco2_yr",
                           "volume_change_m3_yr",
                           "forest_area_change_ha_yr",
                           "baseline_tco2_ha_yr",
                           "gap_tco2_ha_yr",
                           "gap_tco2_yr"}) {
    table.add_column(name);
  }
  table.add_column("status", text);
  table.add_column("share_of_emissions");
  for (const auto& reference : setup.job.references) table.add_column("gap_" + reference.name + "_tco2_ha_yr");
  bool dead = false, soil = false, all_land = false;
  for (const auto& method : setup.methods) {
    dead = dead || method.features.dead;
    soil = soil || method.features.soil;
    all_land = all_land || method.features.all_land;
  }
  if (dead) table.add_column("dead_carbon_t");
  if (soil) table.add_column("soil_carbon_t");
  if (dead) table.add_column("sink_dead_tco2_yr");
  if (dead || soil) table.add_column("all_pools_carbon_t");
  if (all_land) table.add_column("sink_all_land_tco2_yr");
  for (const auto* name :
       {"carbon_above_t", "carbon_below_t", "sink_above_tco2_yr", "sink_below_tco2_yr", "harvest_area_ha"}) {
    table.add_column(name);
  }
  table.add_column("pixels", integer);
  table.add_column("benchmark_note", text);
  return table;
}

bool has_column(const Table& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == name; });
}

void set_stock(RowBuilder& row, const Table& table, const StockResult& r) {
  row.set("area_ha", r.area_ha).set("forest_area_ha", r.forest_area_ha).set("unmodelled_area_ha", r.unmodelled_area_ha);
  row.set("volume_m3", r.volume_m3).set("agb_t", r.agb_t).set("bgb_t", r.bgb_t).set("biomass_t", r.biomass_t);
  row.set("carbon_t", r.carbon_t).set("co2_t", r.co2_t);
  row.set("carbon_above_t", r.carbon_above_t).set("carbon_below_t", r.carbon_below_t);
  if (has_column(table, "dead_carbon_t")) row.set("dead_carbon_t", r.dead_carbon_t);
  if (has_column(table, "soil_carbon_t")) row.set("soil_carbon_t", r.soil_carbon_t);
  if (has_column(table, "all_pools_carbon_t")) row.set("all_pools_carbon_t", r.all_pools_carbon_t);
}

void set_sink(RowBuilder& row, const Table& table, const SinkResult& r) {
  row.set("area_ha", r.area_ha).set("forest_area_ha", r.forest_area_ha).set("unmodelled_area_ha", r.unmodelled_area_ha);
  row.set("rate_area_ha", r.rate_area_ha).set("sink_tco2_yr", r.sink_tco2_yr).set("sink_tco2_ha_yr", r.sink_tco2_ha_yr);
  row.set("rate_coverage", r.rate_coverage).set("stable_area_ha", r.stable_area_ha);
  row.set("gain_area_ha", r.gain_area_ha).set("loss_area_ha", r.loss_area_ha);
  row.set("sink_stable_tco2_yr", r.sink_stable_tco2_yr).set("sink_gain_tco2_yr", r.sink_gain_tco2_yr);
  row.set("sink_loss_tco2_yr", r.sink_loss_tco2_yr).set("volume_change_m3_yr", r.volume_change_m3_yr);
  row.set("forest_area_change_ha_yr", r.forest_area_change_ha_yr);
  row.set("sink_above_tco2_yr", r.sink_above_tco2_yr).set("sink_below_tco2_yr", r.sink_below_tco2_yr);
  row.set("harvest_area_ha", r.harvest_area_ha);
  if (has_column(table, "sink_dead_tco2_yr")) row.set("sink_dead_tco2_yr", r.sink_dead_tco2_yr);
  if (has_column(table, "sink_all_land_tco2_yr")) row.set("sink_all_land_tco2_yr", r.sink_all_land_tco2_yr);
}

void set_standing(RowBuilder& row, const RunSetup& setup, const SinkResult& r) {
  if (setup.job.baseline) {
    const double rate = setup.job.baseline->rate_tco2_ha_yr;
    const Standing s = standing(r, rate);
    row.set("baseline_tco2_ha_yr", rate).set("gap_tco2_ha_yr", s.gap_tco2_ha_yr).set("gap_tco2_yr", s.gap_tco2_yr);
    row.set("status", s.status);
  }
  const bool held = setup.job.baseline || !setup.job.references.empty();
  if (held && !not_comparable_because(setup.job).empty()) row.set("benchmark_note", std::string(benchmark_caveat));
  if (setup.job.emissions_co2_t) row.set("share_of_emissions", r.sink_tco2_yr / *setup.job.emissions_co2_t);
  for (const auto& reference : setup.job.references) {
    row.set("gap_" + reference.name + "_tco2_ha_yr", standing(r, reference.rate_tco2_ha_yr).gap_tco2_ha_yr);
  }
}

}  // namespace

std::vector<ZoneEntry> zone_entries(const RunSetup& setup, const RunSums& sums, std::size_t set) {
  const ZoneSet& zones = setup.zone_sets[set];
  std::vector<ZoneEntry> entries;
  if (!zones.whole_grid()) {
    const auto ids = zones.from_raster() ? sums.zones[set].zones() : zones.known_zones();
    for (const std::int32_t id : ids) {
      const Zone zone = zones.zone(id);
      entries.push_back({zone.id, zone.name, sums.zones[set].find(id), sums.zones[set].pixel_count(id), id});
    }
  }
  entries.push_back(
      {"total", "", sums.inside[set].find(ZoneSet::once), sums.inside[set].pixel_count(ZoneSet::once), ZoneSet::once});
  return entries;
}

Table zone_table(const RunSetup& setup, const RunSums& sums) {
  Table table = empty_zone_table(setup);
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    for (const ZoneEntry& zone : zone_entries(setup, sums, set)) {
      for (std::size_t m = 0; m < setup.methods.size(); ++m) {
        const MethodRun& method = setup.methods[m];
        const auto start = [&] {
          RowBuilder row(table);
          row.set("zone_set", setup.zone_sets[set].source().set).set("zone_id", zone.id).set("zone_name", zone.name);
          row.set("method", method.name).set("pixels", zone.pixels);
          return row;
        };
        for (std::size_t d = 0; d < setup.dates.size(); ++d) {
          RowBuilder row = start();
          row.set("year", std::int64_t{setup.dates[d].year});
          set_stock(row, table, stock_result(*setup.layout, zone.sums, setup.features(m, d), d, m));
          table.rows.push_back(row.take());
        }
        for (std::size_t p = 0; p < setup.layout->shape().periods(); ++p) {
          RowBuilder row = start();
          row.set("year_from", std::int64_t{setup.dates[p].year});
          row.set("year_to", std::int64_t{setup.dates[p + 1].year});
          const SinkResult r = sink_result(*setup.layout, zone.sums, setup.period_features(m, p), p, m, setup.years(p));
          set_sink(row, table, r);
          set_standing(row, setup, r);
          table.rows.push_back(row.take());
        }
      }
    }
  }
  return table;
}

}  // namespace sink
