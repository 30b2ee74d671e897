// SPDX-License-Identifier: Apache-2.0
// targets.csv: what was promised, what was done, and the sink inside the parcels beside that of the other forest
// (interface.md, Parcels and Targets).
#include <cmath>
#include <numeric>

#include "core/nodata.hpp"
#include "job/row_builder.hpp"
#include "job/zone_table.hpp"

namespace sink {
namespace {

Table empty_target_table() {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"target", "kind", "zone_set", "zone_id", "zone_name"}) table.add_column(name, text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const auto* name :
       {"area_promised_ha", "area_done_ha", "area_missing_ha", "sink_inside_tco2_ha_yr", "sink_outside_tco2_ha_yr",
        "sink_inside_tco2_yr", "sink_counted_tco2_yr", "stock_inside_tco2", "harvest_inside_ha", "forest_inside_ha"}) {
    table.add_column(name);
  }
  for (const auto* name : {"method", "area_basis", "note"}) table.add_column(name, text);
  return table;
}

std::vector<FixedSum> minus(std::vector<FixedSum> whole, const std::vector<FixedSum>& part) {
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] -= part[i];
  return whole;
}

/// Everything one target's rows need.
struct TargetSums {
  const RunSetup& setup;
  const RunSums& sums;
  std::size_t target;

  [[nodiscard]] std::vector<FixedSum> inside(ParcelGroup::Of of, std::size_t period, std::size_t set,
                                             std::int32_t zone) const {
    for (std::size_t g = 0; g < setup.parcel_groups.size(); ++g) {
      const ParcelGroup& group = setup.parcel_groups[g];
      if (group.target != target || group.period != period || group.of != of) continue;
      const std::int32_t code = zone == ZoneSet::once ? ZoneSet::once_in_parcels : zone;
      return sums.parcels[g * setup.zone_sets.size() + set].find(code);
    }
    return std::vector<FixedSum>(setup.layout->size());
  }
};

/// Done areas by place in the zone file's features; on a class raster, the pixels of the parcels.
double area_done(const TargetSums& of, const Parcels& parcels, std::size_t period, std::size_t set,
                 const ZoneEntry& zone, const PolygonLayer* polygons, std::string& basis) {
  const RunSetup& setup = of.setup;
  const auto done = done_by(parcels, setup.job.targets[of.target], setup.dates[period + 1].year);
  basis = "geodesic";
  if (setup.zone_sets[set].whole_grid()) return parcels.area_ha(done);
  if (polygons != nullptr) {
    std::vector<std::size_t> features = {static_cast<std::size_t>(zone.code)};
    if (zone.code == ZoneSet::once) {
      features.resize(polygons->features.size());
      std::iota(features.begin(), features.end(), std::size_t{0});
    }
    return parcels.area_within_ha(done, *polygons, features);
  }
  basis = "pixels";
  return of.inside(ParcelGroup::Of::done, period, set, zone.code)[setup.layout->area()].value();
}

/// Whether the sink inside a zone came before the measures, after them, or both.
std::string timing_note(const TargetSums& of, std::size_t period, std::size_t set, const ZoneEntry& zone) {
  const auto area = [&](ParcelGroup::Of group) {
    return of.inside(group, period, set, zone.code)[of.setup.layout->area()];
  };
  const FixedSum done = area(ParcelGroup::Of::done), counted = area(ParcelGroup::Of::counted);
  if (done == FixedSum{}) return "nothing done yet";
  if (counted == FixedSum{}) return "before treatment";
  return counted == done ? "" : "partly before treatment";
}

void set_sinks(RowBuilder& row, const TargetSums& of, std::size_t method, std::size_t period, std::size_t set,
               const ZoneEntry& zone) {
  const RunSetup& setup = of.setup;
  const auto result = [&](const std::vector<FixedSum>& sums) {
    return sink_result(*setup.layout, sums, setup.period_features(method, period), period, method, setup.years(period));
  };
  const auto inside_sums = of.inside(ParcelGroup::Of::done, period, set, zone.code);
  const SinkResult inside = result(inside_sums), outside = result(minus(zone.sums, inside_sums));
  const auto stock = stock_result(*setup.layout, inside_sums, setup.features(method, period + 1), period + 1, method);
  row.set("sink_inside_tco2_ha_yr", inside.sink_tco2_ha_yr).set("sink_outside_tco2_ha_yr", outside.sink_tco2_ha_yr);
  row.set("sink_inside_tco2_yr", inside.sink_tco2_yr).set("stock_inside_tco2", stock.co2_t);
  row.set("harvest_inside_ha", inside.harvest_area_ha).set("forest_inside_ha", stock.forest_area_ha);
  // A buy-out stops harvest: it is never a sink of its own.
  if (setup.job.targets[of.target].kind == Target::Kind::buyout) return;
  row.set("sink_counted_tco2_yr", result(of.inside(ParcelGroup::Of::counted, period, set, zone.code)).sink_tco2_yr);
}

void add_rows(const TargetSums& of, std::size_t set, const std::function<void()>& check_going, Table& table) {
  const RunSetup& setup = of.setup;
  const Target& target = setup.job.targets[of.target];
  const ZoneSource& source = setup.zone_sets[set].source();
  const Parcels& parcels = setup.parcels[of.target];
  std::optional<PolygonLayer> polygons;
  if (setup.zone_sets[set].polygons()) {
    polygons = read_polygons(path_below(setup.job.base_directory, source.file), {source.id_field}, source.where);
  }
  const auto zones = zone_entries(setup, of.sums, set);
  for (std::size_t period = 0; period < setup.layout->shape().periods(); ++period) {
    for (const ZoneEntry& zone : zones) {
      check_going();
      std::string basis = "geodesic";
      const double done = area_done(of, parcels, period, set, zone, polygons ? &*polygons : nullptr, basis);
      for (std::size_t m = 0; m < setup.methods.size(); ++m) {
        RowBuilder row(table);
        row.set("target", target.name).set("kind", name_of(target.kind)).set("zone_set", source.set);
        row.set("zone_id", zone.id).set("zone_name", zone.name).set("area_done_ha", done);
        row.set("year_from", std::int64_t{setup.dates[period].year});
        row.set("year_to", std::int64_t{setup.dates[period + 1].year});
        // A target is promised once: its total stands with the first zone set.
        if (zone.code == ZoneSet::once && set == 0) {
          row.set("area_promised_ha", target.area_ha).set("area_missing_ha", at_least(target.area_ha - done, 0));
        }
        row.set("method", setup.methods[m].name).set("area_basis", basis);
        set_sinks(row, of, m, period, set, zone);
        row.set("note", timing_note(of, period, set, zone));
        table.rows.push_back(row.take());
      }
    }
  }
}

}  // namespace

void add_parcel_groups(const Parcels& parcels, std::size_t index, const RunSetup& setup,
                       std::vector<ParcelGroup>& groups) {
  const Target& target = setup.job.targets[index];
  for (std::size_t period = 0; period + 1 < setup.dates.size(); ++period) {
    const auto add = [&](ParcelGroup::Of of, int year) {
      const auto done = done_by(parcels, target, year);
      if (!done.empty()) groups.push_back({of, index, period, parcels.on_grid({done}, setup.grid)});
    };
    add(ParcelGroup::Of::done, setup.dates[period + 1].year);
    add(ParcelGroup::Of::counted, setup.dates[period].year);
  }
}

Table target_table(const RunSetup& setup, const RunSums& sums, const std::function<void()>& check_going) {
  Table table = empty_target_table();
  for (std::size_t t = 0; t < setup.job.targets.size(); ++t) {
    for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) add_rows({setup, sums, t}, set, check_going, table);
  }
  return table;
}

}  // namespace sink
