// SPDX-License-Identifier: Apache-2.0
// A mosaic as a dataset of GDAL, for GDAL's own tools.
#pragma once

#include "raster/dataset.hpp"
#include "raster/mosaic.hpp"

namespace sink {

/// One band of doubles, NaN where a pixel is nodata or in no file. Values are as stored where all files have one scale
/// and offset, else scaled. For one thread; GDAL opens files as they are needed and closes them again.
Dataset mosaic_view(const Mosaic& mosaic, const BandInfo& whole);

}  // namespace sink
