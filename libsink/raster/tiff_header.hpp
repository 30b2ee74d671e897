// SPDX-License-Identifier: Apache-2.0
// What the header of a GeoTIFF says of its CRS and units, as bytes: of files with the same geo keys GDAL need work out
// the CRS once, which takes most of the time of opening.
#pragma once

#include <string>

#include "raster/band_info.hpp"
#include "raster/dataset.hpp"

namespace sink {

struct TiffHeader {
  /// Tags 34735 to 34737 of the first directory (OGC 19-008r4, 7.1), one after the other. Blank where there are none,
  /// or the file is no little-endian TIFF or BigTIFF: then ask GDAL.
  std::string geo_keys;
  bool may_have_units = true;  ///< false: GDAL's metadata (tag 42112) name none, for any band
};
/// Never throws for what the file holds.
TiffHeader tiff_header_of(const std::string& path);

/// The grid of an open raster whose CRS is that of `other`. Throws Error::input as `grid_of`.
Grid grid_with_crs_of(const Grid& other, const Dataset& raster);

/// As describe_band; where `unit` is false it is left blank.
BandInfo describe_band(const Dataset& file, const std::string& path, int number, const Grid& grid, bool unit);

}  // namespace sink
