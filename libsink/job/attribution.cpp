// SPDX-License-Identifier: Apache-2.0
#include "job/attribution.hpp"

#include <algorithm>

#include "core/quantity.hpp"
#include "job/attribution_worker.hpp"
#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "job/zone_table.hpp"

namespace sink {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Table empty_table() {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "zone_name", "method"}) table.add_column(name, text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const auto* name : {"cause", "to_land_use"}) table.add_column(name, text);
  table.add_column("pixels", integer);
  for (const auto* name : {"area_ha", "sink_tco2_yr", "share"}) table.add_column(name);
  return table;
}

double co2_per_year(const FixedSum& carbon_t, double years) {
  return to_co2(CarbonMass(carbon_t.value())).value() / years;
}

}  // namespace

Attribution::Attribution(const RunSetup& setup) : setup_(setup) {
  if (!setup.classes) {
    throw usage_error(
        "[attribution] needs land use, which a legend tells: give landcover_legend = \"clcd\" or a file (or forest "
        "types with their legend), or take [attribution] out");
  }
  if (setup.dates.size() < 2) throw usage_error("[attribution] needs two dates: add a [[date]] or take it out");
  event_kinds_.fill(EventKind::none);
  event_kinds_[overlapping_events] = EventKind::overlapping;
  const AttributionOptions& options = *setup.job.attribution;
  for (std::size_t e = 0; setup.events && e < setup.events->names().size(); ++e) {
    const std::string& name = setup.events->names()[e];
    event_kinds_[e] = has(options.fire, name)      ? EventKind::fire
                      : has(options.harvest, name) ? EventKind::harvest
                                                   : EventKind::other;
  }
  land_uses_.fill(LandUse::other);
  const Legend& legend = setup.classes->joined();
  for (std::size_t type = 0; type < legend.size(); ++type) {
    const LegendRow& row = legend.rows()[type];
    land_uses_[type] = row.land_use;
    bamboo_[type] = is_forest(row.land_use) && setup.parameters.has(row.key, "culm_kg");
  }
}

std::unique_ptr<SideWorker> Attribution::worker() const {
  return std::make_unique<AttributionWorker>(*this);
}

std::string Attribution::period_name(std::size_t period, const std::string& between) const {
  return std::to_string(setup_.dates[period].year) + between + std::to_string(setup_.dates[period + 1].year);
}

std::vector<SideRaster> Attribution::rasters() const {
  std::vector<ChangeCategory> categories;
  for (std::size_t c = 0; c < causes; ++c) {
    const CauseWords& words = cause_words()[c];
    const std::string to = words.to_land_use.empty() ? "" : " → " + std::string(words.to_land_use);
    const std::string name = std::string(words.name) + to;
    categories.push_back({static_cast<std::uint32_t>(c + 1), name, "", "", std::string(words.colour),
                          name + " / " + std::string(words.zh)});
  }
  std::vector<SideRaster> rasters;
  for (std::size_t p = 0; p < periods(); ++p) {
    for (const MethodRun& method : setup_.methods) {
      const std::string with = methods() > 1 ? "_" + method.name : "";
      rasters.push_back({"cause", "cause" + with + "_" + period_name(p, "_") + ".tif",
                         "Cause of the sink, " + period_name(p, "-") + ", method " + method.name, "",
                         RasterPixels::uint8, setup_.job.attribution->rasters, categories, setup_.dates[p].year,
                         setup_.dates[p + 1].year});
    }
  }
  return rasters;
}

void Attribution::add_rows(const std::string& set, const ZoneEntry& zone, Table& table) const {
  for (std::size_t m = 0; m < methods(); ++m) {
    for (std::size_t p = 0; p < periods(); ++p) {
      FixedSum all;
      for (std::size_t c = 0; c < causes; ++c) all += zone.sums[place(p, m, c, carbon)];
      const double years = setup_.years(p), all_tco2_yr = co2_per_year(all, years);
      for (std::size_t c = 0; c < causes; ++c) {
        const auto count = static_cast<std::int64_t>(zone.sums[place(p, m, c, pixels)].value());
        if (count == 0) continue;
        const double tco2_yr = co2_per_year(zone.sums[place(p, m, c, carbon)], years);
        RowBuilder row(table);
        row.set("zone_set", set).set("zone_id", zone.id).set("zone_name", zone.name);
        row.set("method", setup_.methods[m].name);
        row.set("year_from", std::int64_t{setup_.dates[p].year}).set("year_to", std::int64_t{setup_.dates[p + 1].year});
        row.set("cause", std::string(cause_words()[c].name));
        row.set("to_land_use", std::string(cause_words()[c].to_land_use));
        row.set("pixels", count).set("area_ha", zone.sums[place(p, m, c, area)].value());
        row.set("sink_tco2_yr", tco2_yr);
        if (all_tco2_yr != 0) row.set("share", tco2_yr / all_tco2_yr);
        table.rows.push_back(row.take());
      }
    }
  }
}

std::vector<SideTable> Attribution::tables(const std::vector<std::vector<ZoneEntry>>& zones) const {
  Table table = empty_table();
  for (std::size_t set = 0; set < zones.size(); ++set) {
    for (const ZoneEntry& zone : zones[set]) add_rows(setup_.zone_sets[set].source().set, zone, table);
  }
  return {{"attribution.csv", "the sink by what caused it", std::move(table)}};
}

std::vector<std::string> Attribution::warnings(const ZoneEntry& total) const {
  std::vector<std::string> warnings;
  for (std::size_t p = 0; p < periods(); ++p) {
    for (std::size_t m = 0; m < methods(); ++m) {
      for (const Cause cause : {Cause::unresolved, Cause::unexplained}) {
        const auto c = static_cast<std::size_t>(cause);
        const double area_ha = total.sums[place(p, m, c, area)].value();
        if (area_ha <= 0) continue;
        warnings.push_back(period_name(p, "-") + ", " + setup_.methods[m].name + ": " + with_commas(area_ha, 1) +
                           " ha have the cause " + std::string(cause_words()[c].name) + " (" +
                           std::string(cause_words()[c].rule) + ")");
      }
    }
  }
  return warnings;
}

std::vector<Closure> Attribution::closures(const std::vector<std::vector<ZoneEntry>>& zones,
                                           const std::vector<std::vector<ZoneEntry>>& account) const {
  std::vector<Closure> closures;
  for (std::size_t set = 0; set < zones.size(); ++set) {
    for (std::size_t z = 0; z < zones[set].size(); ++z) {
      for (std::size_t m = 0; m < methods(); ++m) {
        for (std::size_t p = 0; p < periods(); ++p) {
          FixedSum by_cause, sink;
          for (std::size_t c = 0; c < causes; ++c) by_cause += zones[set][z].sums[place(p, m, c, carbon)];
          for (const Flow flow : {Flow::stable, Flow::gain, Flow::loss}) {
            sink += account[set][z].sums[setup_.layout->flow(p, m, flow, AccountLayout::flow_carbon)];
          }
          const std::string where = setup_.zone_sets[set].source().set + " " + zones[set][z].id + ", " +
                                    setup_.methods[m].name + ", " + period_name(p, "-");
          // Exact sums of the same contributions: no tolerance.
          closures.push_back({"causes to sink",
                              where,
                              {{"causes_t", by_cause.value()}, {"sink_x_years_t", sink.value()}},
                              by_cause.value(),
                              sink.value(),
                              0});
        }
      }
    }
  }
  return closures;
}

}  // namespace sink
