// SPDX-License-Identifier: Apache-2.0
// Volume, biomass and ratios of one tree by an equation of the table (core/tree_equation.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "core/nodata.hpp"
#include "core/tree_equation.hpp"

namespace sink {

struct TreeSize {
  double diameter_cm = no_value, height_m = no_value;
  double wood_density_t_m3 = no_value;  ///< only the forms with rho read it
};

/// The value of an equation, in its unit. NaN for a size that the equation needs and that is unknown or not positive,
/// and for a diameter outside the equation's range.
double tree_value(const TreeEquation& equation, const TreeSize& tree) noexcept;

/// The equation of a set for a key, quantity and diameter. Throws Error::usage, with what the set has, where there is
/// none.
const TreeEquation& tree_equation(const std::vector<TreeEquation>& equations, std::string_view set,
                                  std::string_view key, std::string_view quantity, double diameter_cm);

}  // namespace sink
