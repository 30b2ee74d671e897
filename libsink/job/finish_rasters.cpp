// SPDX-License-Identifier: Apache-2.0
#include "job/finish_rasters.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>

#include "pipeline/run_tasks.hpp"

namespace sink {

void finish_rasters(const RunSetup& setup, const OutputDirectory& directory, std::vector<RasterOutput>& rasters,
                    const std::vector<StoredStatistics>& statistics, const ProgressCallback& progress) {
  const std::int64_t total = setup.grid.pixels();
  const bool ours = std::all_of(rasters.begin(), rasters.end(), [](auto& raster) { return raster.in_any_order(); });
  std::mutex mutex;  // of `done`, and of `progress`, which is for one thread at a time
  std::vector<double> done(rasters.size(), 0);
  run_tasks(rasters.size(), ours ? setup.threads : 1, [&](std::size_t i) {
    const auto go_on = [&](double fraction) {
      const std::lock_guard lock(mutex);
      done[i] = fraction;
      const double share = std::accumulate(done.begin(), done.end(), 0.0) / static_cast<double>(done.size());
      return !progress ||
             progress({static_cast<std::int64_t>(share * static_cast<double>(total)), total, "writing rasters"});
    };
    rasters[i].finish(directory.working(setup.outputs[i].file), statistics[i], go_on);
  });
}

}  // namespace sink
