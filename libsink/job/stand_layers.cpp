// SPDX-License-Identifier: Apache-2.0
#include "job/stand_layers.hpp"

#include <algorithm>
#include <set>

#include "job/choices.hpp"
#include "job/date_legends.hpp"
#include "report/change_charts.hpp"

namespace sink {
namespace {

struct Measure {
  const char* layer;
  const char* unit;
  const char* meaning;
  double Stand::*value;
};
constexpr Measure measures[] = {{"age", "yr", "Stand age", &Stand::age_yr},
                                {"volume", "m3/ha", "Growing stock volume", &Stand::volume_m3_ha},
                                {"culms", "culms/ha", "Bamboo culms", &Stand::stems_ha},
                                {"canopy", "", "Canopy density, 0 to 1", &Stand::canopy},
                                {"diameter", "cm", "Mean diameter at breast height", &Stand::diameter_cm},
                                {"height", "m", "Mean height", &Stand::height_m}};

/// The field of the first file that gives a layer; blank where none does.
std::string field_of(const StandSet& set, const std::string& layer) {
  for (const StandField& field : stand_fields())
    if (field.layer == layer && set.any_has(field.use)) return set.name(field.use);
  return "";
}

void fill_measure(StandLayer& layer, const StandSet& set, const StandLegends& legends) {
  for (const Measure& measure : measures) {
    if (layer.name != measure.layer) continue;
    layer.description = measure.meaning;
    layer.unit = measure.unit;
    for (const Stand& stand : set.stands) {
      double value = stand.*measure.value;
      // Stems of trees are no culms, and no bamboo stands without any: 0 is a cell that nobody filled.
      if (layer.name == "culms" && (!legends.is_bamboo(stand) || value == 0)) value = no_number;
      layer.values.push_back(static_cast<float>(value));
    }
    return;
  }
}

void fill_codes(StandLayer& layer, const StandSet& set, const Legend& legend, ClassIndex Stand::*index,
                std::int64_t Stand::*code) {
  std::map<std::int64_t, ClassIndex> seen;
  for (const Stand& stand : set.stands)
    if (stand.*index != no_class) seen[stand.*code] = stand.*index;
  const std::int64_t highest = seen.empty() ? 0 : seen.rbegin()->first;
  const auto fits = [&](RasterPixels pixels) { return highest < std::int64_t{nodata_code(pixels)}; };
  layer.pixels = fits(RasterPixels::uint8)    ? RasterPixels::uint8
                 : fits(RasterPixels::uint16) ? RasterPixels::uint16
                                              : RasterPixels::uint32;
  for (const Stand& stand : set.stands)
    layer.codes.push_back(stand.*index == no_class ? nodata_code(layer.pixels)
                                                   : static_cast<std::uint32_t>(stand.*code));
  for (const auto& [value, place] : seen) {
    const LegendRow& row = legend[place];
    const bool both = !row.name_en.empty() && !row.name_zh.empty();
    layer.categories.push_back({static_cast<std::uint32_t>(value),
                                both ? row.name_en + " / " + row.name_zh : class_name(row), "", "",
                                row.colour.empty() ? class_colour(place) : row.colour});
  }
}

}  // namespace

std::vector<StandLayer> stand_layers(const StandsJob& job, const StandSet& set, const StandLegends& legends) {
  const bool asked = !job.output.layers.empty();
  std::set<std::string> usual = {"canopy"};
  for (const LayerInfo& info : input_layers()) usual.emplace(info.name);
  std::vector<StandLayer> layers;
  for (const std::string& name : stand_layer_names()) {
    const auto& wanted = job.output.layers;
    const bool chosen = asked ? std::find(wanted.begin(), wanted.end(), name) != wanted.end() : usual.count(name) != 0;
    const std::string field = field_of(set, name);
    if (!chosen || field.empty()) continue;
    StandLayer layer;
    layer.name = name;
    layer.file = name + "_" + std::to_string(job.year) + ".tif";
    layer.field = field;
    if (name == "forest_type") {
      layer.description = "Forest type";
      fill_codes(layer, set, legends.types, &Stand::type, &Stand::type_code);
    } else if (name == "landcover") {
      layer.description = "Land class";
      fill_codes(layer, set, legends.covers, &Stand::cover, &Stand::cover_code);
    } else {
      fill_measure(layer, set, legends);
    }
    layer.description += ", " + std::to_string(job.year) + ", of stand polygons, field " + field;
    layers.push_back(std::move(layer));
  }
  if (layers.empty()) throw input_error(set.named(), "has no field that gives a layer: name one with --field");
  return layers;
}

}  // namespace sink
