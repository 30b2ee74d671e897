// SPDX-License-Identifier: Apache-2.0
// What a band is, without its pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/grid.hpp"
#include "raster/dataset.hpp"

namespace sink {

struct BandInfo {
  std::string path;  ///< as the user wrote it
  Grid grid;
  int band = 1, bands = 1;
  std::string type;  ///< GDAL's name: "Float32"
  bool floating = false;
  std::optional<double> nodata;
  bool masked = false;  ///< the file has a mask of its own
  double scale = 1, offset = 0;
  std::int64_t block_columns = 0, block_rows = 0;
  std::string compression;  ///< "ZSTD"; "NONE" where there is none
  std::int64_t holes = 0;   ///< blocks that were never written
  std::string description, unit;
  /// Of the band's colour table, "#rrggbb" by value. Left out are transparent and black entries: GeoTIFF fills its
  /// table up with black, so that black says nothing.
  std::map<std::int64_t, std::string> colours;

  // Of a folder, whose files are each read by their own type, nodata value, mask, scale and offset:
  std::size_t files = 0;                               ///< how many it has; 0: a file by itself
  std::int64_t covered = 0;                            ///< pixels of the grid that lie in a file; the others are nodata
  bool nodata_differs = false, scale_differs = false;  ///< then `nodata` is absent, `scale` 1 and `offset` 0
};

/// All of it but `holes`. Throws Error::input for complex pixels and signed bytes.
BandInfo describe_band(const Dataset& file, const std::string& path, int number);
/// The same where the grid is known.
BandInfo describe_band(const Dataset& file, const std::string& path, int number, const Grid& grid);

/// Takes the number of `holes` in. Throws Error::input where there are any and no nodata value, or one that the pixel
/// type cannot hold, says what they mean.
void set_holes(BandInfo& info, std::int64_t holes);

}  // namespace sink
