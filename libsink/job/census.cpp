// SPDX-License-Identifier: Apache-2.0
#include "job/census.hpp"

#include <algorithm>

namespace sink {
namespace {

template <class Map>
void add_all(Map& to, const Map& from) {
  for (const auto& [key, value] : from) to[key] += value;
}

}  // namespace

ImpossibleValues& ImpossibleValues::operator+=(const ImpossibleValues& other) {
  if (other.pixels == 0) return *this;
  const bool earlier = pixels == 0 || std::pair(other.row, other.column) < std::pair(row, column);
  if (earlier) {
    example = other.example;
    column = other.column;
    row = other.row;
  }
  pixels += other.pixels;
  return *this;
}

LayerCensus& LayerCensus::operator+=(const LayerCensus& other) {
  if (other.valid > 0) {
    min = valid > 0 ? std::min(min, other.min) : other.min;
    max = valid > 0 ? std::max(max, other.max) : other.max;
  }
  valid += other.valid;
  nodata += other.nodata;
  add_all(codes, other.codes);
  negative += other.negative;
  too_large += other.too_large;
  return *this;
}

EventCensus& EventCensus::operator+=(const EventCensus& other) {
  add_all(unnamed, other.unnamed);
  add_all(undated, other.undated);
  add_all(overlapping, other.overlapping);
  add_all(outside, other.outside);
  return *this;
}

Census& Census::operator+=(const Census& other) {
  add_all(layers, other.layers);
  add_all(steps, other.steps);
  add_all(disagreements, other.disagreements);
  add_all(species_changed, other.species_changed);
  add_all(class_edge_crossed, other.class_edge_crossed);
  add_all(forest_lost_from_view, other.forest_lost_from_view);
  events += other.events;
  overlapping_sets.insert(other.overlapping_sets.begin(), other.overlapping_sets.end());
  return *this;
}

}  // namespace sink
