// SPDX-License-Identifier: Apache-2.0
#include "job/setup.hpp"

#include "raster/gdal_setup.hpp"
#include "raster/library_versions.hpp"

namespace sink {

void set_up_libraries() {
  set_up_gdal();
}

std::string library_versions() {
  return "GDAL " + gdal_version() + ", PROJ " + proj_version();
}

std::string program_version() {
  return SINK_VERSION;
}

}  // namespace sink
