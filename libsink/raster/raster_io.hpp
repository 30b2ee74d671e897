// SPDX-License-Identifier: Apache-2.0
// RasterIo: who turns the bytes of GeoTIFF blocks into pixels and back.
#pragma once

namespace sink {

/// `own`: our codec in the workers wherever a file allows it, GDAL elsewhere. `gdal`: GDAL for everything, to compare.
/// Pixels, overviews and tables are the same.
enum class RasterIo { own, gdal };

}  // namespace sink
