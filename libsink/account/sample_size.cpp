// SPDX-License-Identifier: Apache-2.0
#include "account/sample_size.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"

namespace sink {
namespace {

double deviation(const PlannedStratum& stratum) {
  const double u = stratum.expected_accuracy;
  return std::sqrt(u * (1 - u));
}

/// Real numbers between the bounds that are in the proportions of `shares` as far as the bounds let them, and add up to
/// `n`: the multiplier that does it grows with the sum, so it is found by bisection.
std::vector<double> within_bounds(const std::vector<double>& shares, const std::vector<std::int64_t>& low,
                                  const std::vector<std::int64_t>& high, std::int64_t n) {
  std::vector<double> units(shares.size());
  const auto sum_at = [&](double multiplier) {
    double sum = 0;
    for (std::size_t h = 0; h < shares.size(); ++h) {
      units[h] = std::clamp(shares[h] * multiplier, static_cast<double>(low[h]), static_cast<double>(high[h]));
      sum += units[h];
    }
    return sum;
  };
  const auto wanted = static_cast<double>(n);
  double below = 0, above = 1;
  while (sum_at(above) < wanted && above < 0x1p200) above *= 2;
  for (int step = 0; step < 300; ++step) {
    const double middle = (below + above) / 2;
    (sum_at(middle) < wanted ? below : above) = middle;
  }
  sum_at(above);
  return units;
}

/// Rounds down and gives what is left to the largest remainders, the first of equals first.
std::vector<std::int64_t> rounded(const std::vector<double>& units, const std::vector<std::int64_t>& high,
                                  std::int64_t n) {
  std::vector<std::int64_t> whole;
  // What a sum of doubles lost must not cost a unit: 75 may arrive as 74.999999999999.
  for (const double u : units) whole.push_back(static_cast<std::int64_t>(std::floor(u + 1e-9)));
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return units[a] - static_cast<double>(whole[a]) > units[b] - static_cast<double>(whole[b]);
  });
  std::int64_t left = n - std::accumulate(whole.begin(), whole.end(), std::int64_t{0});
  while (left > 0) {
    const std::int64_t before = left;
    for (const std::size_t h : order) {
      if (left == 0 || whole[h] >= high[h]) continue;
      ++whole[h];
      --left;
    }
    if (left == before) break;
  }
  return whole;
}

}  // namespace

Allocation allocation_called(std::string_view name) {
  if (name == "proportional") return Allocation::proportional;
  if (name == "neyman") return Allocation::neyman;
  if (name == "equal") return Allocation::equal;
  throw usage_error("--allocation: '" + std::string(name) + "' is none of proportional, neyman, equal");
}

double sample_size(const std::vector<PlannedStratum>& strata, double se_overall) {
  if (!(se_overall > 0 && se_overall < 0.5)) {
    throw usage_error("--se-overall: a standard error of the overall accuracy lies between 0 and 0.5: give 0.01");
  }
  double sum = 0;
  for (const PlannedStratum& stratum : strata) sum += stratum.weight * deviation(stratum);
  return sum / se_overall * (sum / se_overall);
}

std::vector<double> allocation(const std::vector<PlannedStratum>& strata, Allocation how, double n) {
  std::vector<double> shares;
  double sum = 0;
  for (const PlannedStratum& stratum : strata) {
    shares.push_back(how == Allocation::equal          ? 1
                     : how == Allocation::proportional ? stratum.weight
                                                       : stratum.weight * deviation(stratum));
    sum += shares.back();
  }
  if (!(sum > 0)) {
    throw usage_error("--expected-ua: accuracies of 0 or 1 throughout leave nothing to allocate by: give others");
  }
  for (double& share : shares) share *= n / sum;
  return shares;
}

std::vector<std::int64_t> allocate(const std::vector<PlannedStratum>& strata, Allocation how, std::int64_t n,
                                   std::int64_t at_least) {
  std::vector<std::int64_t> low, high;
  for (const PlannedStratum& stratum : strata) {
    low.push_back(std::min(at_least, stratum.units));
    high.push_back(stratum.units);
  }
  const std::int64_t least = std::accumulate(low.begin(), low.end(), std::int64_t{0});
  const std::int64_t most = std::accumulate(high.begin(), high.end(), std::int64_t{0});
  if (n < least) {
    throw usage_error(std::to_string(n) + " units are fewer than the minimum of " + std::to_string(at_least) + " in " +
                      std::to_string(strata.size()) + " strata (" + std::to_string(least) +
                      "): give a larger --n or a smaller --min");
  }
  if (n > most) {
    throw usage_error(std::to_string(n) + " units are more than the " + std::to_string(most) +
                      " pixels of the map: give fewer");
  }
  // A stratum without a share of its own (expected accuracy 1) may still have to take what others cannot.
  std::vector<double> shares = allocation(strata, how, 1);
  for (double& share : shares) share = std::max(share, 1e-12);
  return rounded(within_bounds(shares, low, high, n), high, n);
}

}  // namespace sink
