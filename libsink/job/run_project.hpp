// SPDX-License-Identifier: Apache-2.0
// inventory.qgz: a QGIS project with everything that a run shows, beside it.
#pragma once

#include <string>
#include <vector>

#include "job/output_directory.hpp"
#include "job/run_files.hpp"
#include "job/run_setup.hpp"
#include "job/zone_layers.hpp"

namespace sink {

/// Writes the project into the working folder and returns its name. `beside` is by output layer, `zones` are the layers
/// of zones.gpkg. Throws Error::output.
ResultFile write_project(const RunSetup& setup, const std::vector<BesideRaster>& beside,
                         const std::vector<ZoneLayer>& zones, const OutputDirectory& directory);

}  // namespace sink
