// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_format.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "core/error.hpp"

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

}  // namespace

void check_creation_options(const RasterFormat& format) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(format.cog ? "COG" : "GTiff");
  if (driver == nullptr) throw Error(Error::Kind::internal, "this GDAL has no GeoTIFF driver");
  const std::string list = CPLString(driver->GetMetadataItem(GDAL_DMD_CREATIONOPTIONLIST));
  for (const auto& option : format.creation_options) {
    const auto equals = option.find('=');
    const std::string key = key_of(option);
    const bool known = key == "LEVEL" || list.find("name='" + key + "'") != std::string::npos;
    if (equals == std::string::npos || !known) {
      throw usage_error("--co " + option + ": not an option of the " + (format.cog ? "COG" : "GTiff") +
                        " driver: gdalinfo --format " + (format.cog ? "COG" : "GTiff") + " lists them");
    }
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
