// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_format.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "core/error.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

CPLStringList list_of(const RasterFormat& format, bool codes) {
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
  // Differences of bytes are for measures alone.
  const CPLString predictor = CPLString(options.FetchNameValueDef("PREDICTOR", "")).toupper();
  if (codes && predictor == "3") options.SetNameValue("PREDICTOR", "2");
  if (codes && predictor == "FLOATING_POINT") options.SetNameValue("PREDICTOR", "STANDARD");
  return options;
}

std::string key_of(const std::string& option) {
  return CPLString(option.substr(0, option.find('='))).toupper();
}

/// A whole number from `low` to `high`, or nothing.
std::optional<int> number(const char* text, int low, int high) {
  const std::string_view view = text;
  int value = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (error != std::errc() || end != view.data() + view.size() || value < low || value > high) return std::nullopt;
  return value;
}

std::optional<OwnOptions::BigTiff> big_tiff(const std::string& word) {
  if (EQUAL(word.c_str(), "YES")) return OwnOptions::BigTiff::yes;
  if (EQUAL(word.c_str(), "NO")) return OwnOptions::BigTiff::no;
  if (EQUAL(word.c_str(), "IF_NEEDED")) return OwnOptions::BigTiff::if_needed;
  if (EQUAL(word.c_str(), "IF_SAFER")) return OwnOptions::BigTiff::if_safer;
  return std::nullopt;
}

/// Options that keep pixels, grid and type as they are; others would make a raster that its tables do not speak of.
constexpr std::array<std::string_view, 19> harmless = {
    "COMPRESS",   "LEVEL",      "ZLEVEL",      "ZSTD_LEVEL",      "LZMA_PRESET",        "PREDICTOR",   "BLOCKSIZE",
    "BLOCKXSIZE", "BLOCKYSIZE", "TILED",       "BIGTIFF",         "SPARSE_OK",          "NUM_THREADS", "OVERVIEWS",
    "INTERLEAVE", "ENDIANNESS", "MAX_Z_ERROR", "GEOTIFF_VERSION", "GEOTIFF_KEYS_FLAVOR"};
constexpr std::array<std::string_view, 9> lossless = {"NONE",     "ZSTD", "DEFLATE",      "LZW",      "LZMA",
                                                      "PACKBITS", "LERC", "LERC_DEFLATE", "LERC_ZSTD"};

/// Throws Error::usage for a value that would change pixels or that the driver would stumble over at the end.
void demand_value(const std::string& option, const std::string& key, const std::string& value, bool cog) {
  const auto refuse = [&](const std::string& why) { throw usage_error("--co " + option + ": " + why); };
  if (std::find(harmless.begin(), harmless.end(), key) == harmless.end()) {
    refuse("would change pixels, type, grid or overviews: write without it, then use gdal_translate or gdalwarp");
  }
  const std::string upper = CPLString(value).toupper();
  if (key == "COMPRESS" && std::find(lossless.begin(), lossless.end(), upper) == lossless.end()) {
    refuse("does not keep every pixel: take ZSTD, DEFLATE, LZW, LZMA, LERC, PACKBITS or NONE");
  }
  if (key == "MAX_Z_ERROR" && CPLAtof(value.c_str()) > 0) refuse("does not keep every pixel: leave it at 0");
  if (key.starts_with("BLOCK")) {
    const auto size = number(value.c_str(), 16, 16384);
    if (!size || *size % 16 != 0) refuse("tiles are a multiple of 16, from 16 to 16384 pixels");
  }
  if (key == "BIGTIFF" && !big_tiff(upper)) refuse("write YES, NO, IF_NEEDED or IF_SAFER");
  const std::array<std::string_view, 8> switches = {"YES", "NO", "TRUE", "FALSE", "ON", "OFF", "1", "0"};
  if ((key == "SPARSE_OK" || key == "TILED") && std::find(switches.begin(), switches.end(), upper) == switches.end()) {
    refuse("write YES or NO");
  }
  if ((key == "LEVEL" || key == "ZSTD_LEVEL" || key == "ZLEVEL") && !number(value.c_str(), 1, 22)) {
    refuse("levels go from 1 to 22 (DEFLATE: 9)");
  }
  if (key == "PREDICTOR" && !cog && !number(value.c_str(), 1, 3)) refuse("write 1, 2 or 3");
}

}  // namespace

int gdal_type(RasterPixels pixels) noexcept {
  switch (pixels) {
    case RasterPixels::float32:
      return GDT_Float32;
    case RasterPixels::uint8:
      return GDT_Byte;
    case RasterPixels::uint16:
      return GDT_UInt16;
    case RasterPixels::uint32:
      break;
  }
  return GDT_UInt32;
}

void check_creation_options(const RasterFormat& format) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(format.cog ? "COG" : "GTiff");
  if (driver == nullptr) throw Error(Error::Kind::internal, "this GDAL has no GeoTIFF driver");
  const std::string name = format.cog ? "COG" : "GTiff";
  const std::string list = CPLString(driver->GetMetadataItem(GDAL_DMD_CREATIONOPTIONLIST));
  for (const auto& option : format.creation_options) {
    const auto equals = option.find('=');
    const std::string key = key_of(option);
    const bool known = key == "LEVEL" || list.find("name='" + key + "'") != std::string::npos;
    if (equals == std::string::npos || !known) {
      throw usage_error("--co " + option + ": not an option of the " + name + " driver: gdalinfo --format " + name +
                        " lists them");
    }
    demand_value(option, key, option.substr(equals + 1), format.cog);
  }
  // What GDAL itself says of a value: one that is not in its list, a number that is none.
  clear_gdal_errors();
  CPLStringList driver_list = list_of(format, false);
  if (!format.cog) driver_list.SetNameValue("LEVEL", nullptr);
  if (GDALValidateCreationOptions(GDALDriver::ToHandle(driver), driver_list.List()) == 0) {
    throw usage_error("--co: " + std::string(CPLGetLastErrorMsg()) + ": gdalinfo --format " + name +
                      " lists the values");
  }
}

std::vector<std::string> driver_options(const RasterFormat& format, RasterPixels pixels) {
  const CPLStringList list = list_of(format, pixels != RasterPixels::float32);
  return {list.List(), list.List() + list.size()};
}

std::optional<OwnOptions> own_options(const RasterFormat& format, RasterPixels pixels) {
  constexpr std::array<std::string_view, 13> known = {"COMPRESS",  "LEVEL",       "ZSTD_LEVEL", "ZLEVEL", "PREDICTOR",
                                                      "BLOCKSIZE", "BLOCKXSIZE",  "BLOCKYSIZE", "TILED",  "BIGTIFF",
                                                      "SPARSE_OK", "NUM_THREADS", "OVERVIEWS"};
  for (const auto& option : format.creation_options) {
    if (std::find(known.begin(), known.end(), key_of(option)) == known.end()) return std::nullopt;
  }
  const CPLStringList list = list_of(format, pixels != RasterPixels::float32);
  OwnOptions own;
  const std::string compression = list.FetchNameValueDef("COMPRESS", "");
  const bool zstd = EQUAL(compression.c_str(), "ZSTD");
  if (const char* level = list.FetchNameValue(format.cog ? "LEVEL" : zstd ? "ZSTD_LEVEL" : "ZLEVEL")) {
    own.level = number(level, 1, zstd ? 22 : 9);
    if (!own.level) return std::nullopt;
  }
  const std::string overviews = list.FetchNameValueDef("OVERVIEWS", "AUTO");
  own.overviews = format.cog && !EQUAL(overviews.c_str(), "NONE");
  if (format.cog && own.overviews && !EQUAL(overviews.c_str(), "AUTO")) return std::nullopt;
  own.sparse = list.FetchBool("SPARSE_OK", false);
  const auto big = big_tiff(list.FetchNameValueDef("BIGTIFF", ""));
  if (!big) return std::nullopt;
  own.big = *big;
  return own;
}

bool overviews_are_ours(const RasterFormat& format) {
  constexpr std::array<std::string_view, 7> theirs = {"OVERVIEWS",     "OVERVIEW_RESAMPLING", "OVERVIEW_COUNT",
                                                      "RESAMPLING",    "TILING_SCHEME",       "TARGET_SRS",
                                                      "ALIGNED_LEVELS"};
  return format.cog && std::none_of(format.creation_options.begin(), format.creation_options.end(), [&](const auto& o) {
           return std::find(theirs.begin(), theirs.end(), key_of(o)) != theirs.end() &&
                  !EQUAL(o.c_str(), "OVERVIEWS=AUTO");
         });
}

std::int64_t cog_block_size(const RasterFormat& format) {
  return number(list_of(format, false).FetchNameValueDef("BLOCKSIZE", "512"), 1, 1 << 20).value_or(512);
}

}  // namespace sink
