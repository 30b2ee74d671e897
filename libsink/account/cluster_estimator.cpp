// SPDX-License-Identifier: Apache-2.0
#include "account/cluster_estimator.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace sink {
namespace {

/// Count, sum and sum of squared deviations of a growing set (Welford 1962: no cancellation).
struct Spread {
  double count = 0, mean = 0, squares = 0;
  void add(double value) {
    count += 1;
    const double step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  /// n x variance; 0 for a single value.
  [[nodiscard]] double n_variances() const { return count > 1 ? count / (count - 1) * squares : 0; }
};

double weighted_sum(const ClusterDesign& design, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += design.units[i].weight * values[i];
  return sum;
}

}  // namespace

double cluster_variance(const ClusterDesign& design, const std::vector<double>& values) {
  std::vector<Spread> within(design.unit_fraction.size());
  std::vector<std::size_t> stratum_of(within.size(), design.strata.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ClusterUnit& unit = design.units[i];
    within.at(unit.psu).add(unit.weight * values[i]);
    stratum_of[unit.psu] = unit.stratum;
  }
  std::vector<Spread> between(design.strata.size());
  std::vector<double> second_stage(design.strata.size(), 0.0);
  for (std::size_t p = 0; p < within.size(); ++p) {
    if (within[p].count == 0) continue;
    const std::size_t h = stratum_of[p];
    between[h].add(within[p].count * within[p].mean);
    second_stage[h] += (1 - design.unit_fraction[p]) * within[p].n_variances();
  }
  double variance = 0;
  for (std::size_t h = 0; h < between.size(); ++h) {
    const double f = design.psu_fraction[h];
    if (between[h].count == 1 && f < 1) {
      throw Error(Error::Kind::input,
                  "stratum '" + design.strata[h] +
                      "' has one sampled unit or cluster: a variance needs two: label more, or join the "
                      "stratum with another");
    }
    variance += (1 - f) * between[h].n_variances() + f * second_stage[h];
  }
  return variance;
}

Estimate cluster_total(const ClusterDesign& design, const std::vector<double>& y) {
  return {weighted_sum(design, y), std::sqrt(cluster_variance(design, y))};
}

Estimate cluster_ratio(const ClusterDesign& design, const std::vector<double>& y, const std::vector<double>& x) {
  const double x_sum = weighted_sum(design, x);
  if (x_sum == 0) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  const double ratio = weighted_sum(design, y) / x_sum;
  std::vector<double> residual(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) residual[i] = y[i] - ratio * x[i];
  return {ratio, std::sqrt(cluster_variance(design, residual)) / std::abs(x_sum)};
}

Estimate cluster_mean(const ClusterDesign& design, const std::vector<double>& y) {
  return cluster_ratio(design, y, std::vector<double>(y.size(), 1.0));
}

Estimate cluster_ratio_total(const ClusterDesign& design, const std::vector<double>& y, const std::vector<double>& x,
                             double x_total) {
  const Estimate ratio = cluster_ratio(design, y, x);
  return {ratio.value * x_total, ratio.se * std::abs(x_total)};
}

}  // namespace sink
