// SPDX-License-Identifier: Apache-2.0
#include "job/zone_layers.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

#include "core/error.hpp"
#include "job/run_record.hpp"
#include "raster/geopackage_writer.hpp"
#include "report/raster_style.hpp"

namespace sink {
namespace {

std::size_t place_of(const Table& table, std::string_view name) {
  std::size_t place = 0;
  while (table.columns[place].name != name) ++place;
  return place;
}

bool says(const Cell& cell, const std::string& text) {
  const auto* own = std::get_if<std::string>(&cell);
  return own != nullptr && *own == text;
}
bool says(const Cell& cell, std::int64_t number) {
  const auto* own = std::get_if<std::int64_t>(&cell);
  return own != nullptr && *own == number;
}

/// The rows of one set and method, the last date and the last period of a zone in one row. Areas that both rows have
/// are those of the date.
Table last_of(const RunSetup& setup, const Table& zones, const std::string& set, const std::string& method) {
  const std::size_t set_at = place_of(zones, "zone_set"), id_at = place_of(zones, "zone_id"),
                    method_at = place_of(zones, "method"), year_at = place_of(zones, "year"),
                    to_at = place_of(zones, "year_to");
  const std::int64_t last_year = setup.dates.back().year;
  Table table{zones.columns, {}};
  std::map<std::string, std::size_t> row_of;
  for (const auto& row : zones.rows) {
    if (!says(row[set_at], set) || !says(row[method_at], method) || says(row[id_at], "total")) continue;
    const std::string id = std::get<std::string>(row[id_at]);
    if (says(row[year_at], last_year)) {
      row_of[id] = table.rows.size();
      table.rows.push_back(row);
    } else if (says(row[to_at], last_year)) {
      auto& own = table.rows.at(row_of.at(id));
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (std::holds_alternative<std::monostate>(own[c])) own[c] = row[c];
      }
    }
  }
  return table;
}

/// Of a zone that has no forest, no gap and no status.
StyleCategory without_value() {
  return {"", "no value / 无数据", "#8c8c8c"};
}

std::vector<StyleCategory> statuses() {
  return {{"above", "above the baseline / 高于基准", "#4575b4"},
          {"below", "below the baseline / 低于基准", "#f46d43"},
          {"indistinct", "not told apart / 无法区分", "#ffffbf"},
          {"incomplete", "incomplete / 覆盖不足", "#b4b4b4"},
          without_value()};
}

/// What no layer's name can have; blank: the name is fit.
std::string unfit_in(const std::string& set) {
  if (set.find_first_not_of(" .") == std::string::npos) return "nothing but blanks or dots";
  for (const char c : set) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "a line break, tab or other control character";
    if (std::string_view("|[]/\\\"'`").find(c) != std::string_view::npos) return std::string(1, c);
  }
  std::string lower = set;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  // Tables of the format itself.
  for (const char* own : {"gpkg_", "rtree_", "sqlite_", "layer_styles"}) {
    if (lower.starts_with(own)) return own;
  }
  return "";
}

}  // namespace

void demand_name_of_layer(const std::string& set) {
  const std::string unfit = unfit_in(set);
  if (unfit.empty()) return;
  throw usage_error("zone set '" + set + "': no layer of a GeoPackage can be called so (" + unfit +
                    "): give it another name (the file's, or `name` in [[zones]])");
}

ZoneStyle zone_style(const RunSetup& setup) {
  if (setup.dates.size() < 2) {
    return {"carbon density / 碳密度",
            graduated_qml("\"carbon_t\" / \"area_ha\"", zone_carbon_ranges(), without_value())};
  }
  if (!setup.job.baseline)
    return {"sink / 碳汇", graduated_qml("\"sink_tco2_ha_yr\"", zone_sink_ranges(), without_value())};
  const std::string caveat = not_comparable_because(setup.job).empty() ? "" : " (indicative only / 仅供参考)";
  return {"gap to the baseline / 与基准的差距" + caveat,
          graduated_qml("\"gap_tco2_ha_yr\"", gap_ranges(), without_value())};
}

std::vector<ZoneLayer> write_zone_layers(const RunSetup& setup, const Table& zones, const std::string& file) {
  GeoPackageWriter writer(file);
  std::vector<ZoneLayer> layers;
  for (const ZoneSet& set : setup.zone_sets) {
    if (set.whole_grid()) continue;
    const ZoneSource& source = set.source();
    PolygonLayer polygons;
    if (set.polygons()) {
      polygons = read_polygons(path_below(setup.job.base_directory, source.file), {source.id_field}, source.where);
    }
    std::map<std::string, const PolygonFeature*> by_id;
    for (const auto& feature : polygons.features) by_id[feature.fields[0]] = &feature;
    for (const auto& method : setup.methods) {
      const Table table = last_of(setup, zones, source.set, method.name);
      const std::string name = setup.methods.size() > 1 ? source.set + "_" + method.name : source.set;
      if (set.from_raster()) {
        writer.add_table(name, table);
        layers.push_back({name, "", ""});
        continue;
      }
      std::vector<const PolygonFeature*> features;
      const std::size_t id_at = place_of(table, "zone_id");
      for (const auto& row : table.rows) features.push_back(by_id.at(std::get<std::string>(row[id_at])));
      writer.add_polygons(name, polygons.crs_wkt, features, table);
      layers.push_back({name, polygons.crs_wkt, polygons.crs_name});
    }
  }
  writer.add_table("zones_all", zones);
  const ZoneStyle style = zone_style(setup);
  for (const auto& layer : layers) {
    if (layer.is_table()) continue;
    writer.add_style(layer.name, style.name, style.qml);
    if (setup.dates.size() < 2 || !setup.job.baseline) continue;
    writer.add_style(layer.name, "status / 达标情况", categorised_qml("status", statuses()));
  }
  writer.close();
  return layers;
}

}  // namespace sink
