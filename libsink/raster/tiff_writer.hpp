// SPDX-License-Identifier: Apache-2.0
// Puts encoded tiles together as a TIFF or BigTIFF file: header, directories, tiles; never decodes one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "raster/part_file.hpp"
#include "raster/tiff_tags.hpp"
#include "raster/tile_pyramid.hpp"

namespace sink {

struct TiffContent {
  const std::vector<TiffTag>& tags;       ///< of the raster, by `gdal_tags`; overviews take what is theirs of them
  const std::vector<TiledImage>& images;  ///< the raster and its overviews
  const PartFile& part;                   ///< holds the tiles
  bool cog = true;  ///< tiles are framed, and the file says that it is laid out as GDAL's COGs are
};

/// Writes `file`: directories of the raster and of the overviews from the largest, then the tiles of the smallest
/// overview first and those of the raster last, each image's in row-major order. The bytes depend on nothing but the
/// tiles. `go_on(fraction)` may return false to stop (Error::interrupted). Throws Error::output.
void write_tiff(const std::string& file, const TiffContent& content, OwnOptions::BigTiff big,
                const std::function<bool(double)>& go_on);

}  // namespace sink
