// SPDX-License-Identifier: Apache-2.0
// Moso bamboo by culms of each age class, and the trap of its two-year cycle (du): a stand has more culms in an on-year
// than in an off-year, so that dates of different phase show a change that is none.
// Source: Moso bamboo carbon, ChinaXiv-201704.00158 (culm weights and carbon fractions by age). The whole plant's
// weight: (1 + R) never comes to it. Parameters: culm_kg [kg], carbon_fraction [1] of "<key>/age_<years>".
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/parameters.hpp"

namespace sink {

struct CulmAgeClass {
  int age_yr = 0;
  double culm_kg = 0, carbon_fraction = 0;
};
/// The age classes that the parameters have for a key, youngest first. Throws Error::input where there is none, or for
/// a class that lacks one of its two rows.
std::vector<CulmAgeClass> culm_age_classes(const ParameterTable& parameters, std::string_view key = "MOSO");

struct BambooStock {
  double biomass_t_ha = 0, carbon_tc_ha = 0;
};
/// Stock of a stand from culms per hectare of each class, in the order of the classes. A count that is unknown or
/// negative makes NaN. Throws Error::usage where there is not one count a class.
BambooStock bamboo_stock(std::span<const CulmAgeClass> classes, std::span<const double> culms_per_ha);

/// Culms per hectare of a stand of one age class.
constexpr double culms_per_ha(double biomass_t_ha, double culm_kg) noexcept {
  return biomass_t_ha * 1000 / culm_kg;  // kg a tonne
}

/// Whether two years are of one phase of the two-year cycle: an even number of years apart.
constexpr bool same_bamboo_phase(int year_1, int year_2) noexcept {
  return (year_2 - year_1) % 2 == 0;
}

}  // namespace sink
