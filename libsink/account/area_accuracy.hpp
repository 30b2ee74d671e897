// SPDX-License-Identifier: Apache-2.0
// Accuracy of a class map and areas of its classes corrected for its errors, from a labelled probability sample.
//
// Sources: Olofsson et al. 2013 (Remote Sens. Environ. 129:122) and 2014 (148:42) where the strata are the classes of
// the map; Stehman 2014 (Int. J. Remote Sens. 35:4923) where they are not; Särndal et al. 1992, ch. 7.10 for a simple
// random sample that is stratified after it was drawn. All are one estimator, the combined ratio with variances by
// linearisation: with strata that are the map's classes it is Olofsson's equations 5 to 11 to the last digit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "account/estimate.hpp"

namespace sink {

enum class SampleDesign : std::uint8_t {
  stratified,      ///< a fixed number of units drawn at random in each stratum
  poststratified,  ///< drawn at random (or systematically) over the whole map; strata of known size used afterwards
  clusters,        ///< clusters of units drawn at random in each stratum
};

struct AccuracyStratum {
  std::string name;
  double size = 0;    ///< area [ha], or any other measure common to all strata; need not add up to 1
  double pixels = 0;  ///< units of the population in it; 0: unknown, then taken for infinite
};

/// A labelled unit: places of its stratum, its class on the map and its class in the reference.
struct AccuracyUnit {
  std::size_t stratum = 0, map = 0, reference = 0;
  std::size_t psu = 0;  ///< clusters only: place of its cluster
  double weight = 0;    ///< clusters only: what it stands for, where `own_weights`
};

/// Units without a label are left out before: they are no class and no stratum.
struct AccuracySample {
  SampleDesign design = SampleDesign::stratified;
  std::vector<std::string> classes;  ///< of map and reference together, in order of code (`code_before`)
  std::vector<AccuracyStratum> strata;
  std::vector<AccuracyUnit> units;
  /// Finite population correction by the strata's pixels; Olofsson's equations have none, Stehman's have it.
  bool finite_population = false;
  /// Clusters: share of the clusters sampled per stratum and of the units per cluster; blank: variance as drawn with
  /// replacement.
  std::vector<double> psu_fraction, unit_fraction;
  bool own_weights = false;
};

struct ClassAccuracy {
  std::string name;
  std::int64_t units_mapped = 0, units_reference = 0;  ///< labelled units with this class
  Estimate users;                                      ///< NaN where no unit is mapped as the class
  Estimate producers;                                  ///< NaN where no unit is of the class
  Estimate share;                                      ///< of the area, corrected for the map's errors
};

struct AreaAccuracy {
  Estimate overall;
  std::vector<ClassAccuracy> classes;  ///< in the order of the sample's classes
  std::vector<std::int64_t> counts;    ///< units by [map class x classes + reference class]
  std::vector<double> shares;          ///< estimated share of the area of each cell; 0 where no unit is
  std::vector<std::int64_t> units_in;  ///< labelled units per stratum
  [[nodiscard]] std::size_t cell(std::size_t map, std::size_t reference) const noexcept {
    return map * classes.size() + reference;
  }
};

/// Throws Error::input: no unit, a stratum of size 0 with units, a stratum with fewer than two labelled units (or
/// clusters) that is not labelled whole, a cluster in two strata.
AreaAccuracy area_accuracy(const AccuracySample& sample);

/// Order of class codes: whole numbers by value and before texts, texts by their letters.
bool code_before(std::string_view a, std::string_view b) noexcept;

/// A class code as it compares: spaces around it dropped, a whole number without leading zeros and without the ".0"
/// that spreadsheets add; other texts as they are.
std::string plain_code(std::string_view text);

}  // namespace sink
