// SPDX-License-Identifier: Apache-2.0
// BlockWorker: reading the inputs of a window and telling what is forest.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/quantity.hpp"
#include "job/block_worker.hpp"

namespace sink {
namespace {

void note_value(ImpossibleValues& values, const Window& window, std::size_t pixel, double value) {
  if (values.pixels++ > 0) return;
  values.example = value;
  values.column = window.column + static_cast<std::int64_t>(pixel) % window.columns;
  values.row = window.row + static_cast<std::int64_t>(pixel) / window.columns;
}

/// Counts a measure's pixels; true where every value is possible.
bool count_measure(std::span<const double> values, const LayerInfo& layer, const Window& window, LayerCensus& census) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    const double value = values[p];
    if (std::isnan(value)) {
      ++census.nodata;
      continue;
    }
    if (census.valid++ == 0) census.min = census.max = value;
    census.min = std::min(census.min, value);
    census.max = std::max(census.max, value);
    if (value < 0) note_value(census.negative, window, p, value);
    if (value > layer.possible_max) note_value(census.too_large, window, p, value);
  }
  return census.negative.pixels == 0 && census.too_large.pixels == 0;
}

/// Counts a class layer's codes and turns them into places in the legend; true where the legend has them all.
bool place_codes(std::span<const std::int32_t> codes, const Legend& legend, std::span<ClassIndex> places,
                 LayerCensus& census) {
  bool known = true;
  for (std::size_t begin = 0; begin < codes.size();) {
    std::size_t end = begin + 1;
    while (end < codes.size() && codes[end] == codes[begin]) ++end;
    const auto n = static_cast<std::int64_t>(end - begin);
    ClassIndex place = no_class;
    if (codes[begin] == RasterSource::no_code) {
      census.nodata += n;
    } else {
      census.valid += n;
      census.codes[codes[begin]] += n;
      place = legend.index_of(codes[begin]);
      known = known && place != no_class;
    }
    std::fill(places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end),
              place);
    begin = end;
  }
  return known;
}

constexpr std::array<const Layer<double>*, 5> measures = {&layer::volume, &layer::age, &layer::culms, &layer::agb_map,
                                                          &layer::carbon_map};

const Layer<double>* measure_called(std::string_view name) {
  const auto found = std::find_if(std::begin(measures), std::end(measures), [&](auto* m) { return m->name == name; });
  return found == std::end(measures) ? nullptr : *found;
}

}  // namespace

BlockWorker::BlockWorker(const RunSetup& setup)
    : setup_(setup),
      dates_(setup.dates.size()),
      stocks_(setup.dates.size() * setup.methods.size()),
      periods_(setup.layout->shape().periods()),
      flows_(periods_.size() * setup.methods.size()) {
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    for (const auto& input : setup.dates[d].layers) {
      RasterSource source(files_, setup.job.base_directory, input.band.path, setup.job.run.access());
      if (setup.job.run.align) source.align_to(setup.grid);
      dates_[d].sources.push_back(std::move(source));
      dates_[d].has_volume = dates_[d].has_volume || input.layer.name == layer::volume.name;
      dates_[d].has_age = dates_[d].has_age || input.layer.name == layer::age.name;
    }
  }
  for (const auto& set : setup.zone_sets) zone_readers_.push_back(set.reader());
}

bool BlockWorker::read_classes(std::size_t date, const Window& window, Census& census) {
  DateState& state = dates_[date];
  bool usable = true;
  types_.assign(pixels_, no_class);
  covers_.assign(pixels_, no_class);
  codes_.resize(pixels_);
  for (std::size_t i = 0; i < state.sources.size(); ++i) {
    const InputLayer& input = setup_.dates[date].layers[i];
    if (!input.classes) continue;
    const bool is_type = input.layer.name == layer::forest_type.name;
    state.sources[i].read_codes(window, codes_);
    auto& counts = census.layers[{date, std::string(input.layer.name)}];
    usable =
        place_codes(codes_, is_type ? *setup_.forest_types : *setup_.landcover, is_type ? types_ : covers_, counts) &&
        usable;
  }
  std::copy(covers_.begin(), covers_.end(), state.inputs.column(layer::landcover).begin());
  if (setup_.change) {
    const auto& maps = setup_.change->from_landcover() ? covers_ : types_;
    state.change_class.resize(pixels_);
    std::transform(maps.begin(), maps.end(), state.change_class.begin(),
                   [&](ClassIndex in_maps) { return setup_.change->place(in_maps); });
  }
  return usable;
}

bool BlockWorker::read_date(std::size_t date, const Window& window, Census& census) {
  DateState& state = dates_[date];
  state.inputs.resize(pixels_);
  bool usable = read_classes(date, window, census);
  for (std::size_t i = 0; i < state.sources.size(); ++i) {
    const InputLayer& input = setup_.dates[date].layers[i];
    if (input.classes) continue;
    const auto column = state.inputs.column(*measure_called(input.layer.name));
    state.sources[i].read(window, column);
    auto& counts = census.layers[{date, std::string(input.layer.name)}];
    usable = count_measure(column, input.layer, window, counts) && usable;
    if (input.layer.name == layer::carbon_map.name && setup_.job.given_quantity == "co2") {
      for (double& value : column) value = to_carbon(Co2Density(value)).value();
    }
  }
  // A layer that another date has but this one does not: unknown everywhere.
  for (const Layer<double>* measure : measures) {
    if (setup_.dates[date].find(measure->name) != nullptr) continue;
    const auto column = state.inputs.column(*measure);
    std::fill(column.begin(), column.end(), no_value);
  }
  return usable;
}

void BlockWorker::find_land_use(std::size_t date, Census& census) {
  DateState& state = dates_[date];
  const auto joined = state.inputs.column(layer::forest_type);
  state.known.resize(pixels_);
  state.forest.resize(pixels_);
  state.forest_one.resize(pixels_);
  state.forest_volume.resize(pixels_);
  if (!setup_.classes) {
    std::fill(joined.begin(), joined.end(), no_class);
    if (state.has_volume) std::ranges::copy(state.inputs.column(layer::volume), state.forest_volume.begin());
    return;
  }
  const ClassScheme& classes = *setup_.classes;
  const double* volume = state.has_volume ? state.inputs.column(layer::volume).data() : nullptr;
  for (std::size_t p = 0; p < pixels_; ++p) {
    const ClassIndex index = classes.join(types_[p], covers_[p]);
    joined[p] = index;
    const bool forest = classes.forest(index);
    state.known[p] = index != no_class;
    state.forest[p] = forest;
    state.forest_one[p] = forest ? 1.0 : no_value;
    state.forest_volume[p] = forest && volume != nullptr ? volume[p] : no_value;
    if (classes.disagree(types_[p], covers_[p])) {
      Tally& tally = census.disagreements[{date, {types_[p], classes.cover_class(covers_[p])}}];
      ++tally.pixels;
      tally.area_ha.add(&area_ha_[p], 1);
    }
  }
}

}  // namespace sink
