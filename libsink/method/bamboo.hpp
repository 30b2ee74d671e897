// SPDX-License-Identifier: Apache-2.0
// Moso bamboo by culms of each age class, and the trap of its two-year cycle (du): a stand has more culms in an on-year
// than in an off-year, so that dates of different phase show a change that is none.
// Source: Moso bamboo carbon, ChinaXiv-201704.00158 (culm weights and carbon fractions by age). The whole plant's
// weight: (1 + R) never comes to it. Parameters: culm_kg [kg], carbon_fraction [1] of "<key>/age_<years>".
#pragma once

#include <array>
#include <string>

#include "core/layer.hpp"
#include "core/parameters.hpp"

namespace sink {

inline constexpr std::size_t culm_ages = 3;
inline constexpr std::array<int, culm_ages> culm_ages_yr = {1, 3, 5};
/// The map of culms per hectare of each age.
inline constexpr std::array<const Layer<double>*, culm_ages> culm_layers = {&layer::culms_age_1, &layer::culms_age_3,
                                                                            &layer::culms_age_5};

struct CulmAgeClass {
  double culm_kg = 0, carbon_fraction = 0;
};
/// Whether the parameters have culms by age for a key.
inline bool has_culm_ages(const ParameterTable& parameters, const std::string& key) {
  return parameters.has(key + "/age_1", "culm_kg");
}
/// Throws Error::input for an age that lacks one of its two rows.
std::array<CulmAgeClass, culm_ages> culm_age_classes(const ParameterTable& parameters, const std::string& key);

struct BambooStock {
  double biomass_t_ha = 0, carbon_tc_ha = 0;
};
/// Stock of a stand from culms per hectare of each age; a count that is NaN makes NaN.
constexpr BambooStock bamboo_stock(const std::array<CulmAgeClass, culm_ages>& classes,
                                   const std::array<double, culm_ages>& culms_per_ha) noexcept {
  BambooStock stock;
  for (std::size_t i = 0; i < culm_ages; ++i) {
    const double biomass_t_ha = culms_per_ha[i] * classes[i].culm_kg / 1000;  // kg a tonne
    stock.biomass_t_ha += biomass_t_ha;
    stock.carbon_tc_ha += biomass_t_ha * classes[i].carbon_fraction;
  }
  return stock;
}

/// Whether two years are of one phase of the two-year cycle: an even number of years apart.
constexpr bool same_bamboo_phase(int year_1, int year_2) noexcept {
  return (year_2 - year_1) % 2 == 0;
}

}  // namespace sink
