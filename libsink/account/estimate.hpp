// SPDX-License-Identifier: Apache-2.0
// Estimates of a sample with their standard error, and intervals from it.
#pragma once

namespace sink {

/// A value and its standard error (of the estimate, not the standard deviation of the units), in the same unit. Both
/// NaN where the sample says nothing about the quantity.
struct Estimate {
  double value = 0, se = 0;
};

struct Interval {
  double low = 0, high = 0;
};

/// The z with P(Z < z) = `probability` for a standard normal Z, good to 1e-14. Throws Error::usage outside (0, 1).
double normal_quantile(double probability);

/// Half-width of a two-sided interval in standard errors: 1.959964 at a `level` of 0.95. Throws Error::usage outside
/// (0, 1).
double z_of_level(double level);

/// value -/+ z x SE. Not cut off at zero: an interval that reaches below says that the sample cannot tell the area from
/// none.
Interval interval(const Estimate& estimate, double level);

}  // namespace sink
