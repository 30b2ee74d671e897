// SPDX-License-Identifier: Apache-2.0
#include "raster/band_info.hpp"

#include <gdal_priv.h>

#include <cmath>

#include "raster/tiff_header.hpp"

namespace sink {
namespace {

std::map<std::int64_t, std::string> colours_of(const GDALColorTable* table) {
  std::map<std::int64_t, std::string> colours;
  if (table == nullptr || table->GetPaletteInterpretation() != GPI_RGB) return colours;
  for (int value = 0; value < table->GetColorEntryCount(); ++value) {
    const GDALColorEntry& entry = *table->GetColorEntry(value);
    if (entry.c4 == 0 || (entry.c1 | entry.c2 | entry.c3) == 0) continue;
    colours[value] = CPLString().Printf("#%02x%02x%02x", entry.c1 & 0xff, entry.c2 & 0xff, entry.c3 & 0xff);
  }
  return colours;
}

}  // namespace

BandInfo describe_band(const Dataset& file, const std::string& path, int number) {
  return describe_band(file, path, number, grid_of(file));
}

BandInfo describe_band(const Dataset& file, const std::string& path, int number, const Grid& grid) {
  return describe_band(file, path, number, grid, true);
}

BandInfo describe_band(const Dataset& file, const std::string& path, int number, const Grid& grid, bool unit) {
  BandInfo info;
  info.path = path;
  info.grid = grid;
  info.band = number;
  info.bands = file.bands();
  GDALRasterBand& band = file.band(number);
  const GDALDataType type = band.GetRasterDataType();
  if (GDALDataTypeIsComplex(type) != 0) throw input_error(path, "complex pixels: give a band of plain numbers");
  const char* pixel_type = band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE");
  if (pixel_type != nullptr && std::string(pixel_type) == "SIGNEDBYTE") {
    throw input_error(
        path, "signed bytes, which GDAL 3.6 reads as unsigned: gdal_translate -ot Int16 " + path + " int16.tif");
  }
  info.type = GDALGetDataTypeName(type);
  info.floating = GDALDataTypeIsFloating(type) != 0;
  int has = 0;
  const double nodata = band.GetNoDataValue(&has);
  if (has != 0) info.nodata = type == GDT_Float32 ? static_cast<double>(static_cast<float>(nodata)) : nodata;
  info.masked = (band.GetMaskFlags() & GMF_PER_DATASET) != 0;
  const double scale = band.GetScale(&has);
  if (has != 0) info.scale = scale;
  const double offset = band.GetOffset(&has);
  if (has != 0) info.offset = offset;
  int columns = 0, rows = 0;
  band.GetBlockSize(&columns, &rows);
  info.block_columns = columns;
  info.block_rows = rows;
  const char* compression = file->GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE");
  info.compression = compression != nullptr ? compression : "NONE";
  info.description = band.GetDescription();
  if (unit) info.unit = band.GetUnitType();
  info.colours = colours_of(band.GetColorTable());
  return info;
}

void set_holes(BandInfo& info, std::int64_t holes) {
  info.holes = holes;
  if (holes == 0) return;
  std::string missing = "no nodata value is declared";
  if (info.nodata) {
    int clamped = 0, rounded = 0;
    GDALAdjustValueToDataType(GDALGetDataTypeByName(info.type.c_str()), *info.nodata, &clamped, &rounded);
    // GDAL fills a hole with the nearest value that the type has, which then passes for data.
    if (info.floating || (clamped == 0 && rounded == 0 && !std::isnan(*info.nodata))) return;
    missing = "the nodata value declared is none that " + info.type + " pixels can have";
  }
  throw input_error(info.path, std::to_string(holes) + " blocks were never written and " + missing +
                                   ": declare it with gdal_edit.py -a_nodata VALUE, or write the file again");
}

}  // namespace sink
