// SPDX-License-Identifier: Apache-2.0
#include "job/measure_maps.hpp"

namespace sink {

void check_measures(const ClassMaps& maps, const std::vector<std::string>& rasters) {
  OpenFiles files;
  const RunOptions& run = maps.inputs().run;
  for (const auto& raster : rasters) {
    const RasterSource source(files, "", raster, run.access());
    if (run.align) continue;
    const Grid &own = source.info().grid, &grid = maps.grid();
    const std::string difference = grid_difference(own, grid);
    if (!same_crs(own.crs_wkt, grid.crs_wkt)) {
      throw input_error(
          raster, "has another CRS than the maps (" + own.crs_name + " against " + grid.crs_name + "): add --align");
    }
    if (!difference.empty())
      throw input_error(raster, "is on another grid than the maps: " + difference + ": add --align");
  }
}

std::vector<RasterSource> open_measures(const ClassMaps& maps, const std::vector<std::string>& rasters,
                                        OpenFiles& files) {
  std::vector<RasterSource> sources;
  for (const auto& raster : rasters) {
    sources.emplace_back(files, "", raster, maps.inputs().run.access());
    if (maps.inputs().run.align) sources.back().align_to(maps.grid());
  }
  return sources;
}

}  // namespace sink
