// SPDX-License-Identifier: Apache-2.0
// Strata of a labelled sample with their sizes, and the areas of the classes on the map; the sample put together for
// the estimators.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "account/area_accuracy.hpp"
#include "job/accuracy_sample.hpp"

namespace sink {

struct SampledStrata {
  std::vector<AccuracyStratum> strata;
  double area_ha = 0;                            ///< of all strata; NaN where only their pixels or weights are known
  std::map<std::string, double> mapped_area_ha;  ///< by class; empty where unknown
  std::map<std::string, std::string> class_names;
  std::vector<std::string> map_classes;  ///< classes that the map is known to have
  bool are_map_classes = false;
};

/// The classes of a map as strata.
SampledStrata strata_of_map(const StrataMap& map, const StrataPass& pass);
/// A strata table. Throws Error::input for missing columns, a stratum twice, sizes that are negative or all 0.
SampledStrata read_strata(const std::string& file);
/// Clusters that were drawn without strata: one stratum of the whole size.
void join_strata(SampledStrata& strata);

/// The labelled rows as the estimators take them. Throws Error::input: a stratum without a size, a row without a map
/// class, strata that are not the map's classes and not given, cluster counts that are no numbers or too small.
AccuracySample accuracy_sample(const AccuracyJob& job, const LabelledSample& rows, const SampledStrata& strata);

}  // namespace sink
