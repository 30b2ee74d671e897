// SPDX-License-Identifier: Apache-2.0
// How an output raster is stored: its kind of file, the type of its pixels, and what --co says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "raster/raster_io.hpp"

namespace sink {

struct RasterFormat {
  bool cog = true;                            ///< false: plain tiled GeoTIFF
  std::vector<std::string> creation_options;  ///< KEY=VALUE, override ours
  int threads = 1;
  RasterIo io = RasterIo::own;
};

/// What the pixels are. Overviews of measures are means; of codes, the most frequent code.
enum class RasterPixels { float32, uint8, uint16, uint32 };
/// Nodata in a raster of codes: the highest value of its type, and never a code.
constexpr std::uint32_t nodata_code(RasterPixels pixels) noexcept {
  return pixels == RasterPixels::uint8 ? 255U : pixels == RasterPixels::uint16 ? 65535U : 4294967295U;
}
constexpr std::size_t pixel_bytes(RasterPixels pixels) noexcept {
  return pixels == RasterPixels::uint8 ? 1 : pixels == RasterPixels::uint16 ? 2 : 4;
}

/// The GDALDataType of these pixels, as a number.
int gdal_type(RasterPixels pixels) noexcept;

/// Refuses creation options that the driver does not know (Error::usage), before anything is computed.
void check_creation_options(const RasterFormat& format);

/// KEY=VALUE for GDAL's driver of `format`: ours, overridden by the user's.
std::vector<std::string> driver_options(const RasterFormat& format, RasterPixels pixels);

/// What the options of our own writer say beyond the tags of the file.
struct OwnOptions {
  enum class BigTiff { yes, no, if_needed, if_safer };
  std::optional<int> level;  ///< of the compression; absent: its usual one
  bool sparse = false;       ///< wholly nodata tiles are left out
  bool overviews = true;
  BigTiff big = BigTiff::if_safer;
};
/// Absent where an option, or a value of one, is left to GDAL.
std::optional<OwnOptions> own_options(const RasterFormat& format, RasterPixels pixels);

/// False where the user's options say how GDAL is to make overviews, or that there are none.
bool overviews_are_ours(const RasterFormat& format);

/// Size of the blocks of the file that `format` makes: overviews end where one block holds them.
std::int64_t cog_block_size(const RasterFormat& format);

}  // namespace sink
