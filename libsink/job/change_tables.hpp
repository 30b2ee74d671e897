// SPDX-License-Identifier: Apache-2.0
// The tables of a change map: matrix.csv, matrix.json, classes.csv, trajectories.csv.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/change_pass.hpp"
#include "report/category_files.hpp"

namespace sink {

/// What a class is called in tables: its code, and its name or `unknown`.
struct ClassLabel {
  std::string code, name;
};
ClassLabel label_of(const Legend& legend, std::size_t place);
/// Names and colours of the from-to codes that occur, in ascending order; what stays is grey. `seen[code]` is 1 for
/// those.
std::vector<ChangeCategory> change_categories(const Legend& legend, const std::vector<std::uint8_t>& seen);

/// zone_set,zone_id,year_from,year_to,from_code,from_name,to_code,to_name,pixels,area_ha. The total of a set has every
/// pair of classes, zeros too; a zone has the pairs that occur in it and unknown to unknown.
Table matrix_table(const ChangeSetup& setup, const ChangeSums& sums);
/// Per zone, interval and class the parts of its change, in pixels and in hectares; a row `overall` last.
Table class_table(const ChangeSetup& setup, const ChangeSums& sums);
/// Every sequence of classes of the first zone set's total, the largest first.
Table trajectory_table(const ChangeSetup& setup, const ChangeSums& sums);
/// The same as matrix_table as JSON: full matrices for totals, cells that occur for zones.
std::string matrix_json(const ChangeSetup& setup, const ChangeSums& sums);
/// What changed most in the first zone set, for a terminal.
std::string change_text(const ChangeSetup& setup, const ChangeSums& sums);

}  // namespace sink
