// SPDX-License-Identifier: Apache-2.0
// Census: what a pass finds in the inputs beside carbon. Counts of codes, of valid, nodata and unmodelled pixels, of
// impossible values, and the area each step of a method filled. Mergeable in any order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/class_table.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

/// Values of a measure that no forest has.
struct ImpossibleValues {
  std::int64_t pixels = 0;
  double example = 0;
  std::int64_t column = -1, row = -1;  ///< of the first in row-major order
  ImpossibleValues& operator+=(const ImpossibleValues& other);
  template <class Archive>
  void transfer(Archive& archive) {
    archive(pixels, example, column, row);
  }
};

struct LayerCensus {
  std::int64_t valid = 0, nodata = 0;
  std::map<std::int32_t, std::int64_t> codes;  ///< of a class layer: pixels by code
  ImpossibleValues negative, too_large;        ///< of a measure
  double min = 0, max = 0;                     ///< of a measure, over its valid pixels
  LayerCensus& operator+=(const LayerCensus& other);
  template <class Archive>
  void transfer(Archive& archive) {
    archive(valid, nodata, codes, negative, too_large, min, max);
  }
};

/// Pixels, area and carbon that share something.
struct Tally {
  std::int64_t pixels = 0;
  FixedSum area_ha, carbon_t;
  Tally& operator+=(const Tally& other) {
    pixels += other.pixels;
    area_ha += other.area_ha;
    carbon_t += other.carbon_t;
    return *this;
  }
  template <class Archive>
  void transfer(Archive& archive) {
    archive(pixels, area_ha, carbon_t);
  }
};

/// What is wrong with disturbance rasters, and where two events share a pixel and a period.
struct EventCensus {
  std::map<std::pair<std::size_t, std::int32_t>, std::int64_t> unnamed;  ///< pixels by source and code
  std::map<std::size_t, std::int64_t> undated;                           ///< pixels by source
  std::map<std::size_t, Tally> overlapping;                              ///< by period
  std::map<std::size_t, std::int64_t> outside;                           ///< pixels by source: in a year of no period
  EventCensus& operator+=(const EventCensus& other);
  template <class Archive>
  void transfer(Archive& archive) {
    archive(unnamed, undated, overlapping, outside);
  }
};

struct Census {
  /// By date and input layer.
  std::map<std::pair<std::size_t, std::string>, LayerCensus> layers;
  /// By date, method and step of its chain ("bef", "culms", …, "unmodelled").
  struct Step {
    std::size_t date;
    std::string method, step;
    auto operator<=>(const Step&) const = default;
    template <class Archive>
    void transfer(Archive& archive) {
      archive(date, method, step);
    }
  };
  std::map<Step, Tally> steps;
  /// Forest type and land cover that disagree about forest: by date and joined classes.
  std::map<std::pair<std::size_t, std::pair<ClassIndex, ClassIndex>>, Tally> disagreements;
  /// By period and method: forest at both dates whose class changed; carbon is the change of stock.
  std::map<std::pair<std::size_t, std::string>, Tally> species_changed, class_edge_crossed;
  /// By period: forest at the first date that is nodata at the second.
  std::map<std::size_t, Tally> forest_lost_from_view;

  EventCensus events;

  /// Zone sets in which zones share a pixel.
  std::set<std::size_t> overlapping_sets;

  Census& operator+=(const Census& other);
  template <class Archive>
  void transfer(Archive& archive) {
    archive(layers, steps, disagreements, species_changed, class_edge_crossed, forest_lost_from_view, events,
            overlapping_sets);
  }
};

}  // namespace sink
