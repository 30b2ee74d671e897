// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_writer.hpp"

#include <gdal_priv.h>

#include <filesystem>

#include "raster/gdal_setup.hpp"
#include "raster/raster_overviews.hpp"
#include "raster/tiff_tags.hpp"

namespace sink {
namespace {

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

RasterWriter::RasterWriter(std::string working_file, const Grid& grid, std::int64_t window_columns,
                           std::int64_t window_rows, const RasterWords& words, int threads, RasterPixels type)
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
  GDALDataset* created =
      driver->Create(working_file_.c_str(), static_cast<int>(grid.columns), static_cast<int>(grid.rows), 1,
                     static_cast<GDALDataType>(gdal_type(type)), options.List());
  if (created == nullptr) throw gdal_error(Error::Kind::output, working_file_, "cannot be made");
  working_ = Dataset(created, working_file_);
  describe_raster(*working_, grid, words, type, {});
}

void RasterWriter::write(const Window& window, std::span<const float> values) {
  write_window(working_, window, values.data(), GDT_Float32);
}

void RasterWriter::write(const Window& window, std::span<const std::uint32_t> codes) {
  write_window(working_, window, codes.data(), GDT_UInt32);
}

void RasterWriter::finish(const std::string& file, const StoredStatistics& statistics, const RasterFormat& format,
                          const std::function<bool(double)>& go_on) {
  set_statistics(*working_, statistics, pixels_);
  working_.close();
  const bool ours = overviews_are_ours(format);
  if (ours) {
    // Opened anew, without NUM_THREADS: GDAL 3.6 may wait for ever when its threads read while blocks are unwritten.
    working_ = Dataset(GDALDataset::Open(working_file_.c_str(), GDAL_OF_RASTER | GDAL_OF_UPDATE), working_file_);
    if (!working_) throw gdal_error(Error::Kind::output, working_file_, "cannot be read back");
    build_overviews(working_, type_, cog_block_size(format), [&] { return go_on(0); });
    working_.close();
  }
  const GDALDatasetUniquePtr source(GDALDataset::Open(working_file_.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR));
  if (!source) throw gdal_error(Error::Kind::output, working_file_, "cannot be read back");
  clear_gdal_errors();
  CPLStringList options;
  for (const auto& option : driver_options(format, type_)) options.AddString(option.c_str());
  if (ours) options.SetNameValue("OVERVIEWS", "FORCE_USE_EXISTING");
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(format.cog ? "COG" : "GTiff");
  GDALDataset* made = driver->CreateCopy(file.c_str(), source.get(), 0, options.List(), report,
                                         const_cast<std::function<bool(double)>*>(&go_on));
  if (made == nullptr) {
    if (!go_on(1)) throw Error(Error::Kind::interrupted, "stopped");
    throw gdal_error(Error::Kind::output, file, "cannot be written (is the disk full?)");
  }
  Dataset(made, file).close();
  std::filesystem::remove(working_file_);
}

}  // namespace sink
