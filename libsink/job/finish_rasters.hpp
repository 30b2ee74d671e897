// SPDX-License-Identifier: Apache-2.0
// The end of a run's rasters: every file laid out below the working directory.
#pragma once

#include <vector>

#include "job/job.hpp"
#include "job/output_directory.hpp"
#include "job/run_setup.hpp"
#include "raster/raster_output.hpp"

namespace sink {

/// `rasters` and `statistics` are by output layer. Files are laid out side by side in the run's threads, or one after
/// the other where GDAL writes them with threads of its own. Throws Error::output, or Error::interrupted where
/// `progress` says so.
void finish_rasters(const RunSetup& setup, const OutputDirectory& directory, std::vector<RasterOutput>& rasters,
                    const std::vector<StoredStatistics>& statistics, const ProgressCallback& progress);

}  // namespace sink
