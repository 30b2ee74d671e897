// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_writer.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/nodata.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

std::string shortest(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

void set_statistics(GDALRasterBand& band, const StoredStatistics& statistics, std::int64_t pixels) {
  if (statistics.count() == 0) return;
  const double valid = 100.0 * static_cast<double>(statistics.count()) / static_cast<double>(pixels);
  band.SetMetadataItem("STATISTICS_MINIMUM", shortest(statistics.min()).c_str());
  band.SetMetadataItem("STATISTICS_MAXIMUM", shortest(statistics.max()).c_str());
  band.SetMetadataItem("STATISTICS_MEAN", shortest(statistics.mean()).c_str());
  band.SetMetadataItem("STATISTICS_STDDEV", shortest(statistics.std()).c_str());
  band.SetMetadataItem("STATISTICS_VALID_PERCENT", CPLString().Printf("%.4g", valid));
}

/// Our defaults, overridden by the user's KEY=VALUE. GDAL spells levels and predictors differently by driver.
CPLStringList options_of(const RasterFormat& format, bool codes) {
  CPLStringList options;
  options.SetNameValue("COMPRESS", "ZSTD");
  options.SetNameValue("BIGTIFF", "IF_SAFER");
  options.SetNameValue("NUM_THREADS", std::to_string(format.threads).c_str());
  if (format.cog) {
    options.SetNameValue("LEVEL", "1");
    options.SetNameValue("PREDICTOR", "YES");
    options.SetNameValue("BLOCKSIZE", "512");
    options.SetNameValue("OVERVIEW_RESAMPLING", codes ? "MODE" : "AVERAGE");
  } else {
    options.SetNameValue("TILED", "YES");
    options.SetNameValue("BLOCKXSIZE", "512");
    options.SetNameValue("BLOCKYSIZE", "512");
    options.SetNameValue("ZSTD_LEVEL", "1");
    options.SetNameValue("PREDICTOR", codes ? "2" : "3");
  }
  // The compression first: what a level means depends on it.
  std::vector<std::string> chosen = format.creation_options;
  std::stable_partition(chosen.begin(), chosen.end(),
                        [](const auto& o) { return STARTS_WITH_CI(o.c_str(), "COMPRESS="); });
  for (const auto& option : chosen) {
    char* key = nullptr;
    const char* value = CPLParseNameValue(option.c_str(), &key);
    const CPLString name = CPLString(key != nullptr ? key : "").toupper();
    CPLFree(key);
    const std::string compression = CPLString(options.FetchNameValueDef("COMPRESS", "")).toupper();
    if (name == "LEVEL" && !format.cog) {
      options.SetNameValue(compression == "DEFLATE" ? "ZLEVEL" : "ZSTD_LEVEL", value);
    } else {
      options.SetNameValue(name, value);
      // Our level and predictor are ZSTD's: another compression takes its own.
      if (name == "COMPRESS" && !EQUAL(value, "ZSTD"))
        options.SetNameValue(format.cog ? "LEVEL" : "ZSTD_LEVEL", nullptr);
      if (name == "COMPRESS" && !EQUAL(value, "ZSTD") && !EQUAL(value, "DEFLATE") && !EQUAL(value, "LZW")) {
        options.SetNameValue("PREDICTOR", nullptr);
      }
    }
  }
  return options;
}

GDALDriver& driver_of(const RasterFormat& format) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(format.cog ? "COG" : "GTiff");
  if (driver == nullptr) throw Error(Error::Kind::internal, "this GDAL has no GeoTIFF driver");
  return *driver;
}

GDALDataType gdal_type(RasterPixels type) {
  if (type == RasterPixels::float32) return GDT_Float32;
  return type == RasterPixels::uint16 ? GDT_UInt16 : GDT_UInt32;
}

void write_window(const Dataset& working, const Window& window, const void* pixels, GDALDataType type) {
  clear_gdal_errors();
  const CPLErr error = working.band(1).RasterIO(GF_Write, static_cast<int>(window.column), static_cast<int>(window.row),
                                                static_cast<int>(window.columns), static_cast<int>(window.rows),
                                                const_cast<void*>(pixels), static_cast<int>(window.columns),
                                                static_cast<int>(window.rows), type, 0, 0, nullptr);
  if (error != CE_None || gdal_error_count() > 0) {
    throw gdal_error(Error::Kind::output, working.file(), "cannot be written (is the disk full?)");
  }
}

int report(double fraction, const char*, void* go_on) {
  return (*static_cast<const std::function<bool(double)>*>(go_on))(fraction) ? 1 : 0;
}

}  // namespace

void check_creation_options(const RasterFormat& format) {
  const std::string list = CPLString(driver_of(format).GetMetadataItem(GDAL_DMD_CREATIONOPTIONLIST));
  for (const auto& option : format.creation_options) {
    const auto equals = option.find('=');
    const std::string key = CPLString(option.substr(0, equals)).toupper();
    const bool known = key == "LEVEL" || list.find("name='" + key + "'") != std::string::npos;
    if (equals == std::string::npos || !known) {
      throw usage_error("--co " + option + ": not an option of the " + (format.cog ? "COG" : "GTiff") +
                        " driver: gdalinfo --format " + (format.cog ? "COG" : "GTiff") + " lists them");
    }
  }
}

RasterWriter::RasterWriter(std::string working_file, const Grid& grid, std::int64_t window_columns,
                           std::int64_t window_rows, const std::string& description, const std::string& unit,
                           int threads, RasterPixels type)
    : working_file_(std::move(working_file)), pixels_(grid.pixels()), type_(type) {
  CPLStringList options;
  options.SetNameValue("BIGTIFF", "IF_SAFER");
  options.SetNameValue("COMPRESS", "ZSTD");
  options.SetNameValue("ZSTD_LEVEL", "1");
  options.SetNameValue("PREDICTOR", "2");
  options.SetNameValue("NUM_THREADS", std::to_string(threads).c_str());
  // The working file has blocks of the windows' shape, so that each write fills whole blocks.
  options.SetNameValue("BLOCKYSIZE", std::to_string(window_rows).c_str());
  if (window_columns < grid.columns && window_columns % 16 == 0 && window_rows % 16 == 0) {
    options.SetNameValue("TILED", "YES");
    options.SetNameValue("BLOCKXSIZE", std::to_string(window_columns).c_str());
  }
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  clear_gdal_errors();
  GDALDataset* created = driver->Create(working_file_.c_str(), static_cast<int>(grid.columns),
                                        static_cast<int>(grid.rows), 1, gdal_type(type), options.List());
  if (created == nullptr) throw gdal_error(Error::Kind::output, working_file_, "cannot be made");
  working_ = Dataset(created, working_file_);
  auto transform = grid.geotransform();
  created->SetGeoTransform(transform.data());
  created->SetProjection(grid.crs_wkt.c_str());
  GDALRasterBand& band = working_.band(1);
  band.SetNoDataValue(type == RasterPixels::float32 ? no_value : static_cast<double>(nodata_code(type)));
  band.SetDescription(description.c_str());
  if (!unit.empty()) band.SetUnitType(unit.c_str());
}

void RasterWriter::write(const Window& window, std::span<const float> values) {
  write_window(working_, window, values.data(), GDT_Float32);
}

void RasterWriter::write(const Window& window, std::span<const std::uint32_t> codes) {
  write_window(working_, window, codes.data(), GDT_UInt32);
}

void RasterWriter::finish(const std::string& file, const StoredStatistics& statistics, const RasterFormat& format,
                          const std::function<bool(double)>& go_on) {
  set_statistics(working_.band(1), statistics, pixels_);
  working_.close();
  const GDALDatasetUniquePtr source(GDALDataset::Open(working_file_.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR));
  if (!source) throw gdal_error(Error::Kind::output, working_file_, "cannot be read back");
  clear_gdal_errors();
  GDALDataset* made = driver_of(format).CreateCopy(file.c_str(), source.get(), 0,
                                                   options_of(format, type_ != RasterPixels::float32).List(), report,
                                                   const_cast<std::function<bool(double)>*>(&go_on));
  if (made == nullptr) {
    if (!go_on(1)) throw Error(Error::Kind::interrupted, "stopped");
    throw gdal_error(Error::Kind::output, file, "cannot be written (is the disk full?)");
  }
  Dataset(made, file).close();
  std::filesystem::remove(working_file_);
}

}  // namespace sink
