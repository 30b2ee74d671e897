// SPDX-License-Identifier: Apache-2.0
#include "job/run_project.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "job/patch_output.hpp"
#include "job/run_record.hpp"
#include "raster/valued_window.hpp"
#include "raster/zip_bytes.hpp"
#include "report/project_file.hpp"
#include "report/raster_style.hpp"
#include "report/vector_style.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

struct GroupOfRasters {
  std::string_view name;
  std::array<std::string_view, 10> layers;
};
// From the top of the layer tree.
constexpr GroupOfRasters groups[] = {
    {"Sink / 碳汇", {"sink", "sink_above", "sink_below"}},
    {"Causes / 碳汇成因", {"cause"}},
    {"Change / 土地利用变化", {"change"}},
    {"Projection / 预测", {"projected_carbon", "increment"}},
    {"Stock / 碳储量", {"carbon", "co2", "agb", "bgb", "carbon_above", "carbon_below", "dead", "soil"}},
};
constexpr std::string_view other_group = "Other / 其他";

std::string_view group_of(const std::string& layer) {
  for (const GroupOfRasters& group : groups) {
    if (std::find(group.layers.begin(), group.layers.end(), layer) != group.layers.end()) return group.name;
  }
  return other_group;
}

/// "sink_2015_2020 / 碳汇": the file's name, so that it is found in the folder.
std::string layer_name(const OutputLayer& output) {
  const std::string zh = output.of == OutputLayer::Of::change ? "变化"
                         : output.has_categories()            ? "成因"
                                                              : chinese_name(output.layer);
  return output.file.substr(0, output.file.size() - 4) + " / " + zh;
}

/// The raster that the project opens on: the last sink of the first method, else the last stock, else the first of all.
std::size_t first_sight(const RunSetup& setup) {
  std::size_t best = 0;
  int best_rank = -1;
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    const OutputLayer& output = setup.outputs[i];
    const int rank = output.method > 0          ? -1
                     : output.layer == "sink"   ? 3
                     : output.layer == "carbon" ? 2
                     : output.layer == "co2"    ? 1
                                                : 0;
    // Outputs of a layer come by year.
    if (rank > 0 && rank >= best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

ProjectLayer raster_layer(const RunSetup& setup, std::size_t output, const std::vector<BesideRaster>& beside) {
  const OutputLayer& of = setup.outputs[output];
  ProjectLayer layer{
      ProjectLayer::Of::raster, of.file, layer_name(of), beside[output].qml, {setup.grid.crs_wkt, setup.grid.crs_name}};
  layer.note = of.description;
  if (of.year_to > 0) {
    // A period shows from the year after its first map, so that no year belongs to two periods.
    const bool period = of.year_from < of.year_to;
    layer.years = ProjectYears{of.year_from + (period ? 1 : 0), of.year_to};
    if (period) {
      const std::string first = std::to_string(of.year_from + 1), last = std::to_string(of.year_to);
      layer.note += "; in time: " + first + " to " + last + " / 时间：" + first + "–" + last + "年";
    }
  }
  layer.shown = layer.on_page = output == first_sight(setup);
  return layer;
}

std::vector<ProjectGroup> raster_groups(const RunSetup& setup, const std::vector<BesideRaster>& beside) {
  std::vector<ProjectGroup> made;
  for (const GroupOfRasters& group : groups) made.push_back({std::string(group.name), {}});
  made.push_back({std::string(other_group), {}});
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    const auto own = std::find_if(made.begin(), made.end(),
                                  [&](const auto& group) { return group.name == group_of(setup.outputs[i].layer); });
    own->layers.push_back(raster_layer(setup, i, beside));
  }
  return made;
}

constexpr const char* zones_file = "zones.gpkg|layername=";

ProjectLayer zone_layer(const ZoneLayer& zone, const std::string& name, const std::string& style) {
  return {ProjectLayer::Of::polygons, zones_file + zone.name, name, style, {zone.crs_wkt, zone.crs_name}};
}

ProjectLayer zone_table(const std::string& table, const std::string& name) {
  return {ProjectLayer::Of::table, zones_file + table, name, "", {}};
}

/// The zones that the project opens on: the first polygons, else the first table; none: null.
const ZoneLayer* first_zones(const std::vector<ZoneLayer>& zones) {
  const auto found = std::find_if(zones.begin(), zones.end(), [](const auto& zone) { return !zone.is_table(); });
  return found != zones.end() ? &*found : zones.empty() ? nullptr : &zones.front();
}

/// Of the first polygons: their outlines and names, above everything.
ProjectGroup boundaries(const std::vector<ZoneLayer>& zones) {
  ProjectGroup group;
  const ZoneLayer* first = first_zones(zones);
  if (first == nullptr || first->is_table()) return group;
  group.layers.push_back(
      zone_layer(*first, first->name + ": boundaries / 边界", boundary_qml("coalesce(\"zone_name\", \"zone_id\")")));
  group.layers.back().shown = group.layers.back().on_page = true;
  return group;
}

ProjectGroup zone_group(const RunSetup& setup, const std::vector<ZoneLayer>& zones) {
  ProjectGroup group{"Zones / 区划", {}};
  const ZoneStyle style = zone_style(setup);
  for (const ZoneLayer& zone : zones) {
    group.layers.push_back(zone.is_table() ? zone_table(zone.name, zone.name + ": table / 结果表")
                                           : zone_layer(zone, zone.name + ": " + style.name, style.qml));
  }
  // Where there is no raster, zones are the map.
  if (const ZoneLayer* first = first_zones(zones); setup.outputs.empty() && first != nullptr && !first->is_table()) {
    ProjectLayer& map = group.layers[static_cast<std::size_t>(first - zones.data())];
    map.shown = map.on_page = true;
  }
  group.layers.push_back(zone_table("zones_all", "zones_all / 全部结果表"));
  return group;
}

ProjectGroup patch_group(const RunSetup& setup) {
  ProjectGroup group{"Patches / 变化图斑", {}};
  if (!setup.patches) return group;
  group.layers.push_back({ProjectLayer::Of::polygons,
                          "patches.gpkg|layername=patches",
                          "patches: rank / 图斑排名",
                          patch_style(),
                          {setup.grid.crs_wkt, setup.grid.crs_name}});
  return group;
}

std::vector<ProjectColumn> columns_of(const RunSetup& setup) {
  std::vector<ProjectColumn> columns = {
      {"coalesce(\"zone_name\", \"zone_id\")", "zone 区划"},
      {"format_number(\"forest_area_ha\", 0)", "forest 森林 ha", true},
      {"format_number(\"carbon_t\" / 1000000, 3)", "carbon 碳 Mt C", true},
  };
  if (setup.dates.size() < 2) {
    columns.push_back({"format_number(\"carbon_t\" / \"area_ha\", 1)", "density 碳密度 t C/ha", true});
    return columns;
  }
  columns.push_back({"format_number(\"sink_tco2_yr\", 0)", "sink 碳汇 t CO2/yr", true});
  columns.push_back({"format_number(\"sink_tco2_ha_yr\", 2)", "t CO2/ha/yr", true});
  if (!setup.job.baseline) return columns;
  columns.push_back({"format_number(\"gap_tco2_ha_yr\", 2)", "gap 差距", true});
  columns.push_back(
      {"CASE WHEN \"status\" = 'above' THEN 'above 高于' WHEN \"status\" = 'below' THEN 'below 低于' ELSE "
       "\"status\" END",
       "status 达标"});
  return columns;
}

ProjectPage page_of(const RunSetup& setup, const std::vector<ZoneLayer>& zones) {
  ProjectPage page{"Inventory / 清查图", setup.job.title, "", "", "", columns_of(setup)};
  if (const ZoneLayer* first = first_zones(zones)) page.table_source = zones_file + first->name;
  if (!setup.outputs.empty()) {
    const OutputLayer& output = setup.outputs[first_sight(setup)];
    page.subtitle = output.description;
  }
  page.note = "sinkcalc.";
  if (setup.dates.size() > 1) page.note += " Sink: positive for uptake / 碳汇：正值为吸收.";
  if (setup.job.baseline && setup.dates.size() > 1) {
    page.note += " Gap: " + setup.job.baseline->name + ", " + number_text(setup.job.baseline->rate_tco2_ha_yr) +
                 " t CO2/ha/yr, less sink; positive is a shortfall / 差距：基准减碳汇，正值为不足.";
    if (!not_comparable_because(setup.job).empty()) page.note += " " + std::string(benchmark_caveat) + ".";
  }
  return page;
}

/// What the first raster has values in, else the grid, with a margin of 2 %.
ProjectExtent extent_of(const RunSetup& setup, const OutputDirectory& directory) {
  const Grid& grid = setup.grid;
  const Window window = setup.outputs.empty()
                            ? Window{0, 0, grid.columns, grid.rows}
                            : valued_window(directory.working(setup.outputs[first_sight(setup)].file));
  const double width = static_cast<double>(window.columns) * grid.pixel_width,
               height = static_cast<double>(window.rows) * grid.pixel_height, margin = 0.02;
  const double west = grid.x_min + static_cast<double>(window.column) * grid.pixel_width,
               north = grid.y_max - static_cast<double>(window.row) * grid.pixel_height;
  return {west - margin * width, north - (1 + margin) * height, west + (1 + margin) * width, north + margin * height};
}

}  // namespace

ResultFile write_project(const RunSetup& setup, const std::vector<BesideRaster>& beside,
                         const std::vector<ZoneLayer>& zones, const OutputDirectory& directory) {
  Project project{setup.job.title.empty() ? "sinkcalc" : setup.job.title,
                  {setup.grid.crs_wkt, setup.grid.crs_name},
                  extent_of(setup, directory),
                  {boundaries(zones), patch_group(setup), zone_group(setup, zones)},
                  page_of(setup, zones)};
  for (auto& group : raster_groups(setup, beside)) project.groups.push_back(std::move(group));
  directory.write_text("inventory.qgz", zip_bytes("inventory.qgs", project_qgs(project)));
  return {"inventory.qgz", "a QGIS project with all maps and zones"};
}

}  // namespace sink
