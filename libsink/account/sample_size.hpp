// SPDX-License-Identifier: Apache-2.0
// How many units to label, and how many in each stratum.
//
// Source: Olofsson et al. 2014, eq. 13 (Cochran 1977, eq. 5.25) and section 5.1; Neyman 1934 for the optimum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sink {

enum class Allocation : std::uint8_t { proportional, neyman, equal };

/// The allocation called "proportional", "neyman" or "equal". Throws Error::usage.
Allocation allocation_called(std::string_view name);

/// A stratum to sample.
struct PlannedStratum {
  std::string name;
  double weight = 0;             ///< share of the area
  double expected_accuracy = 0;  ///< user's accuracy that one expects, 0..1; needed by `sample_size` and neyman
  std::int64_t units = 0;        ///< pixels in it: no more can be drawn
};

/// Units that give the overall accuracy the standard error `se_overall` under proportional allocation, unrounded:
/// n = (sum W S / SE)^2 with S = sqrt(U (1 - U)). Throws Error::usage for an SE outside (0, 0.5).
double sample_size(const std::vector<PlannedStratum>& strata, double se_overall);

/// The share of each stratum in `n` units, unrounded and without a minimum: n W, n W S / sum W S, or n / strata. Throws
/// Error::usage where Neyman's has nothing to go by: accuracies of 0 or 1 throughout.
std::vector<double> allocation(const std::vector<PlannedStratum>& strata, Allocation how, double n);

/// Whole units per stratum that add up to `n`: at least `at_least` in each (or all it has), never more than it has, the
/// rest as `how` says. Throws Error::usage where `n` is less than the minima or more than there are.
std::vector<std::int64_t> allocate(const std::vector<PlannedStratum>& strata, Allocation how, std::int64_t n,
                                   std::int64_t at_least);

}  // namespace sink
