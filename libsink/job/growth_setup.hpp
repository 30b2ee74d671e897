// SPDX-License-Identifier: Apache-2.0
// Growth curves of a run, from the parameter table and a file of the user's.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "job/growth_options.hpp"

namespace sink {

/// Columns of the areas that cannot grow, by GrowthGap; blank for `none`.
inline constexpr std::array<std::string_view, growth_gaps> gap_area_columns = {
    "", "no_curve_area_ha", "no_age_area_ha", "no_stock_area_ha", "beyond_curve_area_ha"};

/// Curves of a CSV file `key,age,biomass` [yr, t d.m./ha above and below ground]; other columns are for the reader. A
/// curve that does not begin at age 0 begins at (0, 0). Throws Error::input with file and line: ages that do not
/// ascend, or are no eighths of a year; biomass that falls; fewer than two points; values that cannot be.
std::vector<GrowthPoints> read_growth_points(const std::string& file);

/// Curves of the classes of `types`; `directory` is where relative paths start. Throws as GrowthCurves does.
GrowthCurves growth_curves(const GrowthOptions& options, const std::string& directory, const Legend& types,
                           const ParameterTable& parameters);

}  // namespace sink
