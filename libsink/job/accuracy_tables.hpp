// SPDX-License-Identifier: Apache-2.0
// Accuracy and error-adjusted areas as tables, as JSON and as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "account/area_accuracy.hpp"
#include "core/cell.hpp"
#include "job/accuracy_sample.hpp"
#include "job/accuracy_strata.hpp"

namespace sink {

/// Everything that the tables show.
struct AccuracyReport {
  const AccuracyJob* job = nullptr;
  const AccuracySample* sample = nullptr;
  const AreaAccuracy* result = nullptr;
  const SampledStrata* strata = nullptr;
  Unlabelled unlabelled;
  std::vector<std::string> warnings;
};

/// accuracy.csv: a row per class, `total` last.
Table accuracy_table(const AccuracyReport& report);
/// error_matrix.csv: a row per cell, with the totals of rows and columns.
Table error_matrix_table(const AccuracyReport& report);
/// accuracy.json.
std::string accuracy_json(const AccuracyReport& report);
std::string accuracy_text(const AccuracyReport& report);
/// How the estimates were made, with the source.
std::string estimator_text(const AccuracySample& sample);

}  // namespace sink
