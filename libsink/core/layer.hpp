// SPDX-License-Identifier: Apache-2.0
// The catalogue of layers: every layer's name, pixel type, unit and meaning. Options, column headers, band
// descriptions and the list of `sinkcalc methods` come from here.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "core/class_table.hpp"

namespace sink {

/// What a person needs to know of a layer. A map that is given and a result may bear one name ("agb"): `given`
/// tells them apart, so that a method never writes over its input.
struct LayerInfo {
  std::string_view name, unit, meaning;
  bool given = false;
  /// No forest holds more: a larger value is a wrong unit or an undeclared nodata value. Less than 0 never is possible.
  double possible_max = std::numeric_limits<double>::infinity();
};

/// A layer with its pixel type: double for measures, ClassIndex for classes.
template <class T>
struct Layer : LayerInfo {};

namespace layer {

// Inputs: stand maps and land cover.
inline constexpr Layer<ClassIndex> forest_type{{"forest_type", "class", "forest type", true}};
inline constexpr Layer<ClassIndex> landcover{{"landcover", "class", "land cover", true}};
inline constexpr Layer<double> volume{{"volume", "m3/ha", "growing stock volume", true, 5000}};
inline constexpr Layer<double> age{{"age", "yr", "stand age", true, 5000}};
inline constexpr Layer<double> culms{{"culms", "culms/ha", "bamboo culms", true, 100000}};
inline constexpr Layer<double> culms_age_1{{"culms_age_1", "culms/ha", "bamboo culms of 1 year", true, 100000}};
inline constexpr Layer<double> culms_age_3{{"culms_age_3", "culms/ha", "bamboo culms of 3 years", true, 100000}};
inline constexpr Layer<double> culms_age_5{{"culms_age_5", "culms/ha", "bamboo culms of 5 years", true, 100000}};
inline constexpr Layer<double> agb_map{{"agb", "t d.m./ha", "above-ground biomass map", true, 5000}};
inline constexpr Layer<double> carbon_map{{"carbon_map", "t C/ha", "carbon density map", true, 20000}};

// Results of the stock methods.
inline constexpr Layer<double> agb{{"agb", "t d.m./ha", "above-ground living biomass"}};
inline constexpr Layer<double> bgb{{"bgb", "t d.m./ha", "below-ground living biomass"}};
inline constexpr Layer<double> carbon_above{{"carbon_above", "t C/ha", "carbon of above-ground living biomass"}};
inline constexpr Layer<double> carbon_below{{"carbon_below", "t C/ha", "carbon of below-ground living biomass"}};
inline constexpr Layer<double> carbon{{"carbon", "t C/ha", "carbon of living biomass, above and below ground"}};
inline constexpr Layer<double> carbon_dead{{"dead", "t C/ha", "carbon of dead wood and litter"}};
inline constexpr Layer<double> carbon_soil{{"soil", "t C/ha", "soil organic carbon"}};

inline constexpr Layer<double> volume_class{{"volume_class", "class", "class of the IPCC's BCEF table, from 0"}};

}  // namespace layer
}  // namespace sink
