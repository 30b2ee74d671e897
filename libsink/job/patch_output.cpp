// SPDX-License-Identifier: Apache-2.0
#include "job/patch_output.hpp"

#include <nlohmann/json.hpp>

#include "raster/geopackage_writer.hpp"
#include "report/raster_style.hpp"
#include "report/table.hpp"
#include "report/vector_style.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

/// Colours of Okabe and Ito (2008), which colour-blind people tell apart; the gravest is the strongest.
std::vector<StyleCategory> kinds() {
  return {{"deforestation", "deforestation / 毁林", "#d55e00"},
          {"unresolved", "clearing, unresolved / 去向未明的砍伐", "#f0e442"},
          {"harvest", "harvest / 采伐", "#0072b2"},
          {"conversion", "conversion of other land / 其他地类转换", "#cc79a7"},
          {"", "other change / 其他变化", "#999999"}};
}

}  // namespace

std::string patch_style() {
  return graduated_qml("rank", rank_ranges(), {}, Outline::own_colour);
}

std::vector<ResultFile> write_patches(const PatchSearch& search, const PatchLayer& layer, bool csv_bom,
                                      const OutputDirectory& directory) {
  std::vector<const PolygonFeature*> features;
  for (const auto& feature : layer.features) features.push_back(&feature);
  GeoPackageWriter geopackage(directory.working("patches.gpkg"));
  geopackage.add_polygons("patches", search.world.grid.crs_wkt, features, layer.table);
  geopackage.add_style("patches", "rank / 排名", patch_style());
  geopackage.add_style("patches", "kind / 类型", categorised_qml("kind", kinds(), Outline::own_colour));
  geopackage.close();
  directory.write_text("patches.csv", to_csv(layer.table, csv_bom));
  return {{"patches.gpkg", "polygons of the patches, layer `patches`"}, {"patches.csv", "the same without shapes"}};
}

std::string with_patches(const std::string& record, const PatchSearch& search, const PatchLayer& layer) {
  const PatchOptions& options = search.options;
  Json json = Json::parse(record), patches;
  patches["transitions"] = options.transitions;
  patches["presets"] = options.presets;
  patches["minimum_mapping_units"] = options.minimum_units;
  patches["connectivity"] = static_cast<int>(options.connectivity);
  for (std::size_t o = 0; o < search.overlays.size(); ++o) {
    const auto& [name, file] = options.overlays[o];
    patches["overlays"].push_back({{"name", name}, {"file", file}, {"weight", search.weights[o]}});
  }
  patches["found"] = layer.table.rows.size();
  patches["id"] = "FNV-1a (64 bits) of from code, to code and first pixel (row x columns + column), 8 bytes each";
  patches["perimeter"] = "staircase along pixel edges";
  patches["harvest"] = "forest at both dates, and age2 < age1 or volume2 < 0.5 volume1, on most of its pixels";
  patches["carbon"] =
      "mapped carbon before, less what the new class holds; the range is that of the new class: nothing grown yet to "
      "its density + 1.96 sd";
  patches["score"] = std::string("confidence (1 where unknown) x ") + (search.world.carbon ? "carbon_t" : "area_ha") +
                     " x the largest weight of the overlays reached";
  json["patches"] = patches;
  return json.dump(2) + "\n";
}

}  // namespace sink
