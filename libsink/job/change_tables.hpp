// SPDX-License-Identifier: Apache-2.0
// The tables of a change map: matrix.csv, matrix.json, classes.csv, trajectories.csv.
#pragma once

#include <string>

#include "core/cell.hpp"
#include "job/change_pass.hpp"
#include "job/class_labels.hpp"

namespace sink {

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
