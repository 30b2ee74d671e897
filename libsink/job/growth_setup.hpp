// SPDX-License-Identifier: Apache-2.0
// Growth curves of a run, from the parameter table and a file of the user's.
#pragma once

#include <string>
#include <vector>

#include "job/growth_options.hpp"

namespace sink {

/// Curves of a CSV file `key,age,biomass` [yr, t d.m./ha above and below ground]; other columns are for the reader. A
/// curve that does not begin at age 0 begins at (0, 0). Throws Error::input with file and line: ages that do not
/// ascend, or are no eighths of a year; biomass that falls; fewer than two points; values that cannot be.
std::vector<GrowthPoints> read_growth_points(const std::string& file);

/// Curves of the classes of `types`; `directory` is where relative paths start. Throws as GrowthCurves does.
GrowthCurves growth_curves(const GrowthOptions& options, const std::string& directory, const Legend& types,
                           const ParameterTable& parameters);

}  // namespace sink
