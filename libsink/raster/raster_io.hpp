// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sink {

/// Who turns the bytes of GeoTIFF blocks into pixels and back. The pixels are the same.
enum class RasterIo {
  own,  ///< the workers, for the layouts of `TiffLayout`; GDAL for the rest
  gdal  ///< GDAL for everything, to compare with
};

}  // namespace sink
