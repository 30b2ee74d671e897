// SPDX-License-Identifier: Apache-2.0
// zones.gpkg: a layer per zone set, and the table `zones_all` with every row of zones.csv.
#pragma once

#include <string>

#include "core/cell.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// Each polygon of a set carries the columns of the last date and the last period, one layer per set (and per method
/// where there are several), with a default style. `zones` is the table of zones.csv. Throws Error::output.
void write_zone_layers(const RunSetup& setup, const Table& zones, const std::string& file);

}  // namespace sink
