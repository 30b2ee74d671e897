// SPDX-License-Identifier: Apache-2.0
// GrowthSums: the carbon of many pixels along their growth curves, year by year. Pixels of one age that is a node of
// the table of curves (a whole year, say) are summed first and multiplied by their years once; the others go year by
// year, in vectors. Exact sums of integers either way, so that no order and no split shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/fixed_sum.hpp"
#include "method/growth.hpp"

namespace sink {

/// The stock that pixels grow from. `forest` is 1 where a pixel counts. The biomass is the sum of `agb` and `bgb`,
/// which may be null under the anchor `ratio`.
struct GrowthInputs {
  const ClassIndex* type = nullptr;
  const std::uint8_t* forest = nullptr;
  const double *age_yr = nullptr, *agb_t_ha = nullptr, *bgb_t_ha = nullptr, *carbon_t_ha = nullptr;
};

/// How pixels grow for a number of years: through all of them, or not at all.
class GrowthColumns {
 public:
  /// State of a pixel that is not forest; others have their GrowthGap.
  static constexpr std::uint8_t not_forest = growth_gaps;

  void compute(const GrowthCurves& curves, int years, const GrowthInputs& inputs, std::size_t pixels);
  [[nodiscard]] const std::vector<std::uint8_t>& states() const noexcept { return states_; }
  /// Carbon of a pixel after some years [t C/ha], NaN where it does not grow.
  [[nodiscard]] double carbon_t_ha(const GrowthCurves& curves, std::size_t pixel, int years) const noexcept {
    return nodes_[pixel] < 0 ? no_value : curves.value(nodes_[pixel], &weights_[4 * pixel], years);
  }

 private:
  friend class GrowthSums;
  void compute_by_age(const GrowthCurves& curves, int years, const GrowthInputs& inputs);
  void compute_by_biomass(const GrowthCurves& curves, int years, const GrowthInputs& inputs);
  void put(std::size_t pixel, const GrowthCurves::Place& place, double scale);

  std::vector<std::uint8_t> states_;
  std::vector<std::int32_t> nodes_;  ///< -1: does not grow
  std::vector<double> scales_;       ///< t C per t d.m. of the curve; NaN for an age between nodes
  std::vector<double> weights_;      ///< four a pixel: those of its place, times its scale
};

class GrowthSums {
 public:
  GrowthSums(const GrowthCurves& curves, int years);

  /// Adds pixels [from, from + n) to the sums of year 0, 1, …, `years`; `carbon_t` reads them. Throws Error::input as
  /// FixedSum does.
  void add(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n,
           std::span<FixedSum> by_year);
  /// What such a sum, or a difference of two, holds [t C].
  static double carbon_t(const FixedSum& sum) noexcept { return sum.value() / GrowthCurves::units_per_t; }

 private:
  void add_between(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n,
                   std::span<FixedSum> by_year);
  /// Where the years of a node stand, one after the other.
  [[nodiscard]] std::size_t row(std::int32_t node) const noexcept {
    const auto at = static_cast<std::size_t>(node);
    return at % GrowthCurves::nodes_per_yr * stride_ + at / GrowthCurves::nodes_per_yr;
  }

  std::size_t years_;                ///< the first included
  std::size_t stride_;               ///< years of the table
  std::vector<std::int64_t> units_;  ///< the table of the curves, by eighth of a year and then year
  std::vector<double> t_ha_;         ///< the same
  std::vector<std::int64_t> high_, low_;
};

}  // namespace sink
