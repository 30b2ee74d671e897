// SPDX-License-Identifier: Apache-2.0
// The tags of a GeoTIFF as GDAL writes them: geo keys, metadata, nodata, compression, predictor, tile size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/grid.hpp"
#include "raster/raster_format.hpp"

class GDALDataset;

namespace sink {

/// The colour of a code.
struct CodeColour {
  std::uint8_t code = 0;
  std::array<std::uint8_t, 3> rgb = {};
};

/// What an output raster is of, beside its pixels. A blank unit is none.
struct RasterWords {
  std::string description, unit;
  std::vector<CodeColour> colours = {};  ///< of a Byte raster: its colour table
};

/// One entry of an image file directory; `value` as it stands in a little-endian file.
struct TiffTag {
  std::uint16_t tag = 0, type = 0;
  std::uint64_t count = 0;
  std::vector<std::byte> value;
  /// The first number of a SHORT or LONG tag.
  [[nodiscard]] std::int64_t number() const noexcept;
};

enum TiffTagNumber : std::uint16_t {
  tiff_subfile = 254,
  tiff_width = 256,
  tiff_length = 257,
  tiff_compression = 259,
  tiff_predictor = 317,
  tiff_tile_width = 322,
  tiff_tile_length = 323,
  tiff_tile_offsets = 324,
  tiff_tile_bytes = 325,
  tiff_gdal_nodata = 42113
};

/// Gives an open dataset of one band its georeference, nodata, description, unit and, where they hold a value,
/// statistics. `pixels` are those of the whole raster.
void describe_raster(GDALDataset& dataset, const Grid& grid, const RasterWords& words, RasterPixels type,
                     const StoredStatistics& statistics);

/// The last of these alone.
void set_statistics(GDALDataset& dataset, const StoredStatistics& statistics, std::int64_t pixels);

/// The tags, ascending, of the file that GDAL makes for such a raster, those of its size and tiles aside: GDAL makes a
/// small one in memory. Empty where GDAL refuses the options.
std::vector<TiffTag> gdal_tags(const RasterFormat& format, const Grid& grid, const RasterWords& words,
                               RasterPixels type, const StoredStatistics& statistics);

}  // namespace sink
