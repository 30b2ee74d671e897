// SPDX-License-Identifier: Apache-2.0
#include "account/area_accuracy.hpp"

#include <algorithm>
#include <numeric>

#include "account/cluster_estimator.hpp"
#include "core/error.hpp"

namespace sink {
namespace {

Error sample_error(const std::string& what) {
  return {Error::Kind::input, what};
}

std::vector<std::int64_t> units_in_strata(const AccuracySample& sample) {
  std::vector<std::int64_t> units(sample.strata.size(), 0);
  for (const AccuracyUnit& unit : sample.units) ++units.at(unit.stratum);
  return units;
}

/// Whether every unit of a stratum is labelled: then it has no sampling error.
bool labelled_whole(const AccuracyStratum& stratum, std::int64_t units) {
  return stratum.pixels > 0 && static_cast<double>(units) >= stratum.pixels;
}

void check(const AccuracySample& sample, const std::vector<std::int64_t>& units) {
  if (sample.units.empty()) throw sample_error("no labelled unit: fill the reference column");
  for (std::size_t h = 0; h < sample.strata.size(); ++h) {
    const AccuracyStratum& stratum = sample.strata[h];
    const std::string name = "stratum '" + stratum.name + "' ";
    if (!(stratum.size >= 0)) throw sample_error(name + "has a negative size");
    if (stratum.size == 0 && units[h] > 0) {
      throw sample_error(name + "has labelled units and no area: is this the map that was sampled?");
    }
    if (stratum.size == 0 || units[h] >= 2 || labelled_whole(stratum, units[h])) continue;
    if (units[h] == 1 && sample.design == SampleDesign::clusters) continue;  // its clusters are counted instead
    throw sample_error(name + (units[h] == 0 ? "has no labelled unit" : "has one labelled unit") +
                       ": a variance needs two: label more, or join the stratum with another");
  }
}

/// The design as the cluster estimator sees it, and how residuals are centred before.
struct Estimator {
  Estimator(const AccuracySample& from, const std::vector<std::int64_t>& units);
  [[nodiscard]] Estimate ratio(const std::vector<double>& y, const std::vector<double>& x) const;

  const AccuracySample& sample;
  ClusterDesign design;
};

Estimator::Estimator(const AccuracySample& from, const std::vector<std::int64_t>& units) : sample(from) {
  const double size = std::accumulate(from.strata.begin(), from.strata.end(), 0.0,
                                      [](double sum, const AccuracyStratum& s) { return sum + s.size; });
  const double pixels = std::accumulate(from.strata.begin(), from.strata.end(), 0.0,
                                        [](double sum, const AccuracyStratum& s) { return sum + s.pixels; });
  const bool clusters = from.design == SampleDesign::clusters, after = from.design == SampleDesign::poststratified;
  for (std::size_t i = 0; i < from.units.size(); ++i) {
    const AccuracyUnit& unit = from.units[i];
    const double weight = from.own_weights
                              ? unit.weight
                              : from.strata[unit.stratum].size / size / static_cast<double>(units[unit.stratum]);
    design.units.push_back({after ? 0 : unit.stratum, clusters ? unit.psu : i, weight});
  }
  for (std::size_t h = 0; h < (after ? 1 : from.strata.size()); ++h) {
    design.strata.push_back(after ? "the sample" : from.strata[h].name);
    const double n = static_cast<double>(after ? from.units.size() : static_cast<std::size_t>(units[h]));
    const double all = after ? pixels : from.strata[h].pixels;
    const bool finite = all > 0 && (from.finite_population || n >= all);
    design.psu_fraction.push_back(clusters || !finite ? 0 : std::min(1.0, n / all));
  }
  std::size_t psus = from.units.size();
  if (clusters) {
    psus = 0;
    for (const AccuracyUnit& unit : from.units) psus = std::max(psus, unit.psu + 1);
    if (!from.psu_fraction.empty()) design.psu_fraction = from.psu_fraction;
  }
  design.unit_fraction = from.unit_fraction.empty() ? std::vector<double>(psus, 1.0) : from.unit_fraction;
}

Estimate Estimator::ratio(const std::vector<double>& y, const std::vector<double>& x) const {
  if (sample.own_weights) return cluster_ratio(design, y, x);
  double y_sum = 0, x_sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    y_sum += design.units[i].weight * y[i];
    x_sum += design.units[i].weight * x[i];
  }
  if (x_sum == 0) return cluster_ratio(design, y, x);  // NaN
  const double ratio = y_sum / x_sum;
  // Sizes of the strata are known, so what varies is a unit about the mean of its stratum. Within strata of equal
  // weights this changes nothing; it makes the post-stratified variance, and that of clusters with lost units.
  std::vector<double> residual(y.size()), mean(sample.strata.size(), 0.0), count(sample.strata.size(), 0.0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    residual[i] = y[i] - ratio * x[i];
    const std::size_t h = sample.units[i].stratum;
    count[h] += 1;
    mean[h] += residual[i];
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t h = sample.units[i].stratum;
    residual[i] -= mean[h] / count[h];
  }
  return {ratio, cluster_total(design, residual).se / x_sum};
}

void check_clusters(const AccuracySample& sample) {
  if (sample.design != SampleDesign::clusters) return;
  std::vector<std::size_t> stratum_of;
  for (const AccuracyUnit& unit : sample.units) {
    if (unit.psu >= stratum_of.size()) stratum_of.resize(unit.psu + 1, sample.strata.size());
    std::size_t& stratum = stratum_of[unit.psu];
    if (stratum != sample.strata.size() && stratum != unit.stratum) {
      throw sample_error("a cluster has units in the strata '" + sample.strata[stratum].name + "' and '" +
                         sample.strata[unit.stratum].name +
                         "': name the strata that the clusters were drawn in with --stratum-field");
    }
    stratum = unit.stratum;
  }
}

}  // namespace

AreaAccuracy area_accuracy(const AccuracySample& sample) {
  const std::size_t classes = sample.classes.size(), n = sample.units.size();
  AreaAccuracy result;
  result.units_in = units_in_strata(sample);
  check(sample, result.units_in);
  check_clusters(sample);
  const Estimator estimator(sample, result.units_in);
  result.counts.assign(classes * classes, 0);
  result.shares.assign(classes * classes, 0.0);
  result.classes.resize(classes);
  double weights = 0;
  for (const ClusterUnit& unit : estimator.design.units) weights += unit.weight;
  std::vector<double> right(n), all(n, 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    const AccuracyUnit& unit = sample.units[i];
    const std::size_t cell = result.cell(unit.map, unit.reference);
    ++result.counts.at(cell);
    result.shares[cell] += estimator.design.units[i].weight / weights;
    right[i] = unit.map == unit.reference ? 1 : 0;
  }
  result.overall = estimator.ratio(right, all);
  std::vector<double> mapped(n), true_class(n), both(n);
  for (std::size_t k = 0; k < classes; ++k) {
    ClassAccuracy& found = result.classes[k];
    found.name = sample.classes[k];
    for (std::size_t i = 0; i < n; ++i) {
      mapped[i] = sample.units[i].map == k ? 1 : 0;
      true_class[i] = sample.units[i].reference == k ? 1 : 0;
      both[i] = mapped[i] * true_class[i];
      found.units_mapped += sample.units[i].map == k ? 1 : 0;
      found.units_reference += sample.units[i].reference == k ? 1 : 0;
    }
    found.users = estimator.ratio(both, mapped);
    found.producers = estimator.ratio(both, true_class);
    found.share = estimator.ratio(true_class, all);
  }
  return result;
}

bool code_before(std::string_view a, std::string_view b) noexcept {
  const auto whole = [](std::string_view code) {
    return !code.empty() && code.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (whole(a) != whole(b)) return whole(a);
  if (!whole(a)) return a < b;
  const auto digits = [](std::string_view code) {
    return code.substr(std::min(code.find_first_not_of('0'), code.size()));
  };
  const std::string_view x = digits(a), y = digits(b);
  return x.size() != y.size() ? x.size() < y.size() : x < y;
}

std::string plain_code(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r"), end = text.find_last_not_of(" \t\r");
  if (begin == std::string_view::npos) return "";
  text = text.substr(begin, end - begin + 1);
  std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view rest = text.substr(whole.size());
  const bool number = !whole.empty() && whole.find_first_not_of("0123456789") == std::string_view::npos &&
                      rest.find_first_not_of('0', 1) == std::string_view::npos && rest != ".";
  if (!number) return std::string(text);
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
  return std::string(whole);
}

}  // namespace sink
