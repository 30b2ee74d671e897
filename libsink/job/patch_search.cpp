// SPDX-License-Identifier: Apache-2.0
#include "job/patch_search.hpp"

#include <algorithm>
#include <set>

#include "job/patch_table.hpp"
#include "raster/polygon_layer.hpp"
#include "raster/raster_source.hpp"

namespace sink {
namespace {

/// All features of a layer as one zone.
PolygonZones overlay_of(const std::string& file, const Grid& grid) {
  const PolygonLayer layer = read_polygons(file, {}, "");
  ZoneFeatures all{{"overlay", ""}, {}};
  for (std::size_t i = 0; i < layer.features.size(); ++i) all.features.push_back(i);
  return {layer, {all}, grid};
}

void check(const PatchOptions& options, const PatchWorld& world) {
  if (options.transitions.empty() && options.presets.empty()) {
    throw usage_error(
        "no transition: give --transition FROM:TO, such as forest:20, or --preset tea, building or harvest");
  }
  if (!options.presets.empty() && !world.land_uses) throw usage_error("--preset needs land uses: give --legend");
  std::set<std::string> names;
  for (const auto& [name, file] : options.overlays) {
    if (!names.insert(name).second)
      throw usage_error("--overlay " + name + ": stands twice: give each a name of its own");
  }
  std::set<std::string> weighted;
  for (const auto& [name, weight] : options.weights) {
    if (names.count(name) == 0)
      throw usage_error("--weight " + name + ": no overlay has this name: give --overlay " + name + "=FILE");
    if (!weighted.insert(name).second) throw usage_error("--weight " + name + ": stands twice");
    if (!(weight >= 0 && weight <= 1e6))
      throw usage_error("--weight " + name + ": a weight is a number from 0 to 1000000");
  }
}

}  // namespace

PatchSearch::PatchSearch(PatchOptions asked, PatchWorld in) : options(std::move(asked)), world(std::move(in)) {
  if (world.labels.empty()) world.labels.assign(world.years.size(), labels_of(world.legend));
  check(options, world);
  choose_pairs();
  units = minimum_units(world.legend, options.minimum_units);
  const std::string impossible = options.impossible.empty() ? "" : path_below(world.directory, options.impossible);
  for (std::size_t t = 0; t < intervals(); ++t) {
    reasons.push_back(impossible_transitions(world.legend, impossible, world.years[t + 1] - world.years[t]));
  }
  open_overlays();
  demand_distinct_columns(*this);
}

void PatchSearch::choose_pairs() {
  TransitionSet pairs, felled_pairs;
  pairs.resize(classes() * classes());
  felled_pairs.resize(pairs.size());
  for (const auto& transition : options.transitions) {
    add_transition(world.legend, transition, pairs);
    add_felled(world.legend, transition, felled_pairs);
  }
  for (const auto& preset : options.presets) {
    if (preset == "harvest") {
      add_harvest(world.legend, pairs, felled_pairs);
    } else {
      add_preset(world.legend, preset, pairs);
    }
  }
  wanted.assign(pairs.begin(), pairs.end());
  wanted_if_felled.assign(felled_pairs.begin(), felled_pairs.end());
  const auto& presets = options.presets;
  if (!world.felled && std::find(presets.begin(), presets.end(), "harvest") != presets.end()) {
    warnings.emplace_back(
        "the preset harvest without age or volume at both dates finds only felled land that the classes show");
  }
}

void PatchSearch::open_overlays() {
  for (const auto& [name, file] : options.overlays) {
    overlays.push_back(overlay_of(path_below(world.directory, file), world.grid));
    const auto& own = overlays.back().warnings();
    warnings.insert(warnings.end(), own.begin(), own.end());
    const auto weight = std::find_if(options.weights.begin(), options.weights.end(),
                                     [n = &name](const auto& w) { return w.first == *n; });
    weights.push_back(weight == options.weights.end() ? 1 : weight->second);
  }
}

std::vector<std::string> PatchSearch::files() const {
  std::vector<std::string> files;
  for (const auto& [name, file] : options.overlays) {
    files.push_back(parse_layer_path(path_below(world.directory, file)).file);
  }
  if (!options.impossible.empty()) files.push_back(path_below(world.directory, options.impossible));
  return files;
}

}  // namespace sink
