// SPDX-License-Identifier: Apache-2.0
// A map that is known pixel by pixel, cut into GeoTIFFs that have little in common but the grid.
#pragma once

#include <ogr_spatialref.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "raster/tiff_files.hpp"

namespace sink::tests {

/// One file: where it lies, and how it is stored.
struct Piece {
  std::string name;
  Window place;
  GDALDataType type = GDT_Float32;
  double nodata = -9999;  ///< NaN: by a mask inside the file, without a nodata value
  double scale = 1, offset = 0;
  std::vector<std::string> options = {};
  int bands = 1;  ///< the map is in the last
};

struct Place {
  double x_min = 500000, y_max = 3000000, pixel = 100;
  int epsg = 4548;
};

/// The whole number at a pixel, or NaN: patches with lone pixels of nodata, and a corner of it.
inline double map_at(std::int64_t column, std::int64_t row) {
  if ((column * 7 + row * 13) % 11 == 0 || (column > 500 && row > 400)) return std::nan("");
  return static_cast<double>((column / 7 * 13 + row / 5 * 7) % 200);
}

inline void write_piece(const std::string& folder, const Piece& piece, const Place& at = {}) {
  set_up_gdal();
  std::filesystem::create_directories(folder);
  CPLStringList options;
  for (const auto& option : piece.options) options.AddString(option.c_str());
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
  const auto nx = static_cast<int>(piece.place.columns), ny = static_cast<int>(piece.place.rows);
  const GDALDatasetUniquePtr raster(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      (folder + "/" + piece.name).c_str(), nx, ny, piece.bands, piece.type, options.List()));
  REQUIRE(raster != nullptr);
  double transform[6] = {at.x_min + static_cast<double>(piece.place.column) * at.pixel, at.pixel, 0,
                         at.y_max - static_cast<double>(piece.place.row) * at.pixel,    0,        -at.pixel};
  raster->SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.importFromEPSG(at.epsg);
  raster->SetSpatialRef(&crs);
  const bool masked = std::isnan(piece.nodata) && GDALDataTypeIsFloating(piece.type) == 0;
  std::vector<double> pixels;
  std::vector<std::uint8_t> mask;
  for (std::int64_t row = 0; row < ny; ++row) {
    for (std::int64_t column = 0; column < nx; ++column) {
      const double value = map_at(piece.place.column + column, piece.place.row + row);
      mask.push_back(std::isnan(value) ? 0 : 255);
      const double none = masked ? 3 : piece.nodata;
      pixels.push_back(std::isnan(value) ? none : (value - piece.offset) / piece.scale);
    }
  }
  for (int number = 1; number <= piece.bands; ++number) {
    GDALRasterBand& band = *raster->GetRasterBand(number);
    if (!masked) band.SetNoDataValue(piece.nodata);
    if (piece.scale != 1) band.SetScale(piece.scale);
    if (piece.offset != 0) band.SetOffset(piece.offset);
    if (number < piece.bands) {
      band.Fill(7);
    } else {
      REQUIRE(band.RasterIO(GF_Write, 0, 0, nx, ny, pixels.data(), nx, ny, GDT_Float64, 0, 0, nullptr) == CE_None);
    }
  }
  if (masked) {
    raster->CreateMaskBand(GMF_PER_DATASET);
    REQUIRE(raster->GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Write, 0, 0, nx, ny, mask.data(), nx, ny, GDT_Byte, 0,
                                                              0, nullptr) == CE_None);
  }
}

/// 700 x 500 pixels in seven files, as counties are: of any size, with a hole at columns 300-399, rows 150-249.
inline std::vector<Piece> pieces() {
  return {{"a.tif",
           {0, 0, 300, 260},
           GDT_Byte,
           255,
           1,
           0,
           {"COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}},
          {"b.TIF", {300, 0, 400, 150}, GDT_Int16, -1, 1, 0, {"COMPRESS=LZW"}},
          {"c.tiff", {400, 150, 300, 100}, GDT_Float32, -9999, 1, 0, {"COMPRESS=ZSTD", "PREDICTOR=3", "TILED=YES"}},
          {"d.tif", {0, 260, 151, 240}, GDT_Byte, std::nan(""), 1, 0, {}},
          {"e.tif", {151, 260, 149, 240}, GDT_UInt16, 65535, 1, 0, {"COMPRESS=ZSTD", "PREDICTOR=2", "BLOCKYSIZE=1"}},
          {"f.tif",
           {300, 250, 400, 207},
           GDT_Float64,
           std::nan(""),
           1,
           0,
           {"TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=16"}},
          {"g.tif", {300, 457, 400, 43}, GDT_Int32, 0x7fffffff, 1, 0, {"COMPRESS=DEFLATE", "BLOCKYSIZE=7"}}};
}

/// The map where `pieces` has a file, NaN elsewhere.
inline double known_at(const std::vector<Piece>& pieces, std::int64_t column, std::int64_t row) {
  for (const Piece& piece : pieces) {
    const Window& w = piece.place;
    if (column >= w.column && row >= w.row && column < w.column + w.columns && row < w.row + w.rows)
      return map_at(column, row);
  }
  return std::nan("");
}

}  // namespace sink::tests
