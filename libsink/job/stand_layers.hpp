// SPDX-License-Identifier: Apache-2.0
// The rasters of stands: what each holds, and the pass that writes them.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/exact_sum.hpp"
#include "job/output_directory.hpp"
#include "job/stand_data.hpp"
#include "raster/raster_output.hpp"
#include "raster/zones.hpp"
#include "report/category_files.hpp"

namespace sink {

/// A raster: one value or code per stand.
struct StandLayer {
  std::string name, file, description, unit, field;
  RasterPixels pixels = RasterPixels::float32;
  std::vector<float> values;               ///< of measures, NaN for nodata
  std::vector<std::uint32_t> codes;        ///< of classes
  std::vector<ChangeCategory> categories;  ///< the codes that stands have
  StoredStatistics statistics;             ///< filled by the pass
  [[nodiscard]] bool has_codes() const noexcept { return pixels != RasterPixels::float32; }
};

/// The rasters to write: those asked for, else all that an inventory reads and canopy, as far as fields are there.
std::vector<StandLayer> stand_layers(const StandsJob& job, const StandSet& set, const StandLegends& legends);

/// Which pixels are whose.
struct StandPixels {
  std::vector<std::int64_t> inside;                                     ///< by stand: pixels whose centre it holds
  std::vector<std::int64_t> kept;                                       ///< of them, those that no later stand takes
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> taken;  ///< from a stand, by a later one: pixels
  std::int64_t covered = 0, overlapped = 0;                             ///< pixels in any stand, in several
  std::string coordinate_operations;
  int threads = 1;
  std::string blocks;
  /// Stands that have a pixel in the rasters.
  [[nodiscard]] std::int64_t stands() const {
    return std::count_if(kept.begin(), kept.end(), [](std::int64_t pixels) { return pixels > 0; });
  }
};

/// Writes every layer's raster into the working folder. The same bytes for any threads and memory. Throws Error::input
/// where no stand touches the grid, Error::output, Error::memory and Error::interrupted.
StandPixels write_stand_layers(const StandsJob& job, const StandSet& set, const Grid& grid,
                               std::vector<StandLayer>& layers, const OutputDirectory& directory,
                               const ProgressCallback& progress, std::vector<std::string>& warnings);

}  // namespace sink
