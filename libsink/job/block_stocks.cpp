// SPDX-License-Identifier: Apache-2.0
// BlockWorker: stocks by method and flows between dates.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "account/harvest.hpp"
#include "core/value_range.hpp"
#include "job/block_worker.hpp"
#include "job/parcel_groups.hpp"

namespace sink {
namespace {

constexpr std::uint8_t no_step = 255;

const double* column_if(Block& block, const Layer<double>& layer, bool has) {
  return has ? block.column(layer).data() : nullptr;
}

}  // namespace

void BlockWorker::run_chain(const MethodRun& run, StockState& state) {
  const double* first = state.results.column(run.features.split ? layer::carbon_above : layer::carbon).data();
  const std::size_t pixels = pixels_;
  std::uint8_t* step = state.step.data();
  run.chain.front().method.run(state.results, Write::all);
  for (std::size_t p = 0; p < pixels; ++p) step[p] = first[p] == first[p] ? 0 : no_step;
  for (std::size_t link = 1; link < run.chain.size(); ++link) {
    if (std::memchr(step, no_step, pixels) == nullptr) return;
    run.chain[link].method.run(state.results, Write::gaps);
    const auto number = static_cast<std::uint8_t>(link);
    for (std::size_t p = 0; p < pixels; ++p) {
      const int filled = (step[p] == no_step ? 1 : 0) & (first[p] == first[p] ? 1 : 0);
      step[p] = filled != 0 ? number : step[p];
    }
  }
}

void BlockWorker::compute_stock(std::size_t date, std::size_t method) {
  const MethodRun& run = setup_.methods[method];
  const bool split = run.features.split;
  DateState& inputs = dates_[date];
  StockState& state = stock(date, method);
  state.results.resize(pixels_);
  state.results.read_from(inputs.inputs);
  state.step.resize(pixels_);
  run_chain(run, state);
  state.agb = column_if(state.results, layer::agb, run.features.biomass);
  state.bgb = column_if(state.results, layer::bgb, run.features.biomass);
  state.above = column_if(state.results, layer::carbon_above, split);
  state.below = column_if(state.results, layer::carbon_below, split);
  state.dead = column_if(state.results, layer::carbon_dead, run.features.dead);
  state.soil = column_if(state.results, layer::carbon_soil, run.features.soil);

  state.carbon.resize(pixels_);
  state.has_stock.resize(pixels_);
  double* carbon = state.carbon.data();
  if (split) {
    const double *above = state.above, *below = state.below;
    for (std::size_t p = 0, pixels = pixels_; p < pixels; ++p) carbon[p] = above[p] + below[p];
  } else {
    std::ranges::copy(state.results.column(layer::carbon), carbon);
  }
  mark_known(carbon, pixels_, state.has_stock.data());
  count_steps(date, method);
}

/// Adds each run of pixels of one step to that step's tally.
void BlockWorker::count_steps(std::size_t date, std::size_t method) {
  const MethodRun& run = setup_.methods[method];
  StockState& state = stock(date, method);
  DateState& inputs = dates_[date];
  std::uint8_t* step = state.step.data();
  const std::size_t pixels = pixels_;
  if (setup_.classes) {
    const auto unmodelled = static_cast<std::uint8_t>(run.chain.size());
    const std::uint8_t *forest = inputs.forest.data(), *has_stock = state.has_stock.data();
    for (std::size_t p = 0; p < pixels; ++p) step[p] = forest[p] > has_stock[p] ? unmodelled : step[p];  // vectorises
  }
  const auto types = inputs.inputs.column(layer::forest_type);
  for (std::size_t begin = 0; begin < pixels;) {
    const std::uint8_t link = step[begin];
    const bool by_density = link < run.chain.size() && !run.bamboo.empty() && run.chain[link].name == "area_density";
    const bool bamboo = by_density && run.bamboo[types[begin]];
    std::size_t end = begin + 1;
    while (end < pixels && step[end] == link && (!by_density || run.bamboo[types[end]] == bamboo)) ++end;
    if (link != no_step) {
      Tally& tally = counts_.step(date, method, bamboo ? run.chain.size() + 1 : link);
      tally.pixels += static_cast<std::int64_t>(end - begin);
      tally.area_ha.add(&area_ha_[begin], end - begin);
    }
    begin = end;
  }
}

void BlockWorker::compute_period(std::size_t period) {
  DateState &from = dates_[period], &to = dates_[period + 1];
  const std::size_t pixels = pixels_;
  harvest_[period].assign(pixels, 0);
  if (!setup_.classes) return;
  const std::uint8_t *forest_1 = from.forest.data(), *forest_2 = to.forest.data();
  // A layer that is not given is NaN everywhere, which says nothing.
  const double* volume_1 = from.inputs.column(layer::volume).data();
  const double* volume_2 = to.inputs.column(layer::volume).data();
  const double* age_1 = from.inputs.column(layer::age).data();
  const double* age_2 = to.inputs.column(layer::age).data();
  std::uint8_t* harvest = harvest_[period].data();
  for (std::size_t p = 0; p < pixels; ++p) {
    const int cut = felled(age_1[p], age_2[p], volume_1[p], volume_2[p]) ? 1 : 0;
    harvest[p] = static_cast<std::uint8_t>(cut & forest_1[p] & forest_2[p]);
  }
  if (!unstocked_.empty()) {
    // Felled, to be replanted: the class says it where no volume does.
    const auto type_1 = from.inputs.column(layer::forest_type), type_2 = to.inputs.column(layer::forest_type);
    for (std::size_t p = 0; p < pixels; ++p) {
      harvest[p] |= static_cast<std::uint8_t>(forest_1[p] & unstocked_[type_2[p]] & (1 - unstocked_[type_1[p]]));
    }
  }
  Tally& lost = counts_.lost_from_view(period);
  const std::uint8_t* known_2 = to.known.data();
  for (std::size_t p = 0; p < pixels; ++p) {
    if (forest_1[p] <= known_2[p]) continue;
    ++lost.pixels;
    lost.area_ha.add(&area_ha_[p], 1);
  }
}

void BlockWorker::compute_flows(std::size_t period, std::size_t method) {
  const StockState &s1 = stock(period, method), &s2 = stock(period + 1, method);
  const bool land_use = setup_.classes.has_value();
  const std::uint8_t *known_1 = s1.has_stock.data(), *known_2 = s2.has_stock.data();
  const std::uint8_t* forest_1 = land_use ? dates_[period].forest.data() : known_1;
  const std::uint8_t* forest_2 = land_use ? dates_[period + 1].forest.data() : known_2;
  std::array<Flow, 16> flow_by_flags{};
  for (unsigned i = 0; i < flow_by_flags.size(); ++i) {
    flow_by_flags[i] = flow_of({(i & 1) != 0, (i & 2) != 0}, {(i & 4) != 0, (i & 8) != 0});
  }
  flows(period, method).resize(pixels_);
  Flow* flow = flows(period, method).data();
  for (std::size_t p = 0, pixels = pixels_; p < pixels; ++p) {
    flow[p] =
        flow_by_flags[static_cast<std::size_t>(known_1[p] | forest_1[p] << 1 | known_2[p] << 2 | forest_2[p] << 3)];
  }
  if (land_use) count_changes(period, method);
}

void BlockWorker::count_changes(std::size_t period, std::size_t method) {
  const auto class_1 = dates_[period].inputs.column(layer::forest_type);
  const auto class_2 = dates_[period + 1].inputs.column(layer::forest_type);
  const auto& flow = flows(period, method);
  StockState &s1 = stock(period, method), &s2 = stock(period + 1, method);
  const bool steps = setup_.methods[method].has_volume_classes;
  const double* step_1 = column_if(s1.results, layer::volume_class, steps);
  const double* step_2 = column_if(s2.results, layer::volume_class, steps);
  const auto add = [&](Tally& tally, std::size_t p) {
    const double change_t_ha = s2.carbon[p] - s1.carbon[p];
    ++tally.pixels;
    tally.area_ha.add(&area_ha_[p], 1);
    tally.carbon_t.add_products(&change_t_ha, &area_ha_[p], 1);
  };
  for (std::size_t p = 0, pixels = pixels_; p < pixels; ++p) {
    if (class_1[p] == class_2[p] && !steps) continue;
    if (flow[p] != Flow::stable) continue;
    if (class_1[p] != class_2[p]) {
      add(counts_.species_changed(period, method), p);
    } else if (std::abs(step_1[p] - step_2[p]) > 0) {  // false for NaN: no volume class at all
      add(counts_.class_edge_crossed(period, method), p);
    }
  }
}

}  // namespace sink
