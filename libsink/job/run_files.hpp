// SPDX-License-Identifier: Apache-2.0
// What a run calls its files, and the small ones that stand beside its rasters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job/output_directory.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// Every file that a run reads, as it is opened; one per `RunSetup::files_read`, in that order.
std::vector<std::string> input_paths(const RunSetup& setup);

/// How the rasters of a run are stored.
RasterFormat raster_format(const RunSetup& setup);

/// Every file that a run may publish.
std::vector<std::string> result_names(const RunSetup& setup);

/// Writes what stands beside a raster: a style for QGIS, and of codes their names. `codes_seen` are the from-to codes
/// that occur, by period. Returns the names of these files; throws Error::output.
std::vector<ResultFile> write_beside(const RunSetup& setup, const OutputLayer& output,
                                     const std::vector<std::vector<std::uint8_t>>& codes_seen,
                                     const OutputDirectory& directory);

}  // namespace sink
