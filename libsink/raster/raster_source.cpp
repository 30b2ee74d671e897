// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_source.hpp"

#include <gdal_priv.h>
#include <gdal_utils.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/legend.hpp"
#include "core/nodata.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

/// First pixel of the first block of a window that cannot be read.
Point first_bad_block(GDALRasterBand& band, const Window& window) {
  int width = 0, height = 0;
  band.GetBlockSize(&width, &height);
  const std::int64_t w = width, h = height;
  std::vector<double> pixels(static_cast<std::size_t>(w * h));
  for (std::int64_t row = window.row / h * h; row < window.row + window.rows; row += h) {
    for (std::int64_t column = window.column / w * w; column < window.column + window.columns; column += w) {
      const auto nx = static_cast<int>(std::min(w, band.GetXSize() - column));
      const auto ny = static_cast<int>(std::min(h, band.GetYSize() - row));
      clear_gdal_errors();
      const CPLErr error = band.RasterIO(GF_Read, static_cast<int>(column), static_cast<int>(row), nx, ny,
                                         pixels.data(), nx, ny, GDT_Float64, 0, 0, nullptr);
      if (error != CE_None || gdal_error_count() > 0) return {static_cast<double>(column), static_cast<double>(row)};
    }
  }
  return {static_cast<double>(window.column), static_cast<double>(window.row)};
}

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

BandInfo info_of(const Dataset& file, const std::string& path, int number) {
  BandInfo info;
  info.path = path;
  info.grid = grid_of(file);
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
  info.unit = band.GetUnitType();
  info.colours = colours_of(band.GetColorTable());
  if (std::string(file->GetDriverName()) == "GTiff") info.holes = check_blocks(file, number);
  return info;
}

}  // namespace

std::string path_below(const std::string& directory, const std::string& path) {
  if (path.empty() || directory.empty() || path.front() == '/') return path;
  return (std::filesystem::path(directory) / path).string();
}

const Dataset& OpenFiles::open(const std::string& file, const std::vector<std::string>& allowed_drivers) {
  auto& opened = files_[file];
  if (!opened) opened = std::make_unique<Dataset>(open_raster(file, allowed_drivers));
  return *opened;
}

RasterSource::RasterSource(OpenFiles& files, const std::string& directory, const std::string& path,
                           const std::vector<std::string>& allowed_drivers) {
  const BandPath where = parse_band_path(path_below(directory, path));
  file_ = &files.open(where.file, allowed_drivers);
  info_ = info_of(*file_, path, where.band);
  if (info_.holes > 0 && !info_.nodata) {
    throw input_error(path, std::to_string(info_.holes) +
                                " blocks were never written and no nodata value is declared: "
                                "declare it with gdal_edit.py -a_nodata VALUE, or write the file again");
  }
}

void RasterSource::align_to(const Grid& grid) {
  const auto text = [](double v) { return CPLString().Printf("%.17g", v); };
  const Point low = grid.to_crs(0, static_cast<double>(grid.rows));
  const Point high = grid.to_crs(static_cast<double>(grid.columns), 0);
  CPLStringList arguments;
  for (const auto& argument : std::vector<std::string>{"-of", "VRT", "-r", "near", "-t_srs", grid.crs_wkt, "-te",
                                                       text(low.x), text(low.y), text(high.x), text(high.y), "-ts",
                                                       std::to_string(grid.columns), std::to_string(grid.rows)}) {
    arguments.AddString(argument.c_str());
  }
  // A view without nodata of its own would read 0 outside the source.
  if (!info_.nodata && !info_.masked) arguments.AddString("-dstalpha");
  GDALWarpAppOptions* options = GDALWarpAppOptionsNew(arguments.List(), nullptr);
  GDALDatasetH source = GDALDataset::ToHandle(file_->get());
  GDALDatasetH view = GDALWarp("", nullptr, 1, &source, options, nullptr);
  GDALWarpAppOptionsFree(options);
  if (view == nullptr) throw gdal_error(Error::Kind::input, info_.path, "cannot be aligned");
  view_ = Dataset(GDALDataset::FromHandle(view), file_->file());
  info_.masked = (view_.band(info_.band).GetMaskFlags() & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
  info_.grid = grid;
  int columns = 0, rows = 0;
  view_.band(info_.band).GetBlockSize(&columns, &rows);
  info_.block_columns = columns;
  info_.block_rows = rows;
}

void RasterSource::read_raw(const Window& window, std::span<double> values) {
  const Dataset& from = view_ ? view_ : *file_;
  GDALRasterBand& band = from.band(info_.band);
  const auto x = static_cast<int>(window.column), y = static_cast<int>(window.row);
  const auto nx = static_cast<int>(window.columns), ny = static_cast<int>(window.rows);
  clear_gdal_errors();
  const CPLErr error = band.RasterIO(GF_Read, x, y, nx, ny, values.data(), nx, ny, GDT_Float64, 0, 0, nullptr);
  if (error != CE_None || gdal_error_count() > 0) {
    const Point at = first_bad_block(band, window);
    throw gdal_error(Error::Kind::input, info_.path,
                     "cannot be read at column " + std::to_string(static_cast<std::int64_t>(at.x)) + ", row " +
                         std::to_string(static_cast<std::int64_t>(at.y)) +
                         ": the file is damaged or cut off, make it again");
  }
  if (info_.nodata) {
    const double nodata = *info_.nodata;
    for (double& value : values) value = value == nodata ? no_value : value;
  }
  if (!info_.masked) return;
  mask_.resize(values.size());
  if (band.GetMaskBand()->RasterIO(GF_Read, x, y, nx, ny, mask_.data(), nx, ny, GDT_Byte, 0, 0, nullptr) != CE_None) {
    throw gdal_error(Error::Kind::input, info_.path, "its mask cannot be read");
  }
  for (std::size_t p = 0; p < values.size(); ++p) values[p] = mask_[p] == 0 ? no_value : values[p];
}

void RasterSource::read(const Window& window, std::span<double> values) {
  read_raw(window, values);
  if (info_.scale == 1 && info_.offset == 0) return;
  for (double& value : values) value = value * info_.scale + info_.offset;
}

void RasterSource::read_codes(const Window& window, std::span<std::int32_t> codes) {
  raw_.resize(codes.size());
  read_raw(window, raw_);
  for (std::size_t p = 0; p < codes.size(); ++p) {
    const double value = raw_[p];
    if (std::isnan(value)) {
      codes[p] = no_code;
      continue;
    }
    if (!(value >= 0 && value <= Legend::max_code) || value != std::floor(value)) {
      const auto at = static_cast<std::int64_t>(p);
      throw input_error(info_.path,
                        "holds " + std::to_string(value) + " at column " +
                            std::to_string(window.column + at % window.columns) + ", row " +
                            std::to_string(window.row + at / window.columns) +
                            ", which is no class code (a whole number from 0): if it means nodata, declare it with "
                            "gdal_edit.py -a_nodata VALUE");
    }
    codes[p] = static_cast<std::int32_t>(value);
  }
}

}  // namespace sink
