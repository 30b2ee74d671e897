// SPDX-License-Identifier: Apache-2.0
// GrowthSums: the carbon of many pixels along their growth curves, year by year, without going through the years pixel
// by pixel. A pixel's carbon in any year is a sum of nodes of the table of curves, with weights that stay; so weights
// are summed by node, and each node with a weight is multiplied by its years once. All in integers: exact, in any
// order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/fixed_sum.hpp"
#include "method/growth.hpp"

namespace sink {

/// The stock that pixels grow from. `forest` is 1 where a pixel counts; `biomass` is the sum of `agb` and `bgb`, which
/// may be null under the anchor `ratio`.
struct GrowthInputs {
  const ClassIndex* type = nullptr;
  const std::uint8_t* forest = nullptr;
  const double *age_yr = nullptr, *agb_t_ha = nullptr, *bgb_t_ha = nullptr, *carbon_t_ha = nullptr;
};

/// How pixels grow for a number of years: all of them, or not at all.
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
  std::vector<std::uint8_t> states_;
  std::vector<std::int32_t> nodes_;  ///< -1: does not grow
  std::vector<double> weights_;      ///< four a pixel, those of its place times its scale
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
  void collect(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n);
  void spread(std::int32_t node, std::span<FixedSum> by_year);

  int years_;
  std::size_t stride_;               ///< years of the table
  std::vector<std::int64_t> table_;  ///< of the curves, the years of a node one after the other
  std::vector<std::int64_t> high_, low_;
  std::vector<std::uint8_t> is_found_;
  std::vector<std::int32_t> found_;  ///< nodes that have weights, where pixels stand
};

}  // namespace sink
