// SPDX-License-Identifier: Apache-2.0
// Totals, means and ratios of a stratified sample of clusters (primary sampling units) with their standard errors. A
// sample of single units is one whose clusters hold one unit each.
//
// Source: Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, ch. 4.3 and 5.6; Cochran 1977, ch. 6.11
// and 10: the combined ratio and the variance of two-stage sampling by linearisation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "account/estimate.hpp"

namespace sink {

struct ClusterUnit {
  std::size_t stratum = 0;  ///< place among the strata
  std::size_t psu = 0;      ///< place among the clusters of the whole sample; a cluster lies in one stratum
  double weight = 0;        ///< how many units of the population it stands for: (N / n) x (M / m)
};

struct ClusterDesign {
  std::vector<ClusterUnit> units;
  std::vector<std::string> strata;  ///< their names, for messages
  /// Sampled share of the clusters of each stratum, n / N. 0: as drawn with replacement, which then leaves out the
  /// second stage and errs on the safe side (practice of GFOI 2020).
  std::vector<double> psu_fraction;
  /// Sampled share of the units of each cluster, m / M.
  std::vector<double> unit_fraction;
};

/// Variance of the sum of weight x value over the units:
/// sum_h [ (1 - f_h) n_h s2_h + f_h sum_i (1 - f_hi) m_hi s2_hi ], s2_h the variance of the weighted cluster totals and
/// s2_hi that of the weighted values in a cluster. A stratum taken whole (f_h = 1) may have a single cluster. Throws
/// Error::input where another has fewer than two.
double cluster_variance(const ClusterDesign& design, const std::vector<double>& values);

/// Total of `y` over the population, in units of y.
Estimate cluster_total(const ClusterDesign& design, const std::vector<double>& y);
/// Mean of `y` per unit of the population: the ratio to the number of units, as that is estimated too.
Estimate cluster_mean(const ClusterDesign& design, const std::vector<double>& y);
/// Combined ratio R = Y / X, with the variance of y - R x over X squared. NaN where X is 0.
Estimate cluster_ratio(const ClusterDesign& design, const std::vector<double>& y, const std::vector<double>& x);
/// Total of y where the total of x is known: R x `x_total`.
Estimate cluster_ratio_total(const ClusterDesign& design, const std::vector<double>& y, const std::vector<double>& x,
                             double x_total);

}  // namespace sink
