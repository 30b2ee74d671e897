// SPDX-License-Identifier: Apache-2.0
#include "raster/dataset.hpp"

#include <charconv>
#include <filesystem>
#include <utility>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "raster/gdal_setup.hpp"
#include "raster/raster_folder.hpp"
#include "raster/vector_fields.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_pixels = std::int64_t{1} << 40;
constexpr std::int64_t max_block_bytes = std::int64_t{256} << 20;
constexpr int max_bands = 64;

/// The real path of a regular file. An absolute path also keeps GDAL from seeing a driver prefix in a file's name.
std::string real_path(const std::string& file) {
  if (file.empty()) throw input_error("(blank)", "no file name: give the path of a file");
  if (file.starts_with("/vsi") || file.find('<') != std::string::npos)
    throw input_error(file, "GDAL's virtual paths are not accepted: give the path of a file on disk");
  std::error_code failure;
  const fs::file_status status = fs::status(file, failure);
  if (status.type() == fs::file_type::not_found) throw input_error(file, "no such file: check the path");
  if (status.type() == fs::file_type::directory)
    throw input_error(file, "is a folder, and here a file is needed: give a file in it");
  if (status.type() == fs::file_type::none)
    throw input_error(file, "cannot be reached (" + failure.message() + "): check the permissions");
  if (status.type() != fs::file_type::regular) throw input_error(file, "is not a regular file: copy it to one");
  const fs::path path = fs::canonical(file, failure);
  if (failure) throw input_error(file, "cannot be reached (" + failure.message() + "): check the permissions");
  if (path.string().starts_with("/vsi")) throw input_error(file, "a folder called /vsi... is GDAL's: move the file");
  return path.string();
}

Dataset open(const std::string& file, const std::string& path, unsigned kind, const std::vector<const char*>& drivers,
             const char* const* options, const std::string& way_out) {
  set_up_gdal();
  clear_gdal_errors();
  const unsigned flags = kind | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR;
  Dataset dataset(GDALDataset::Open(path.c_str(), flags, drivers.data(), options, nullptr), file);
  if (!dataset) throw gdal_error(Error::Kind::input, file, way_out);
  return dataset;
}

void check_external_mask(const std::string& file, const std::string& path) {
  for (const char* ending : {".msk", ".MSK"}) {
    std::error_code failure;
    if (!fs::exists(path + ending, failure)) continue;
    throw input_error(file, "has an external mask, " + file + ending +
                                ": take it in with: gdal_translate --config GDAL_TIFF_INTERNAL_MASK YES " + file +
                                " with_mask.tif");
  }
}

void check_limits(const Dataset& raster, const std::string& path) {
  const auto refuse = [&](const std::string& what) {
    throw input_error(raster.file(), what + ": is it damaged? Cut out the part that is needed with gdal_translate");
  };
  const std::int64_t columns = raster.columns(), rows = raster.rows();
  if (raster.bands() < 1) throw input_error(raster.file(), "holds no raster band: give a raster");
  if (raster.bands() > max_bands) refuse("has " + std::to_string(raster.bands()) + " bands, more than 64");
  if (columns > max_pixels / rows)  // both are positive in an open raster and below 2^31
    refuse("claims " + std::to_string(columns) + " x " + std::to_string(rows) + " pixels, more than 2^40");
  const char* interleave = raster->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
  const bool by_pixel = interleave != nullptr && EQUAL(interleave, "PIXEL");
  std::int64_t blocks = 0;
  for (int number = 1; number <= raster.bands(); ++number) {
    int width = 0, height = 0;
    raster.band(number).GetBlockSize(&width, &height);
    const std::int64_t bytes = GDALGetDataTypeSizeBytes(raster.band(number).GetRasterDataType());
    if (std::int64_t{width} * height > max_block_bytes / (bytes * (by_pixel ? raster.bands() : 1)))
      throw input_error(raster.file(),
                        "has blocks of more than 256 MiB: rewrite it with: gdal_translate -co TILED=YES " +
                            raster.file() + " tiled.tif");
    if (number == 1 || !by_pixel) blocks += ((columns + width - 1) / width) * ((rows + height - 1) / height);
  }
  // A TIFF names the place and length of each block in at least two bytes each.
  std::error_code failure;
  const auto size = static_cast<std::int64_t>(fs::file_size(path, failure));
  const bool tiff = EQUAL(raster->GetDriverName(), "GTiff");
  if (tiff && !failure && blocks > size) refuse("claims more blocks than its size can hold");
}

bool is_file(const std::string& path) {
  std::error_code failure;
  return fs::is_regular_file(path, failure);
}

bool is_file_or_folder(const std::string& path) {
  return is_file(path) || is_folder(path);
}

}  // namespace

void Dataset::Close::operator()(GDALDataset* dataset) const noexcept {
  GDALClose(dataset);
}

Dataset::Dataset(GDALDataset* dataset, std::string file) noexcept : dataset_(dataset), file_(std::move(file)) {}

std::int64_t Dataset::columns() const {
  return dataset_->GetRasterXSize();
}
std::int64_t Dataset::rows() const {
  return dataset_->GetRasterYSize();
}
int Dataset::bands() const {
  return dataset_->GetRasterCount();
}

GDALRasterBand& Dataset::band(int number) const {
  if (number < 1 || number > bands())
    throw input_error(file_,
                      "has no band " + std::to_string(number) + ": it has bands 1 to " + std::to_string(bands()));
  return *dataset_->GetRasterBand(number);
}

void Dataset::close() {
  if (!dataset_) return;
  clear_gdal_errors();
  dataset_->FlushCache(true);
  dataset_.reset();
  if (gdal_error_count() > 0)
    throw gdal_error(Error::Kind::output, file_, "could not be written: free some disk space");
}

BandPath parse_band_path(std::string_view text) {
  const std::string whole(text);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || is_file_or_folder(whole)) return {whole, 1, false};
  const std::string_view number = text.substr(colon + 1);
  int band = 0;
  const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), band);
  const bool is_number = failure == std::errc() && end == number.data() + number.size();
  const std::string file(text.substr(0, colon));
  if (is_number && band >= 1 && band <= max_bands) return {file, band, true};
  if (!is_number && !is_file_or_folder(file))
    return {whole, 1, false};  // a name with a colon: said to be missing when opened
  throw input_error(file,
                    "'" + std::string(number) + "' is not a band: write FILE or FILE:BAND, with a band from 1 to 64");
}

LayerPath parse_layer_path(std::string_view text) {
  const std::string whole(text);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || is_file(whole) || !is_file(std::string(text.substr(0, colon))))
    return {whole, ""};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Dataset open_raster(const std::string& file, const std::vector<std::string>& allowed_drivers) {
  const std::string path = real_path(file);
  std::vector<const char*> drivers = {"GTiff"};
  for (const std::string& name : allowed_drivers) drivers.push_back(name.c_str());
  drivers.push_back(nullptr);
  Dataset raster = open(file, path, GDAL_OF_RASTER, drivers, nullptr,
                        "cannot be read as a GeoTIFF: convert it with gdal_translate, or name its format with "
                        "--allow-driver");
  check_external_mask(file, path);
  check_limits(raster, path);
  return raster;
}

Dataset open_vector(const std::string& file) {
  return open_vector(file, "");
}

Dataset open_vector(const std::string& file, const std::string& encoding) {
  const std::string path = real_path(file);
  std::error_code failure;
  if (const auto pending = fs::file_size(path + "-wal", failure); !failure && pending > 0)
    throw input_error(file, "another program has changes in it (" + file + "-wal): save and close it there");
  const char* const immutable[] = {"NOLOCK=YES", nullptr};  // no -wal and -shm beside a GeoPackage
  const std::string option = std::string("ENCODING=") + (encoding == raw_text ? "" : encoding);
  const char* const encoded[] = {option.c_str(), nullptr};
  const bool geopackage = fs::path(path).extension() == ".gpkg";
  const char* const* none = nullptr;
  return open(file, path, GDAL_OF_VECTOR, {"GPKG", "GeoJSON", "ESRI Shapefile", nullptr},
              geopackage         ? immutable
              : encoding.empty() ? none
                                 : encoded,
              "cannot be read as GeoPackage, GeoJSON or Shapefile: convert it with ogr2ogr");
}

Error truncated_error(const std::string& file, std::int64_t block_column, std::int64_t block_row) {
  return input_error(file, "is truncated, block " + std::to_string(block_column) + ", " + std::to_string(block_row) +
                               " lies beyond its end: copy or make it again");
}

std::int64_t check_blocks(const Dataset& raster, int number) {
  GDALRasterBand& band = raster.band(number);
  if (!EQUAL(raster->GetDriverName(), "GTiff")) return 0;
  int width = 0, height = 0;
  band.GetBlockSize(&width, &height);
  std::error_code failure;
  const auto size = static_cast<std::int64_t>(fs::file_size(raster.file(), failure));
  std::int64_t missing = 0;
  for (std::int64_t y = 0; y * height < raster.rows(); ++y) {
    for (std::int64_t x = 0; x * width < raster.columns(); ++x) {
      const std::string place = std::to_string(x) + "_" + std::to_string(y);
      const char* offset = band.GetMetadataItem(("BLOCK_OFFSET_" + place).c_str(), "TIFF");
      const std::int64_t begin = offset == nullptr ? 0 : std::stoll(offset);
      if (begin == 0) {
        ++missing;
        continue;
      }
      const char* bytes = band.GetMetadataItem(("BLOCK_SIZE_" + place).c_str(), "TIFF");
      if (!failure && begin + (bytes == nullptr ? 0 : std::stoll(bytes)) > size)
        throw truncated_error(raster.file(), x, y);
    }
  }
  return missing;
}

OGRLayer& layer_of(const Dataset& dataset, const std::string& name, const std::string& shapes) {
  std::string known;
  for (int i = 0; i < dataset->GetLayerCount(); ++i)
    known += (i == 0 ? "" : ", ") + std::string(dataset->GetLayer(i)->GetName());
  if (name.empty() && dataset->GetLayerCount() == 1) return *dataset->GetLayer(0);
  if (name.empty())
    throw input_error(dataset.file(), known.empty() ? "holds no layer: give a file with " + shapes
                                                    : "holds several layers: write FILE:LAYER with one of " + known);
  OGRLayer* layer = dataset->GetLayerByName(name.c_str());
  if (layer == nullptr) throw input_error(dataset.file(), "has no layer '" + name + "': it has " + known);
  return *layer;
}

Error gdal_error(Error::Kind kind, const std::string& file, const std::string& what) {
  std::string words = gdal_error_text();
  if (words.size() > 120) words = words.substr(0, 117) + "...";
  return Error(kind, file + ": " + what + (words.empty() ? "" : " (" + words + ")"));
}

}  // namespace sink
