// SPDX-License-Identifier: Apache-2.0
// Which part of a raster has values, for pictures of it.
#pragma once

#include <string>

#include "core/grid.hpp"

namespace sink {

/// A window that holds every pixel of a GeoTIFF's first band that is not nodata, as its smallest overview shows: up to
/// one cell of that too large. The whole raster where nothing has a value, or where it is large and has no overview.
/// Throws Error::input.
Window valued_window(const std::string& file);

}  // namespace sink
