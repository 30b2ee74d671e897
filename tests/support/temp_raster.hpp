// SPDX-License-Identifier: Apache-2.0
// Small GeoTIFFs from literals, so that tests read like pictures.
#pragma once

#include <gdal_priv.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace sink::tests {

using Rows = std::vector<std::vector<double>>;

struct RasterOptions {
  GDALDataType type = GDT_Float32;
  double nodata = -1;
  bool has_nodata = true;
  int tile = 0;  ///< 0: strips
  double x_min = 500000, y_max = 3000000, pixel = 100;
  int epsg = 4548;
};

/// Writes `rows` as a single-band GeoTIFF.
inline void write_raster(const std::string& path, const Rows& rows, const RasterOptions& options = {}) {
  const auto height = static_cast<int>(rows.size()), width = static_cast<int>(rows.at(0).size());
  const std::string tile = std::to_string(options.tile);
  CPLStringList creation;
  if (options.tile > 0) {
    creation.SetNameValue("TILED", "YES");
    creation.SetNameValue("BLOCKXSIZE", tile.c_str());
    creation.SetNameValue("BLOCKYSIZE", tile.c_str());
  }
  const GDALDatasetUniquePtr file(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      path.c_str(), width, height, 1, options.type, creation.List()));
  double transform[6] = {options.x_min, options.pixel, 0, options.y_max, 0, -options.pixel};
  file->SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.importFromEPSG(options.epsg);
  file->SetSpatialRef(&crs);
  if (options.has_nodata) file->GetRasterBand(1)->SetNoDataValue(options.nodata);
  std::vector<double> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  if (file->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, width, height, values.data(), width, height, GDT_Float64, 0, 0,
                                       nullptr) != CE_None) {
    throw std::runtime_error("test raster not written");
  }
}

/// Band 1 of a file as doubles.
inline std::vector<double> read_raster(const std::string& path) {
  const GDALDatasetUniquePtr file(GDALDataset::Open(path.c_str()));
  if (!file) throw std::runtime_error("no raster " + path);
  const int width = file->GetRasterXSize(), height = file->GetRasterYSize();
  std::vector<double> values(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  if (file->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, width, height, values.data(), width, height, GDT_Float64, 0, 0,
                                       nullptr) != CE_None) {
    throw std::runtime_error("test raster not read");
  }
  return values;
}

}  // namespace sink::tests
