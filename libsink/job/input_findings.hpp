// SPDX-License-Identifier: Apache-2.0
// What is wrong or noteworthy in the inputs and the results, in words with the way out. `check` prints all of it; `run`
// stops at the errors and records the rest.
#pragma once

#include <string>
#include <vector>

#include "job/census.hpp"
#include "job/job.hpp"
#include "job/run_setup.hpp"
#include "job/zone_table.hpp"

namespace sink {

/// Findings about the pixels of the inputs: unknown codes, impossible values, holes, classes without parameters.
std::vector<Finding> input_findings(const RunSetup& setup, const Census& census);

/// Throws Error::input with the first error among the findings, and how many more there are.
void demand_usable(const RunSetup& setup, const Census& census);

/// What the reader of the results must know.
std::vector<std::string> warnings_of(const RunSetup& setup, const Census& census, const RunSums& sums);

/// Says which of the parameters in use are unverified; blank where none is.
std::string unverified_in_use(const std::vector<ParameterRow>& rows);

/// 1234567 -> "1,234,567".
std::string with_commas(std::int64_t number);
/// A number with `digits` decimals and thousands separated.
std::string with_commas(double number, int digits);

}  // namespace sink
