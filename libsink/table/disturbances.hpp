// SPDX-License-Identifier: Apache-2.0
// Reading tables of disturbances: the shipped one and a user's.
#pragma once

#include <string>
#include <vector>

#include "core/disturbance.hpp"
#include "table/csv.hpp"

namespace sink {

/// Rows of a table `disturbance,from_pool,to_pool,share,status,source`. Throws Error::input with file and line.
std::vector<DisturbanceRow> disturbance_rows(const CsvTable& table);
/// The shipped disturbances; each that a user's file names is replaced as a whole, files in order. Throws Error::input
/// for a file that cannot be read or proportions that cannot be meant (core/disturbance.hpp).
DisturbanceTable load_disturbances(const std::vector<std::string>& user_files);

}  // namespace sink
