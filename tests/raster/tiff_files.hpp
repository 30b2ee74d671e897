// SPDX-License-Identifier: Apache-2.0
// GeoTIFFs of any layout for tests of reading, made by GDAL, and the two ways of reading them side by side.
#pragma once

#include <gdal_priv.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "raster/raster_source.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"

namespace sink::tests {

struct TiffSpec {
  GDALDataType type = GDT_Float32;
  std::string compress = "ZSTD";
  int predictor = 1;
  int tile_columns = 256, tile_rows = 256;  ///< no columns: strips of `tile_rows`, 0 for one strip
  int columns = 301, rows = 277, bands = 1;
  std::optional<double> nodata = -9999;
  std::vector<std::string> options = {};  ///< further creation options
  bool codes = false;                     ///< whole numbers from 0 to 200

  [[nodiscard]] std::string name() const {
    return std::string(GDALGetDataTypeName(type)) + " " + compress + " predictor " + std::to_string(predictor) +
           (tile_columns > 0 ? " tiles " : " strips ") + std::to_string(tile_columns) + " x " +
           std::to_string(tile_rows);
  }
};

/// Patches, texture, the type's extremes, nodata pixels and a corner of nothing but nodata; NaN where there is one.
inline std::vector<double> pixels_of(const TiffSpec& spec, std::mt19937& random) {
  double low = 0, high = 250;
  if (spec.type == GDT_UInt16) high = 65535;
  if (spec.type == GDT_Int16) low = -32768, high = 32767;
  if (spec.type == GDT_UInt32) high = 4294967295.0;
  if (spec.type == GDT_Int32) low = -2147483648.0, high = 2147483647;
  if (GDALDataTypeIsFloating(spec.type) != 0) low = -3.4e38, high = 3.4e38;
  const double none = spec.nodata.value_or(0);
  std::vector<double> pixels;
  for (int row = 0; row < spec.rows; ++row) {
    for (int column = 0; column < spec.columns; ++column) {
      const auto chance = random() % 100;
      double value = (column / 7 * 13 + row / 5 * 7) % 201;
      if (!spec.codes && GDALDataTypeIsFloating(spec.type) != 0)
        value = value / 3 + static_cast<int>(random() % 1000) * 1e-4;
      if (!spec.codes && chance == 0) value = low;
      if (!spec.codes && chance == 1) value = high;
      if (!spec.codes && chance == 2 && GDALDataTypeIsFloating(spec.type) != 0) value = std::nan("");
      if (chance > 90 || (column > spec.columns / 2 && row > spec.rows / 3)) value = none;
      pixels.push_back(value);
    }
  }
  return pixels;
}

inline CPLStringList creation_options(const TiffSpec& spec) {
  CPLStringList list;
  list.SetNameValue("COMPRESS", spec.compress.c_str());
  if (spec.predictor > 1) list.SetNameValue("PREDICTOR", std::to_string(spec.predictor).c_str());
  if (spec.tile_columns > 0) {
    list.SetNameValue("TILED", "YES");
    list.SetNameValue("BLOCKXSIZE", std::to_string(spec.tile_columns).c_str());
  }
  const int rows = spec.tile_rows > 0 ? spec.tile_rows : spec.rows;
  list.SetNameValue("BLOCKYSIZE", std::to_string(rows).c_str());
  for (const std::string& option : spec.options) list.AddString(option.c_str());
  return list;
}

/// Writes all bands, each with other pixels; `written` = false leaves the file full of holes.
inline void write_tiff(const std::string& file, const TiffSpec& spec, bool written = true) {
  set_up_gdal();
  const CPLStringList options = creation_options(spec);
  const GDALDatasetUniquePtr raster(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      file.c_str(), spec.columns, spec.rows, spec.bands, spec.type, options.List()));
  REQUIRE(raster != nullptr);
  double transform[6] = {500000, 100, 0, 3000000, 0, -100};
  raster->SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.importFromEPSG(4548);
  raster->SetSpatialRef(&crs);
  std::mt19937 random(1);
  for (int band = 1; band <= spec.bands; ++band) {
    if (spec.nodata) raster->GetRasterBand(band)->SetNoDataValue(*spec.nodata);
    if (!written) continue;
    std::vector<double> pixels = pixels_of(spec, random);
    REQUIRE(raster->GetRasterBand(band)->RasterIO(GF_Write, 0, 0, spec.columns, spec.rows, pixels.data(), spec.columns,
                                                  spec.rows, GDT_Float64, 0, 0, nullptr) == CE_None);
  }
}

inline RasterAccess access_by(RasterIo io) {
  RasterAccess access;
  access.io = io;
  return access;
}

/// The two ways of reading one band.
struct BothWays {
  explicit BothWays(const std::string& path, std::size_t cache_bytes = std::size_t{1} << 30)
      : access(access_by(RasterIo::own)),
        own(files, "", path, (access.cache_bytes = cache_bytes, access)),
        gdal(gdal_files, "", path, access_by(RasterIo::gdal)) {}
  RasterAccess access;
  OpenFiles files, gdal_files;
  RasterSource own, gdal;
};

/// What came of reading: bits of the values, or the message up to the library's own words.
template <class Value, class Read>
std::string outcome(std::vector<Value>& values, Read read) {
  try {
    const bool valid = read(values);
    return valid ? "valid" : "nodata";
  } catch (const Error& error) {
    values.clear();
    const std::string words = error.what();
    const auto at = words.find("make it again");
    return words.substr(0, at);
  }
}

/// True where both ways give the same bits, the same word on validity, or the same refusal, as values and as codes.
inline bool alike(BothWays& both, const Window& window) {
  const auto n = static_cast<std::size_t>(window.pixels());
  std::vector<double> a(n), b(n);
  const auto x = outcome(a, [&](auto& values) { return both.own.read(window, values); });
  const auto y = outcome(b, [&](auto& values) { return both.gdal.read(window, values); });
  const auto bits = [](double v) { return std::isnan(v) ? 0x7ff8000000000000U : std::bit_cast<std::uint64_t>(v); };
  bool same = x == y && a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) same = bits(a[i]) == bits(b[i]);
  std::vector<std::int32_t> c(n), d(n);
  const auto u = outcome(c, [&](auto& codes) { return both.own.read_codes(window, codes); });
  const auto v = outcome(d, [&](auto& codes) { return both.gdal.read_codes(window, codes); });
  if (x != y || u != v) UNSCOPED_INFO("own: " << x << " | " << u << "; gdal: " << y << " | " << v);
  return same && u == v && c == d;
}

/// True where parts of some rows of a window, whole width and from the top, give what the window gives at once; for
/// values, then for codes where the file holds codes.
inline bool alike_in_parts(const std::string& path, const Window& window, std::int64_t rows) {
  BothWays both(path, std::size_t{1} << 30);
  const auto n = static_cast<std::size_t>(window.pixels());
  const auto same = [&](auto none, const auto& read) {
    std::vector<decltype(none)> whole(n), parts(n);
    const std::string told = outcome(whole, [&](auto& v) { return read(both.gdal, window, std::span(v)); });
    if (told != "valid" && told != "nodata") return true;  // refused: `alike` compares the words
    both.own.begin(window);
    bool any = false;
    for (std::int64_t row = 0; row < window.rows; row += rows) {
      const Window part{window.column, window.row + row, window.columns, std::min(rows, window.rows - row)};
      any |= read(both.own, part,
                  std::span(parts).subspan(static_cast<std::size_t>(row * window.columns),
                                           static_cast<std::size_t>(part.pixels())));
    }
    return any == (told == "valid") && std::equal(whole.begin(), whole.end(), parts.begin(),
                                                  [](auto a, auto b) { return a == b || (a != a && b != b); });
  };
  return same(double{}, [](RasterSource& s, const Window& w, auto v) { return s.read(w, v); }) &&
         same(std::int32_t{}, [](RasterSource& s, const Window& w, auto v) { return s.read_codes(w, v); });
}

/// The whole, blocks of 64 x 100 row by row, and windows at random.
inline bool alike_in_all_windows(const std::string& path, std::size_t cache_bytes = std::size_t{1} << 30) {
  BothWays both(path, cache_bytes);
  const Grid& grid = both.own.info().grid;
  bool same = alike(both, grid.whole());
  for (std::int64_t row = 0; row < grid.rows; row += 100) {
    for (std::int64_t column = 0; column < grid.columns; column += 64)
      same = same && alike(both, {column, row, std::min<std::int64_t>(64, grid.columns - column),
                                  std::min<std::int64_t>(100, grid.rows - row)});
  }
  for (const std::int64_t rows : {1, 7, 100})
    same = same && alike_in_parts(path, grid.whole(), rows) && alike_in_parts(path, {0, 0, grid.columns / 2, 64}, rows);
  std::mt19937 random(7);
  for (int i = 0; same && i < 8; ++i) {
    Window window{static_cast<std::int64_t>(random()) % grid.columns, static_cast<std::int64_t>(random()) % grid.rows,
                  1, 1};
    window.columns += static_cast<std::int64_t>(random()) % (grid.columns - window.column);
    window.rows += static_cast<std::int64_t>(random()) % (grid.rows - window.row);
    same = alike(both, window);
  }
  return same;
}

}  // namespace sink::tests
