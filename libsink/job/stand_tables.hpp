// SPDX-License-Identifier: Apache-2.0
// What `run_stands` writes beside rasters: findings, legends, an inventory file, and words for a terminal.
#pragma once

#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/stand_layers.hpp"

namespace sink {

/// Findings that pixels show (overlap, no_pixel) added to those of the fields, in order of stand and rule. Stands that
/// lie off the grid are no finding: their number is returned.
std::int64_t add_pixel_findings(const StandSet& set, const Grid& grid, const StandPixels& pixels,
                                const std::vector<StandCheck>& checks, std::vector<StandFinding>& findings);
/// One row per finding.
Table findings_table(const StandSet& set, const std::vector<StandCheck>& checks,
                     const std::vector<StandFinding>& findings);
/// "12 findings in 10 stands: age_group 2, overlap 10"; blank where there are none.
std::string findings_in_words(const std::vector<StandCheck>& checks, const std::vector<StandFinding>& findings);

/// A legend as a CSV file that `load_legend` reads.
Table legend_table(const Legend& legend);
/// An inventory of these rasters, for `sinkcalc check` and `run` as it stands or as a [[date]] of another.
/// A raster without any value is left out, as `check` would refuse it.
std::string inventory_text(const StandsJob& job, const StandSet& set, const std::vector<StandLayer>& layers,
                           const StandPixels& pixels);
/// What the inventory lacks to be computed, for a warning; blank where it lacks nothing.
std::string inventory_lacks(const std::vector<StandLayer>& layers, const StandPixels& pixels);

/// Layers with what they hold, for a terminal.
std::string stands_text(const StandSet& set, const Grid& grid, const std::vector<StandLayer>& layers,
                        const StandPixels& pixels);

}  // namespace sink
