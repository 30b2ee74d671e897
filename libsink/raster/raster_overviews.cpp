// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_overviews.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <vector>

#include "raster/gdal_setup.hpp"
#include "raster/overview_cells.hpp"

namespace sink {
namespace {

constexpr std::int64_t piece = 1024;  // pixels of the lower level, across and down

template <class T>
void halve_band(const Dataset& raster, GDALRasterBand& below, GDALRasterBand& level, GDALDataType type,
                const std::function<bool()>& go_on) {
  const std::int64_t columns = below.GetXSize(), rows = below.GetYSize();
  std::vector<T> values, halved;
  const auto transfer = [&](GDALRWFlag flag, GDALRasterBand& band, const Window& w, T* data) {
    const auto width = static_cast<int>(w.columns), height = static_cast<int>(w.rows);
    const CPLErr error = band.RasterIO(flag, static_cast<int>(w.column), static_cast<int>(w.row), width, height, data,
                                       width, height, type, 0, 0, nullptr);
    if (error != CE_None || gdal_error_count() > 0)
      throw gdal_error(Error::Kind::output, raster.file(), "its overviews cannot be made (is the disk full?)");
  };
  for (std::int64_t row = 0; row < rows; row += piece) {
    if (!go_on()) throw Error(Error::Kind::interrupted, "stopped");
    for (std::int64_t column = 0; column < columns; column += piece) {
      const Window window{column, row, std::min(piece, columns - column), std::min(piece, rows - row)};
      values.resize(static_cast<std::size_t>(window.pixels()));
      transfer(GF_Read, below, window, values.data());
      const Window half{column / 2, row / 2, half_up(window.columns), half_up(window.rows)};
      halved.resize(static_cast<std::size_t>(half.pixels()));
      halve(values.data(), window.columns, window.columns, window.rows, halved.data(), half.columns);
      transfer(GF_Write, level, half, halved.data());
    }
  }
}

}  // namespace

void build_overviews(const Dataset& raster, RasterPixels type, std::int64_t block, const std::function<bool()>& go_on) {
  const auto sizes = overview_sizes({raster.columns(), raster.rows()}, block);
  if (sizes.empty()) return;
  std::vector<int> factors;
  for (std::size_t i = 0; i < sizes.size(); ++i) factors.push_back(2 << i);
  clear_gdal_errors();
  if (raster->BuildOverviews("NONE", static_cast<int>(factors.size()), factors.data(), 0, nullptr, nullptr, nullptr) !=
      CE_None)
    throw gdal_error(Error::Kind::output, raster.file(), "its overviews cannot be made (is the disk full?)");
  GDALRasterBand& band = raster.band(1);
  for (int i = 0; i < static_cast<int>(sizes.size()); ++i) {
    GDALRasterBand& below = i == 0 ? band : *band.GetOverview(i - 1);
    GDALRasterBand& level = *band.GetOverview(i);
    if (type == RasterPixels::float32) {
      halve_band<float>(raster, below, level, GDT_Float32, go_on);
    } else if (type == RasterPixels::uint8) {
      halve_band<std::uint8_t>(raster, below, level, GDT_Byte, go_on);
    } else if (type == RasterPixels::uint16) {
      halve_band<std::uint16_t>(raster, below, level, GDT_UInt16, go_on);
    } else {
      halve_band<std::uint32_t>(raster, below, level, GDT_UInt32, go_on);
    }
  }
}

}  // namespace sink
