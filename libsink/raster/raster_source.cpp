// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_source.hpp"

#include <gdal_priv.h>
#include <gdal_utils.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

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

}  // namespace

std::string path_below(const std::string& directory, const std::string& path) {
  if (path.empty() || directory.empty() || path.front() == '/') return path;
  return (std::filesystem::path(directory) / path).string();
}

RasterSource::RasterSource(OpenFiles& files, const std::string& directory, const std::string& path,
                           const RasterAccess& access) {
  const BandPath where = parse_band_path(path_below(directory, path));
  SharedBand band = access.shared->band(files, where, path, access);
  info_ = std::move(band.info);
  file_name_ = where.file;
  if (band.layout) {
    reader_.emplace(std::move(band.layout), info_.nodata, files.decoder(), access.shared->cache(), access.cache_bytes);
  } else {
    file_ = &files.open(where.file, access.allowed_drivers);
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
  if (file_ == nullptr) aligned_ = open_raster(file_name_);
  GDALDatasetH source = GDALDataset::ToHandle(file_ != nullptr ? file_->get() : aligned_.get());
  GDALDatasetH view = GDALWarp("", nullptr, 1, &source, options, nullptr);
  GDALWarpAppOptionsFree(options);
  if (view == nullptr) throw gdal_error(Error::Kind::input, info_.path, "cannot be aligned");
  view_ = Dataset(GDALDataset::FromHandle(view), file_name_);
  reader_.reset();
  info_.masked = (view_.band(info_.band).GetMaskFlags() & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
  info_.grid = grid;
  int columns = 0, rows = 0;
  view_.band(info_.band).GetBlockSize(&columns, &rows);
  info_.block_columns = columns;
  info_.block_rows = rows;
}

std::string RasterSource::damage(std::int64_t column, std::int64_t row) const {
  return "cannot be read at column " + std::to_string(column) + ", row " + std::to_string(row) +
         ": the file is damaged or cut off, make it again";
}

template <class Value>
PixelsFound RasterSource::read_own(const Window& window, std::span<Value> values) {
  try {
    return reader_->read(window, values);
  } catch (const DamagedBlock& bad) {
    throw input_error(info_.path, damage(bad.column, bad.row) + " (" + bad.why + ")");
  }
}

bool RasterSource::read_by_gdal(const Window& window, std::span<double> values) {
  const Dataset& from = view_ ? view_ : *file_;
  GDALRasterBand& band = from.band(info_.band);
  const auto x = static_cast<int>(window.column), y = static_cast<int>(window.row);
  const auto nx = static_cast<int>(window.columns), ny = static_cast<int>(window.rows);
  clear_gdal_errors();
  const CPLErr error = band.RasterIO(GF_Read, x, y, nx, ny, values.data(), nx, ny, GDT_Float64, 0, 0, nullptr);
  if (error != CE_None || gdal_error_count() > 0) {
    const Point at = first_bad_block(band, window);
    throw gdal_error(Error::Kind::input, info_.path,
                     damage(static_cast<std::int64_t>(at.x), static_cast<std::int64_t>(at.y)));
  }
  if (info_.nodata) {
    const double nodata = *info_.nodata;
    for (double& value : values) value = value == nodata ? no_value : value;
  }
  if (info_.masked) {
    mask_.resize(values.size());
    if (band.GetMaskBand()->RasterIO(GF_Read, x, y, nx, ny, mask_.data(), nx, ny, GDT_Byte, 0, 0, nullptr) != CE_None) {
      throw gdal_error(Error::Kind::input, info_.path, "its mask cannot be read");
    }
    for (std::size_t p = 0; p < values.size(); ++p) values[p] = mask_[p] == 0 ? no_value : values[p];
  }
  return std::any_of(values.begin(), values.end(), [](double value) { return !std::isnan(value); });
}

bool RasterSource::read_raw(const Window& window, std::span<double> values) {
  return reader_ ? read_own<double>(window, values).valid : read_by_gdal(window, values);
}

bool RasterSource::read(const Window& window, std::span<double> values) {
  const bool valid = read_raw(window, values);
  if (info_.scale == 1 && info_.offset == 0) return valid;
  for (double& value : values) value = value * info_.scale + info_.offset;
  return valid;
}

bool RasterSource::read_codes(const Window& window, std::span<std::int32_t> codes) {
  if (reader_) {
    const PixelsFound found = read_own<std::int32_t>(window, codes);
    if (!found.stray) return found.valid;
  }
  raw_.resize(codes.size());
  const bool valid = read_raw(window, raw_);
  for (std::size_t p = 0; p < codes.size(); ++p) {
    const double value = raw_[p];
    if (std::isnan(value)) {
      codes[p] = no_code;
      continue;
    }
    if (!(value >= 0 && value <= Legend::max_code) || value != std::floor(value)) {
      const auto at = static_cast<std::int64_t>(p);
      throw input_error(
          info_.path,
          "holds " + std::to_string(value) + " at column " + std::to_string(window.column + at % window.columns) +
              ", row " + std::to_string(window.row + at / window.columns) +
              ", which is no class code (a whole number from 0 to 999999999): if it means nodata, declare it with "
              "gdal_edit.py -a_nodata VALUE");
    }
    codes[p] = static_cast<std::int32_t>(value);
  }
  return valid;
}

}  // namespace sink
