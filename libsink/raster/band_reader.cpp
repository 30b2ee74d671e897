// SPDX-License-Identifier: Apache-2.0
#include "raster/band_reader.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/legend.hpp"
#include "core/nodata.hpp"
#include "core/window.hpp"
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

std::string damage(std::int64_t column, std::int64_t row) {
  return "cannot be read at column " + std::to_string(column) + ", row " + std::to_string(row) +
         ": the file is damaged or cut off, make it again";
}

/// Calls `row_of(row, first value, number)` for the rows of `part` in the column of a window.
template <class Value, class RowOf>
void by_rows(const Window& part, const Window& window, std::span<Value> values, const RowOf& row_of) {
  for (std::int64_t row = part.row; row < part.row + part.rows; ++row) {
    const auto at = (row - window.row) * window.columns + (part.column - window.column);
    row_of(row, values.data() + at, static_cast<std::size_t>(part.columns));
  }
}

}  // namespace

BandReader::BandReader(BandInfo info, TileReader reader) : info_(std::move(info)), reader_(std::move(reader)) {}

BandReader::BandReader(BandInfo info, const Dataset* file) : info_(std::move(info)), kept_(file) {}

BandReader::BandReader(BandInfo info, const std::string& file, std::shared_ptr<FileHandles> handles,
                       const std::vector<std::string>& allowed_drivers)
    : info_(std::move(info)), file_(file), handles_(std::move(handles)), allowed_drivers_(allowed_drivers) {}

BandReader::BandReader(BandInfo info, Dataset view) : info_(std::move(info)), view_(std::move(view)) {}

const Dataset& BandReader::dataset() {
  if (view_) return view_;
  return kept_ != nullptr ? *kept_ : handles_->open_one_of_many(file_, allowed_drivers_);
}

Window BandReader::inside(const Window& window) const {
  return common_part(window, info_.grid.whole());
}

template <class Value>
PixelsFound BandReader::read_own(const Window& window, std::span<Value> values) {
  try {
    return reader_->read(window, values);
  } catch (const DamagedBlock& bad) {
    throw input_error(info_.path, damage(bad.column, bad.row) + " (" + bad.why + ")");
  }
}

bool BandReader::read_by_gdal(const Window& window, std::span<double> values) {
  const Window part = inside(window);
  if (part.pixels() == 0) return false;
  GDALRasterBand& band = dataset().band(info_.band);
  const auto x = static_cast<int>(part.column), y = static_cast<int>(part.row);
  const auto nx = static_cast<int>(part.columns), ny = static_cast<int>(part.rows);
  double* first = values.data() + (part.row - window.row) * window.columns + (part.column - window.column);
  clear_gdal_errors();
  const CPLErr error = band.RasterIO(GF_Read, x, y, nx, ny, first, nx, ny, GDT_Float64, sizeof(double),
                                     static_cast<GSpacing>(sizeof(double)) * window.columns, nullptr);
  if (error != CE_None || gdal_error_count() > 0) {
    const Point at = first_bad_block(band, part);
    throw gdal_error(Error::Kind::input, info_.path,
                     damage(static_cast<std::int64_t>(at.x), static_cast<std::int64_t>(at.y)));
  }
  if (info_.masked) {
    mask_.resize(static_cast<std::size_t>(part.pixels()));
    if (band.GetMaskBand()->RasterIO(GF_Read, x, y, nx, ny, mask_.data(), nx, ny, GDT_Byte, 0, 0, nullptr) != CE_None) {
      throw gdal_error(Error::Kind::input, info_.path, "its mask cannot be read");
    }
  }
  bool valid = false;
  by_rows(part, window, values, [&](std::int64_t row, double* line, std::size_t n) {
    if (info_.nodata) {
      const double nodata = *info_.nodata;
      for (std::size_t p = 0; p < n; ++p) line[p] = line[p] == nodata ? no_value : line[p];
    }
    if (info_.masked) {
      const std::uint8_t* mask = mask_.data() + static_cast<std::size_t>(row - part.row) * n;
      for (std::size_t p = 0; p < n; ++p) line[p] = mask[p] == 0 ? no_value : line[p];
    }
    valid = valid || std::any_of(line, line + n, [](double value) { return !std::isnan(value); });
  });
  return valid;
}

bool BandReader::read_raw(const Window& window, std::span<double> values) {
  return reader_ ? read_own<double>(window, values).valid : read_by_gdal(window, values);
}

bool BandReader::read(const Window& window, std::span<double> values) {
  const bool valid = read_raw(window, values);
  if (info_.scale == 1 && info_.offset == 0) return valid;
  by_rows(inside(window), window, values, [&](std::int64_t /*row*/, double* line, std::size_t n) {
    for (std::size_t p = 0; p < n; ++p) line[p] = line[p] * info_.scale + info_.offset;
  });
  return valid;
}

std::int32_t BandReader::code_of(double value, std::int64_t column, std::int64_t row) const {
  if (std::isnan(value)) return no_class_code;
  if (value >= 0 && value <= Legend::max_code && value == std::floor(value)) return static_cast<std::int32_t>(value);
  throw input_error(info_.path,
                    "holds " + std::to_string(value) + " at column " + std::to_string(column) + ", row " +
                        std::to_string(row) +
                        ", which is no class code (a whole number from 0 to 999999999): if it means nodata, declare it "
                        "with gdal_edit.py -a_nodata VALUE");
}

bool BandReader::read_codes(const Window& window, std::span<std::int32_t> codes) {
  if (reader_) {
    const PixelsFound found = read_own<std::int32_t>(window, codes);
    if (!found.stray) return found.valid;
  }
  raw_.resize(codes.size());
  const bool valid = read_raw(window, raw_);
  const Window part = inside(window);
  by_rows(part, window, std::span<double>(raw_), [&](std::int64_t row, const double* line, std::size_t n) {
    std::int32_t* out = codes.data() + (line - raw_.data());
    for (std::size_t p = 0; p < n; ++p) out[p] = code_of(line[p], part.column + static_cast<std::int64_t>(p), row);
  });
  return valid;
}

}  // namespace sink
