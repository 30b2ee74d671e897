// SPDX-License-Identifier: Apache-2.0
#include "raster/gdal_setup.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include "raster/input_file.hpp"

namespace sink {
namespace {

struct ThreadErrors {
  int count = 0;
  std::array<char, 512> first{};  // no allocation: the handler may run while memory is short
};
thread_local ThreadErrors thread_errors;

void CPL_STDCALL record_error(CPLErr level, CPLErrorNum /*number*/, const char* message) {
  if (level < CE_Failure) return;
  if (thread_errors.count++ > 0) return;
  const std::string_view text = message;
  const std::size_t length = std::min(text.size(), thread_errors.first.size() - 1);
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length), thread_errors.first.begin(),
                 [](char c) { return c == '\n' || c == '\r' ? ' ' : c; });
  thread_errors.first[length] = '\0';
}

void clear_environment() {
  constexpr std::array<std::string_view, 5> prefixes = {"GDAL_", "CPL_", "OGR_", "VSI_", "GTIFF_"};
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const bool listed = std::any_of(prefixes.begin(), prefixes.end(), [text](std::string_view prefix) {
      return text.substr(0, prefix.size()) == prefix;
    });
    if (listed) names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names) unsetenv(name.c_str());
}

constexpr std::array<std::pair<const char*, const char*>, 17> configuration = {{
    {"GDAL_CONFIG_FILE", "/dev/null"},  // neither /etc/gdal/gdalrc nor ~/.gdal/gdalrc
    {"GDAL_DRIVER_PATH", "disable"},
    {"GDAL_PAM_ENABLED", "NO"},  // a stale .aux.xml moves a map
    {"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"},
    {"GDAL_GEOREF_SOURCES", "INTERNAL"},  // nor does a stale .tfw
    {"GDAL_VRT_ENABLE_PYTHON", "NO"},
    {"GTIFF_IGNORE_READ_ERRORS", "NO"},
    {"GDAL_CACHEMAX", "64"},    // MB; the pipeline reads each block once
    {"GDAL_NUM_THREADS", "1"},  // the pipeline has the threads
    {"GDAL_HTTP_TIMEOUT", "1"},
    {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}"},
    {"CPL_DEBUG", "OFF"},
    {"PROJ_NETWORK", "OFF"},
    {"OGR_SQLITE_LOAD_EXTENSIONS", nullptr},
    {"OGR_CT_FORCE_TRADITIONAL_GIS_ORDER", "NO"},      // every CRS here sets its axis order itself
    {"OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z"},  // GeoPackages with the same bytes every day
    {"SHAPE_RESTORE_SHX", "NO"},
}};

void configure() {
  clear_environment();
  setenv("PROJ_NETWORK", "OFF", 1);
  CPLSetErrorHandler(record_error);
  for (const auto& [name, value] : configuration) CPLSetConfigOption(name, value);
  // A view of many files (mosaic_view) keeps up to 100 of them open, which may be more than the process may.
  CPLSetConfigOption("GDAL_MAX_DATASET_POOL_SIZE",
                     std::to_string(std::min<std::size_t>(100, InputFile::most_open())).c_str());
  OSRSetPROJEnableNetwork(0);
  GDALAllRegister();
}

}  // namespace

void set_up_gdal() {
  static std::once_flag once;
  std::call_once(once, configure);
}

int gdal_error_count() noexcept {
  return thread_errors.count;
}

std::string gdal_error_text() {
  return thread_errors.count == 0 ? std::string() : thread_errors.first.data();
}

void clear_gdal_errors() noexcept {
  thread_errors.count = 0;
  thread_errors.first[0] = '\0';
  CPLErrorReset();
}

}  // namespace sink
