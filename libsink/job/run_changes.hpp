// SPDX-License-Identifier: Apache-2.0
// Land-use change as a part of a run: matrix.csv with the carbon that each transition moved, and what the codes of its
// change rasters mean.
#pragma once

#include <string>
#include <vector>

#include "account/change_cells.hpp"
#include "core/cell.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// matrix.csv: pixels and hectares of every transition by zone and interval, and its living carbon by the first method
/// [t C]: before, after, the change (negative is a loss), and the CO2 emitted in the year of the change; then the same
/// columns as carbon.csv of sinkchange, with dead matter and soil where a lookup gives these pools. `changes` is one
/// per zone set.
Table run_matrix_table(const RunSetup& setup, const std::vector<ChangeCells>& changes);

/// Names and colours of the from-to codes of a change raster that occur.
std::vector<ChangeCategory> run_change_categories(const RunSetup& setup, const std::vector<std::uint8_t>& codes_seen);

}  // namespace sink
