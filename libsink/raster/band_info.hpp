// SPDX-License-Identifier: Apache-2.0
// What a band is, without its pixels.
#pragma once

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
};

/// All of it but `holes`. Throws Error::input for complex pixels and signed bytes.
BandInfo describe_band(const Dataset& file, const std::string& path, int number);

/// Takes the number of `holes` in. Throws Error::input where there are any and no nodata value, or one that the pixel
/// type cannot hold, says what they mean.
void set_holes(BandInfo& info, std::int64_t holes);

}  // namespace sink
