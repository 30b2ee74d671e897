// SPDX-License-Identifier: Apache-2.0
#include "account/estimate.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace sink {
namespace {

/// Upper-tail quantile for 0 < tail <= 0.5: the start of Abramowitz and Stegun 26.2.23 (4.5e-4), then Halley steps on
/// the tail itself, so that small tails keep their digits.
double upper_quantile(double tail) {
  const double t = std::sqrt(-2 * std::log(tail));
  double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int step = 0; step < 4; ++step) {
    const double excess = std::erfc(z / std::numbers::sqrt2) / 2 - tail;
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double newton = excess / density;
    z += newton / (1 - z * newton / 2);
  }
  return z;
}

}  // namespace

double normal_quantile(double probability) {
  if (!(probability > 0 && probability < 1)) throw usage_error("a probability lies between 0 and 1");
  if (probability == 0.5) return 0;
  return probability < 0.5 ? -upper_quantile(probability) : upper_quantile(1 - probability);
}

double z_of_level(double level) {
  if (!(level > 0 && level < 1)) throw usage_error("--level: a confidence level lies between 0 and 1: give 0.95");
  return upper_quantile((1 - level) / 2);
}

Interval interval(const Estimate& estimate, double level) {
  const double half = z_of_level(level) * estimate.se;
  return {estimate.value - half, estimate.value + half};
}

}  // namespace sink
