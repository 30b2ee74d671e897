// SPDX-License-Identifier: Apache-2.0
#include "job/explain_inputs.hpp"

#include <array>
#include <cmath>
#include <filesystem>

#include "raster/raster_folder.hpp"

namespace sink {

InputExplainer::InputExplainer(const RunSetup& setup) : setup_(setup) {
  for (std::size_t d = 0; d < setup.dates.size(); ++d) {
    for (const InputLayer& layer : setup.dates[d].layers) {
      Band& band = open(layer.band.path, std::string(layer.layer.name), setup.dates[d].year);
      band.date = d;
      band.codes = layer.classes;
      band.input.unit = layer.classes ? "code" : std::string(layer.layer.unit);
      if (layer.layer.name == layer::carbon_map.name && setup.job.given_quantity == "co2") band.input.unit = "t CO2/ha";
      if (!layer.classes) continue;
      band.legend = layer.layer.name == layer::forest_type.name ? &*setup.forest_types : &*setup.landcover;
    }
  }
  for (const DisturbanceInput& source : setup.job.disturbances) {
    Band& type = open(source.type, "disturbance", 0);
    type.codes = true;
    type.input.unit = "code";
    type.events = &source.codes;
    Band& year = open(source.year, "disturbance_year", 0);
    year.codes = true;
    year.input.unit = "yr";
  }
  for (const ZoneSet& set : setup.zone_sets) readers_.push_back(set.reader());
}

InputExplainer::Band& InputExplainer::open(const std::string& path, const std::string& layer, int year) {
  RasterSource source(files_, setup_.job.base_directory, path, setup_.job.run.access());
  if (setup_.job.run.align) source.align_to(setup_.grid);
  const BandInfo& info = source.info();
  ExplainedInput input;
  input.year = year;
  input.layer = layer;
  const BandPath found = parse_band_path(path_below(setup_.job.base_directory, path));
  input.file = path.substr(0, path.size() - (path_below(setup_.job.base_directory, path).size() - found.file.size()));
  input.band = info.band;
  return bands_.emplace_back(Band{std::move(input), std::move(source)});
}

std::vector<ExplainedInput> InputExplainer::read(const Window& pixel) {
  std::vector<ExplainedInput> inputs;
  for (Band& band : bands_) {
    ExplainedInput input = band.input;
    const BandInfo& info = band.source.info_at(pixel.column, pixel.row);
    input.scale = info.scale;
    input.offset = info.offset;
    if (band.source.info().files > 0 && info.files == 0)
      input.file = path_in(input.file, std::filesystem::path(parse_band_path(info.path).file).filename().string());
    band.place = no_class;
    if (band.codes) {
      std::array<std::int32_t, 1> code{};
      band.source.read_codes(pixel, code);
      if (code[0] != RasterSource::no_code) {
        input.value = code[0];
        if (band.legend != nullptr) band.place = band.legend->index_of(code[0]);
        if (band.place != no_class) input.row = (*band.legend)[band.place];
        const auto event = band.events == nullptr ? decltype(band.events->end()){} : band.events->find(code[0]);
        if (band.events != nullptr && event != band.events->end()) input.name = event->second;
      }
    } else {
      std::array<double, 1> value{};
      band.source.read(pixel, value);
      input.value = value[0];
    }
    input.stored = (input.value - input.offset) / input.scale;
    if (!info.floating) input.stored = std::round(input.stored);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::vector<ExplainedZone> InputExplainer::zones(const Window& pixel) {
  std::vector<ExplainedZone> zones;
  for (std::size_t set = 0; set < setup_.zone_sets.size(); ++set) {
    if (setup_.zone_sets[set].whole_grid()) continue;
    std::vector<Span> spans;
    setup_.zone_sets[set].spans(readers_[set], pixel, spans);
    for (const Span& span : spans) {
      const Zone zone = setup_.zone_sets[set].zone(span.zone);
      zones.push_back({setup_.zone_sets[set].source().set, zone.id, zone.name});
    }
  }
  return zones;
}

ExplainedLandUse InputExplainer::land_use(std::size_t date, const PartView::Date& view) const {
  const ClassScheme& classes = *setup_.classes;
  ClassIndex type = no_class, cover = no_class;
  for (const Band& band : bands_) {
    if (band.legend == nullptr || band.date != date) continue;
    (band.input.layer == layer::forest_type.name ? type : cover) = band.place;
  }
  const ClassIndex joined = view.type[0];
  ExplainedLandUse use;
  use.year = setup_.dates[date].year;
  use.class_name = classes.name(joined);
  use.known = joined != no_class;
  use.forest = classes.forest(joined);
  use.maps_disagree = classes.disagree(type, cover);
  if (!use.known) return use;
  use.key = classes.joined()[joined].key;
  use.land_use = name_of(classes.joined()[joined].land_use);
  const bool by_cover = joined == classes.cover_class(cover);
  use.decided_by = by_cover ? "landcover" : "forest_type";
  use.decided_by += use.maps_disagree ? " (land_use_from)" : by_cover ? " (no forest type)" : "";
  return use;
}

}  // namespace sink
