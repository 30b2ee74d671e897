// SPDX-License-Identifier: Apache-2.0
// Rasters of measures (carbon, …) that are read beside class maps, on their grid.
#pragma once

#include <string>
#include <vector>

#include "job/class_maps.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// Throws Error::input where one is on another grid or CRS than the maps, unless the run aligns.
void check_measures(const ClassMaps& maps, const std::vector<std::string>& rasters);

/// One thread's handles, aligned where the run aligns; `files` must outlive them.
std::vector<RasterSource> open_measures(const ClassMaps& maps, const std::vector<std::string>& rasters,
                                        OpenFiles& files);

}  // namespace sink
