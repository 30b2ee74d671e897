// SPDX-License-Identifier: Apache-2.0
// BlockWorker: stocks by method and flows between dates.
#include <algorithm>
#include <cmath>

#include "account/harvest.hpp"
#include "job/block_worker.hpp"
#include "job/parcel_groups.hpp"

namespace sink {
namespace {

constexpr std::uint8_t no_step = 255;

/// Adds each run of pixels of one step to that step's tally.
void count_steps(const std::vector<std::uint8_t>& step, const std::vector<double>& area_ha, std::size_t date,
                 const MethodRun& method, Census& census) {
  for (std::size_t begin = 0; begin < step.size();) {
    std::size_t end = begin + 1;
    while (end < step.size() && step[end] == step[begin]) ++end;
    if (step[begin] != no_step) {
      const std::size_t s = step[begin];
      const std::string name = s < method.chain.size()    ? method.chain[s].name
                               : s == method.chain.size() ? "unmodelled"
                                                          : "bamboo by area density";
      Tally& tally = census.steps[{date, method.name, name}];
      tally.pixels += static_cast<std::int64_t>(end - begin);
      tally.area_ha.add(&area_ha[begin], end - begin);
    }
    begin = end;
  }
}

const double* column_if(Block& block, const Layer<double>& layer, bool has) {
  return has ? block.column(layer).data() : nullptr;
}

}  // namespace

void BlockWorker::compute_stock(std::size_t date, std::size_t method, Census& census) {
  const MethodRun& run = setup_.methods[method];
  DateState& inputs = dates_[date];
  StockState& state = stock(date, method);
  state.results.resize(pixels_);
  state.results.read_from(inputs.inputs);
  state.step.assign(pixels_, no_step);
  const bool split = run.features.split;
  const auto first = state.results.column(split ? layer::carbon_above : layer::carbon);
  for (std::size_t link = 0; link < run.chain.size(); ++link) {
    run.chain[link].method.run(state.results, link == 0 ? Write::all : Write::gaps);
    for (std::size_t p = 0; p < pixels_; ++p) {
      if (state.step[p] == no_step && !std::isnan(first[p])) state.step[p] = static_cast<std::uint8_t>(link);
    }
  }
  state.agb = column_if(state.results, layer::agb, run.features.biomass);
  state.bgb = column_if(state.results, layer::bgb, run.features.biomass);
  state.above = column_if(state.results, layer::carbon_above, split);
  state.below = column_if(state.results, layer::carbon_below, split);
  state.dead = column_if(state.results, layer::carbon_dead, run.features.dead);
  state.soil = column_if(state.results, layer::carbon_soil, run.features.soil);

  state.carbon.resize(pixels_);
  state.unmodelled_one.resize(pixels_);
  const auto unmodelled = static_cast<std::uint8_t>(run.chain.size());
  const auto bamboo_by_density = static_cast<std::uint8_t>(run.chain.size() + 1);
  const auto types = inputs.inputs.column(layer::forest_type);
  for (std::size_t p = 0; p < pixels_; ++p) {
    state.carbon[p] = split ? state.above[p] + state.below[p] : first[p];
    const bool missing = setup_.classes && inputs.forest[p] && std::isnan(state.carbon[p]);
    state.unmodelled_one[p] = missing ? 1.0 : no_value;
    if (missing) state.step[p] = unmodelled;
    const bool by_density = state.step[p] < run.chain.size() && run.chain[state.step[p]].name == "area_density";
    if (by_density && !run.bamboo.empty() && run.bamboo[types[p]]) state.step[p] = bamboo_by_density;
  }
  count_steps(state.step, area_ha_, date, run, census);
}

void BlockWorker::compute_period(std::size_t period, Census& census) {
  DateState &from = dates_[period], &to = dates_[period + 1];
  PeriodState& state = periods_[period];
  for (auto* column : {&state.volume_change, &state.gained_one, &state.lost_one, &state.harvest_one}) {
    column->assign(pixels_, no_value);
  }
  const bool volumes = from.has_volume && to.has_volume, ages = from.has_age && to.has_age;
  const double* volume_1 = column_if(from.inputs, layer::volume, volumes);
  const double* volume_2 = column_if(to.inputs, layer::volume, volumes);
  const double* age_1 = column_if(from.inputs, layer::age, ages);
  const double* age_2 = column_if(to.inputs, layer::age, ages);
  for (std::size_t p = 0; p < pixels_; ++p) {
    if (volumes) state.volume_change[p] = volume_2[p] - volume_1[p];
    if (!setup_.classes) continue;
    if (from.known[p] && to.known[p] && from.forest[p] != to.forest[p]) {
      (to.forest[p] ? state.gained_one : state.lost_one)[p] = 1.0;
    }
    const bool cut = felled(ages ? age_1[p] : no_value, ages ? age_2[p] : no_value, volumes ? volume_1[p] : no_value,
                            volumes ? volume_2[p] : no_value);
    if (from.forest[p] && to.forest[p] && cut) state.harvest_one[p] = 1.0;
    if (from.forest[p] && !to.known[p]) {
      Tally& tally = census.forest_lost_from_view[period];
      ++tally.pixels;
      tally.area_ha.add(&area_ha_[p], 1);
    }
  }
}

void BlockWorker::compute_flows(std::size_t period, std::size_t method, Census& census) {
  const StockState &s1 = stock(period, method), &s2 = stock(period + 1, method);
  const DateState &from = dates_[period], &to = dates_[period + 1];
  FlowState& state = flows(period, method);
  const bool land_use = setup_.classes.has_value();
  state.flow.resize(pixels_);
  for (auto* column : {&state.carbon_change, &state.above_change, &state.dead_change, &state.no_rate_one}) {
    column->resize(pixels_);
  }
  const auto change = [&](const double* before, const double* after, std::size_t p) {
    const bool known_1 = !std::isnan(before[p]), known_2 = !std::isnan(after[p]);
    if (known_1 && known_2) return after[p] - before[p];
    return known_2 ? after[p] : known_1 ? -before[p] : no_value;
  };
  for (std::size_t p = 0; p < pixels_; ++p) {
    const bool known_1 = !std::isnan(s1.carbon[p]), known_2 = !std::isnan(s2.carbon[p]);
    const bool forest_1 = land_use ? from.forest[p] != 0 : known_1, forest_2 = land_use ? to.forest[p] != 0 : known_2;
    Flow flow = Flow::unknown;
    if (known_1 && known_2) {
      flow = forest_1 ? (forest_2 ? Flow::stable : Flow::loss) : (forest_2 ? Flow::gain : Flow::neither);
    } else if (known_1 != known_2) {
      flow = known_1 ? Flow::first_only : Flow::second_only;
    }
    state.flow[p] = flow;
    const bool no_rate = land_use && (forest_1 || forest_2) && !(known_1 && known_2);
    state.no_rate_one[p] = no_rate ? 1.0 : no_value;
    state.carbon_change[p] = change(s1.carbon.data(), s2.carbon.data(), p);
    if (s1.above != nullptr) state.above_change[p] = change(s1.above, s2.above, p);
    if (s1.dead != nullptr) state.dead_change[p] = change(s1.dead, s2.dead, p);
  }
  if (land_use) count_changes(period, method, census);
}

void BlockWorker::count_changes(std::size_t period, std::size_t method, Census& census) {
  const auto class_1 = dates_[period].inputs.column(layer::forest_type);
  const auto class_2 = dates_[period + 1].inputs.column(layer::forest_type);
  const FlowState& state = flows(period, method);
  const bool steps = setup_.methods[method].has_volume_classes;
  const double* step_1 = column_if(stock(period, method).results, layer::volume_class, steps);
  const double* step_2 = column_if(stock(period + 1, method).results, layer::volume_class, steps);
  const auto add = [&](Tally& tally, std::size_t p) {
    ++tally.pixels;
    tally.area_ha.add(&area_ha_[p], 1);
    tally.carbon_t.add_products(&state.carbon_change[p], &area_ha_[p], 1);
  };
  const auto& name = setup_.methods[method].name;
  for (std::size_t p = 0; p < pixels_; ++p) {
    if (state.flow[p] != Flow::stable) continue;
    if (class_1[p] != class_2[p]) {
      add(census.species_changed[{period, name}], p);
    } else if (steps && std::abs(step_1[p] - step_2[p]) > 0) {  // false for NaN: no volume class at all
      add(census.class_edge_crossed[{period, name}], p);
    }
  }
}

}  // namespace sink
