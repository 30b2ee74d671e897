// SPDX-License-Identifier: Apache-2.0
#include "raster/valued_window.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "raster/dataset.hpp"

namespace sink {
namespace {

constexpr std::int64_t most_cells = std::int64_t{2048} * 2048;  // read at once

/// Cells of a band that have a value; {} where none has.
Window valued_cells(const Dataset& dataset, GDALRasterBand& band) {
  const int columns = band.GetXSize(), rows = band.GetYSize();
  std::vector<double> values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  if (band.RasterIO(GF_Read, 0, 0, columns, rows, values.data(), columns, rows, GDT_Float64, 0, 0) != CE_None)
    throw input_error(dataset.file(), "cannot be read");
  int has_nodata = 0;
  const double nodata = band.GetNoDataValue(&has_nodata);
  std::int64_t left = columns, right = -1, top = rows, bottom = -1;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const double value = values[static_cast<std::size_t>(row * columns + column)];
      if (std::isnan(value) || (has_nodata != 0 && value == nodata)) continue;
      left = std::min(left, column);
      right = std::max(right, column);
      top = std::min(top, row);
      bottom = row;
    }
  }
  return right < 0 ? Window{} : Window{left, top, right - left + 1, bottom - top + 1};
}

/// What `begin` to `end` of `cells` is of `size` pixels: cells of an overview may hang over the end.
std::pair<std::int64_t, std::int64_t> in_pixels(std::int64_t begin, std::int64_t end, std::int64_t cells,
                                                std::int64_t size) {
  std::int64_t cell = 1;
  while ((size + cell - 1) / cell > cells) cell *= 2;
  return {begin * cell, std::min(end * cell, size)};
}

}  // namespace

Window valued_window(const std::string& file) {
  const Dataset dataset = open_raster(file);
  GDALRasterBand* band = &dataset.band(1);
  const std::int64_t columns = dataset.columns(), rows = dataset.rows();
  const Window whole{0, 0, columns, rows};
  if (const int overviews = band->GetOverviewCount(); overviews > 0) band = band->GetOverview(overviews - 1);
  if (band == nullptr || std::int64_t{band->GetXSize()} * band->GetYSize() > most_cells) return whole;
  const Window cells = valued_cells(dataset, *band);
  if (cells.pixels() == 0) return whole;
  const auto [left, right] = in_pixels(cells.column, cells.column + cells.columns, band->GetXSize(), columns);
  const auto [top, bottom] = in_pixels(cells.row, cells.row + cells.rows, band->GetYSize(), rows);
  return {left, top, right - left, bottom - top};
}

}  // namespace sink
