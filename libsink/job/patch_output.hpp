// SPDX-License-Identifier: Apache-2.0
// Patches as files: patches.gpkg with its style inside, patches.csv, and what the run record says of them.
#pragma once

#include <string>
#include <vector>

#include "job/job.hpp"
#include "job/output_directory.hpp"
#include "job/patch_table.hpp"

namespace sink {

/// How patches open in QGIS: by rank.
std::string patch_style();

/// Writes both into the working folder and returns their names. Throws Error::output.
std::vector<ResultFile> write_patches(const PatchSearch& search, const PatchLayer& layer, bool csv_bom,
                                      const OutputDirectory& directory);

/// A run record with an object `patches`: what was looked for and how many were found.
std::string with_patches(const std::string& record, const PatchSearch& search, const PatchLayer& layer);

}  // namespace sink
