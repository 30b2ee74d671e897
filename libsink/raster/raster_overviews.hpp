// SPDX-License-Identifier: Apache-2.0
// Overviews inside a GeoTIFF that GDAL wrote, by the one rule (`overview_cells.hpp`).
#pragma once

#include <cstdint>
#include <functional>

#include "raster/dataset.hpp"
#include "raster/raster_format.hpp"

namespace sink {

/// Makes the overviews that a COG of blocks of `block` has. The dataset, of one band, is open for writing. `go_on` may
/// return false to stop (Error::interrupted). Throws Error::output.
void build_overviews(const Dataset& raster, RasterPixels type, std::int64_t block, const std::function<bool()>& go_on);

}  // namespace sink
