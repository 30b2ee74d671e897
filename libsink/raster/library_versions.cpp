// SPDX-License-Identifier: Apache-2.0
#include "raster/library_versions.hpp"

#include <gdal.h>
#include <proj.h>

namespace sink {

std::string gdal_version() {
  return GDALVersionInfo("RELEASE_NAME");
}

std::string proj_version() {
  return proj_info().version;
}

}  // namespace sink
