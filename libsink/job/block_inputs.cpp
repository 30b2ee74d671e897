// SPDX-License-Identifier: Apache-2.0
// BlockWorker: reading the inputs of a part of a window and telling what is forest.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/quantity.hpp"
#include "core/value_range.hpp"
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
  const ValueRange range = range_of(values.data(), values.size());
  const auto valid = static_cast<std::int64_t>(values.size()) - range.nan;
  census.nodata += range.nan;
  if (valid == 0) return true;
  census.min = census.valid > 0 ? std::min(census.min, range.min) : range.min;
  census.max = census.valid > 0 ? std::max(census.max, range.max) : range.max;
  census.valid += valid;
  if (range.min >= 0 && range.max <= layer.possible_max) return true;
  for (std::size_t p = 0; p < values.size(); ++p) {
    if (values[p] < 0) note_value(census.negative, window, p, values[p]);
    if (values[p] > layer.possible_max) note_value(census.too_large, window, p, values[p]);
  }
  return false;
}

/// Measures that every account may look at; culms by age are read where they are given.
constexpr std::array<const Layer<double>*, 5> measures = {&layer::volume, &layer::age, &layer::culms, &layer::agb_map,
                                                          &layer::carbon_map};

const Layer<double>* measure_called(std::string_view name) {
  const auto found = std::find_if(std::begin(measures), std::end(measures), [&](auto* m) { return m->name == name; });
  if (found != std::end(measures)) return *found;
  const auto age = std::find_if(culm_layers.begin(), culm_layers.end(), [&](auto* m) { return m->name == name; });
  return age == culm_layers.end() ? nullptr : *age;
}

/// Culms of all ages, which other accounts go by.
void add_culm_ages(Block& inputs) {
  const auto total = inputs.column(layer::culms);
  std::fill(total.begin(), total.end(), 0.0);
  for (const Layer<double>* age : culm_layers) {
    const auto culms = inputs.column(*age);
    for (std::size_t p = 0; p < total.size(); ++p) total[p] += culms[p];
  }
}

}  // namespace

BlockWorker::BlockWorker(const RunSetup& setup)
    : setup_(setup),
      dates_(setup.dates.size()),
      stocks_(setup.dates.size() * setup.methods.size()),
      harvest_(setup.layout->shape().periods()),
      flows_(harvest_.size() * setup.methods.size()),
      counts_(setup),
      reduction_(*setup.layout, setup.classes.has_value()) {
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    for (const auto& input : setup.dates[d].layers) {
      RasterSource source(files_, setup.job.base_directory, input.band.path, setup.job.run.access());
      if (setup.job.run.align) source.align_to(setup.grid);
      dates_[d].sources.push_back(std::move(source));
      dates_[d].volume_given = dates_[d].volume_given || input.layer.name == layer::volume.name;
      dates_[d].age_given = dates_[d].age_given || input.layer.name == layer::age.name;
    }
  }
  for (const auto& set : setup.zone_sets) zone_readers_.push_back(set.reader());
  if (setup.classes) {
    const auto& rows = setup.classes->joined().rows();
    std::vector<std::uint8_t> unstocked(max_classes + 1, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) unstocked[i] = rows[i].land_use == LandUse::forest_unstocked;
    if (std::find(unstocked.begin(), unstocked.end(), 1) != unstocked.end()) unstocked_ = std::move(unstocked);
  }
  if (setup.patches) patch_finder_.emplace(*setup.patches);
  if (setup.events) event_reader_.emplace(*setup.events, setup.job, setup.grid);
  for (const auto& side : setup.sides) sides_.push_back(side->worker());
}

bool BlockWorker::read_part(const Window& part, Census& census) {
  pixels_ = static_cast<std::size_t>(part.pixels());
  blank_ = true;
  area_ha_.resize(pixels_);
  for (std::int64_t row = 0; row < part.rows; ++row) {
    setup_.areas->row_ha(part.row + row, part.column,
                         std::span(area_ha_).subspan(static_cast<std::size_t>(row * part.columns),
                                                     static_cast<std::size_t>(part.columns)));
  }
  bool usable = true;
  for (std::size_t d = 0; d < dates_.size(); ++d) {
    usable = read_date(d, part) && usable;
    if (usable) find_land_use(d, census);
  }
  if (event_reader_) usable = event_reader_->read(part, area_ha_.data(), events_, census.events) && usable;
  return usable;
}

bool BlockWorker::read_classes(std::size_t date, const Window& part) {
  DateState& state = dates_[date];
  bool usable = true;
  types_.assign(pixels_, no_class);
  covers_.assign(pixels_, no_class);
  codes_.resize(pixels_);
  for (std::size_t i = 0; i < state.sources.size(); ++i) {
    const InputLayer& input = setup_.dates[date].layers[i];
    if (!input.classes) continue;
    const bool is_type = input.layer.name == layer::forest_type.name;
    const Legend& legend = is_type ? *setup_.forest_types : *setup_.landcover;
    auto& places = is_type ? types_ : covers_;
    const bool any = state.sources[i].read_codes(part, codes_);
    blank_ = blank_ && !any;
    LayerCensus& layer = counts_.layer(date, i);
    const std::int32_t* codes = codes_.data();
    for (std::size_t begin = 0, pixels = pixels_; begin < pixels;) {
      const std::int32_t code = codes[begin];
      std::size_t end = begin + 1;
      while (end < pixels && codes[end] == code) ++end;
      const auto n = static_cast<std::int64_t>(end - begin);
      if (code == RasterSource::no_code) {
        layer.nodata += n;
      } else {
        layer.valid += n;
        counts_.count_code(date, i, code, n);
        const ClassIndex place = legend.index_of(code);
        usable = usable && place != no_class;
        std::fill_n(places.begin() + static_cast<std::ptrdiff_t>(begin), n, place);
      }
      begin = end;
    }
  }
  std::copy(covers_.begin(), covers_.end(), state.inputs.column(layer::landcover).begin());
  if (setup_.change) {
    const auto& maps = setup_.change->from_landcover() ? covers_ : types_;
    state.change_class.resize(pixels_);
    for (std::size_t begin = 0, pixels = pixels_; begin < pixels;) {
      std::size_t end = begin + 1;
      while (end < pixels && maps[end] == maps[begin]) ++end;
      std::fill(state.change_class.data() + begin, state.change_class.data() + end, setup_.change->place(maps[begin]));
      begin = end;
    }
  }
  return usable;
}

bool BlockWorker::read_date(std::size_t date, const Window& part) {
  DateState& state = dates_[date];
  state.inputs.resize(pixels_);
  bool usable = read_classes(date, part);
  for (std::size_t i = 0; i < state.sources.size(); ++i) {
    const InputLayer& input = setup_.dates[date].layers[i];
    if (input.classes) continue;
    const auto column = state.inputs.column(*measure_called(input.layer.name));
    const bool any = state.sources[i].read(part, column);
    blank_ = blank_ && !any;
    usable = count_measure(column, input.layer, part, counts_.layer(date, i)) && usable;
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
  if (setup_.culm_maps == CulmMaps::by_age) add_culm_ages(state.inputs);
  state.has_volume.resize(pixels_);
  mark_known(state.inputs.column(layer::volume).data(), pixels_, state.has_volume.data());
  return usable;
}

void BlockWorker::find_land_use(std::size_t date, Census& census) {
  DateState& state = dates_[date];
  const auto joined = state.inputs.column(layer::forest_type);
  state.known.resize(pixels_);
  state.forest.resize(pixels_);
  if (!setup_.classes) {
    std::fill(joined.begin(), joined.end(), no_class);
    return;
  }
  const ClassScheme& classes = *setup_.classes;
  const ClassIndex *types = types_.data(), *covers = covers_.data();
  for (std::size_t begin = 0, pixels = pixels_; begin < pixels;) {
    const ClassIndex type = types[begin], cover = covers[begin], index = classes.join(type, cover);
    std::size_t end = begin + 1;
    while (end < pixels && types[end] == type && covers[end] == cover) ++end;
    std::fill(joined.data() + begin, joined.data() + end, index);
    std::fill(state.known.data() + begin, state.known.data() + end, index != no_class);
    std::fill(state.forest.data() + begin, state.forest.data() + end, classes.forest(index));
    if (classes.disagree(type, cover)) {
      Tally& tally = census.disagreements[{date, {type, classes.cover_class(cover)}}];
      tally.pixels += static_cast<std::int64_t>(end - begin);
      tally.area_ha.add(&area_ha_[begin], end - begin);
    }
    begin = end;
  }
}

}  // namespace sink
