// SPDX-License-Identifier: Apache-2.0
// The pass over the grid: whose each pixel is, and the rasters.
#include <algorithm>
#include <mutex>
#include <numeric>

#include "job/run_files.hpp"
#include "job/run_plan.hpp"
#include "job/stand_layers.hpp"
#include "pipeline/block_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "pipeline/run_tasks.hpp"

namespace sink {
namespace {

constexpr std::int32_t nobody = -1;
constexpr std::int64_t tile = 512;  // of the rasters

/// What a window holds.
struct WindowStands {
  std::vector<std::int32_t> owner;  ///< by pixel
  std::vector<Span> spans;          ///< every stand's pixels, those of the later stand last in a row
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> taken;
  std::int64_t covered = 0, overlapped = 0;
  std::vector<StoredStatistics> statistics;
};

class StandWorker {
 public:
  StandWorker(const std::vector<PolygonZones>& zones, const StandSet& set) : zones_(zones), set_(set) {}

  void compute(const Window& window, WindowStands& found) {
    const auto pixels = static_cast<std::size_t>(window.pixels());
    found.owner.assign(pixels, nobody);
    found.taken.clear();
    found.spans.clear();
    found.overlapped = 0;
    twice_.assign(pixels, 0);
    for (std::size_t f = 0; f < zones_.size(); ++f) {
      const std::size_t before = found.spans.size();
      zones_[f].spans(window, found.spans);
      for (std::size_t s = before; s < found.spans.size(); ++s) {
        found.spans[s].zone += static_cast<std::int32_t>(set_.first[f]);
        take(window, found.spans[s], found);
      }
    }
    found.covered = std::count_if(found.owner.begin(), found.owner.end(), [](std::int32_t o) { return o != nobody; });
  }

 private:
  void take(const Window& window, const Span& span, WindowStands& found) {
    const auto line = static_cast<std::size_t>((span.row - window.row) * window.columns - window.column);
    for (std::int32_t column = span.begin; column < span.end; ++column) {
      const std::size_t p = line + static_cast<std::size_t>(column);
      if (found.owner[p] != nobody) {
        ++found.taken[{found.owner[p], span.zone}];
        found.overlapped += twice_[p] == 0;
        twice_[p] = 1;
      }
      found.owner[p] = span.zone;
    }
  }

  const std::vector<PolygonZones>& zones_;
  const StandSet& set_;
  std::vector<std::uint8_t> twice_;
};

/// What one thread has of its own.
struct PassWorker {
  StandWorker stands;
  TileScratch scratch;
  std::vector<float> values;
  std::vector<std::uint32_t> codes;
};

class Pass {
 public:
  Pass(const StandsJob& job, const StandSet& set, const Grid& grid, std::vector<StandLayer>& layers,
       const OutputDirectory& directory)
      : job_(job), set_(set), grid_(grid), layers_(layers), directory_(directory) {}

  void open_zones(StandPixels& result, std::vector<std::string>& warnings) {
    for (std::size_t f = 0; f < set_.files.size(); ++f) {
      std::vector<ZoneFeatures> one_each;
      const std::size_t count = set_.layers[f].features.size();
      for (std::size_t i = 0; i < count; ++i) one_each.push_back({{set_.stands[set_.first[f] + i].id, ""}, {i}});
      zones_.emplace_back(set_.layers[f], one_each, grid_);
      for (const std::string& warning : zones_.back().warnings())
        if (warning.find("has no geometry") == std::string::npos) warnings.push_back(warning);  // a finding here
      const std::string& operation = zones_.back().coordinate_operation();
      if (!operation.empty() && result.coordinate_operations.find(operation) == std::string::npos)
        result.coordinate_operations += (result.coordinate_operations.empty() ? "" : "; ") + operation;
    }
  }

  StandPixels run(const ProgressCallback& progress, StandPixels result) {
    const BlockPlan plan = plan_blocks(grid_, {tile, tile}, tile * tile, job_.run.block_rows);
    result.threads = threads_of(job_.run.threads);
    result.blocks = std::to_string(plan.window.columns) + " x " + std::to_string(plan.window.rows);
    result.inside.assign(set_.stands.size(), 0);
    open_writers(plan, result.threads);
    Progress state{0, grid_.pixels(), "rasterising"};
    PassWorker late{StandWorker(zones_, set_), {}, {}, {}};  // for writers that take one thread at a time
    run_blocks<WindowStands>(
        plan.windows, {result.threads, live_blocks(plan, result.threads)},
        [&] {
          return PassWorker{StandWorker(zones_, set_), {}, {}, {}};
        },
        [&](PassWorker& worker, const Window& window, WindowStands& found) {
          worker.stands.compute(window, found);
          found.statistics.assign(layers_.size(), {});
          if (in_any_order_) write(worker, window, found);
        },
        [&](const Window& window, WindowStands& found) {
          if (!in_any_order_) write(late, window, found);
          merge(found, result);
          state.pixels_done += window.pixels();
          if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
        });
    result.kept = result.inside;
    for (const auto& [pair, pixels] : result.taken) result.kept[static_cast<std::size_t>(pair.first)] -= pixels;
    if (result.covered == 0)
      throw input_error(set_.named(), "no stand holds a pixel's centre" +
                                          (job_.like.empty() ? " at this --resolution: give a finer one"
                                                             : " of " + job_.like + " (" + grid_.crs_name +
                                                                   "): check that they are of one place and that "
                                                                   "their CRSs are right"));
    finish(progress, result.threads);
    return result;
  }

 private:
  void open_writers(const BlockPlan& plan, int threads) {
    const RasterFormat format{job_.output.format == OutputFormat::cog, job_.output.creation_options, threads,
                              job_.run.io};
    const std::int64_t waiting = waiting_tile_bytes(job_.run.memory_bytes, static_cast<std::int64_t>(layers_.size()));
    for (const StandLayer& layer : layers_) {
      writers_.emplace_back(directory_.working(layer.file + ".working"), grid_, plan.window.columns, plan.window.rows,
                            raster_words(layer.description, layer.unit, layer.pixels, layer.categories), format,
                            layer.pixels, waiting);
    }
    in_any_order_ = std::all_of(writers_.begin(), writers_.end(), [](auto& writer) { return writer.in_any_order(); });
  }

  [[nodiscard]] std::size_t live_blocks(const BlockPlan& plan, int threads) const {
    constexpr std::int64_t bytes_per_pixel = 16;
    const std::int64_t window = plan.window.columns * plan.window.rows * bytes_per_pixel;
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(job_.run.memory_bytes / 4 / window, 1, std::int64_t{2} * threads));
  }

  void write(PassWorker& worker, const Window& window, WindowStands& found) {
    const std::size_t pixels = found.owner.size();
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const StandLayer& layer = layers_[i];
      if (layer.has_codes()) {
        worker.codes.resize(pixels);
        const std::uint32_t nodata = nodata_code(layer.pixels);
        std::transform(found.owner.begin(), found.owner.end(), worker.codes.begin(), [&](std::int32_t owner) {
          return owner == nobody ? nodata : layer.codes[static_cast<std::size_t>(owner)];
        });
        writers_[i].write(worker.scratch, window, std::span<const std::uint32_t>(worker.codes));
      } else {
        worker.values.resize(pixels);
        const auto nodata = static_cast<float>(no_number);
        std::transform(found.owner.begin(), found.owner.end(), worker.values.begin(), [&](std::int32_t owner) {
          return owner == nobody ? nodata : layer.values[static_cast<std::size_t>(owner)];
        });
        found.statistics[i].add(worker.values);
        writers_[i].write(worker.scratch, window, std::span<const float>(worker.values));
      }
    }
  }

  void merge(const WindowStands& found, StandPixels& result) {
    for (const Span& span : found.spans) result.inside[static_cast<std::size_t>(span.zone)] += span.end - span.begin;
    for (const auto& [pair, pixels] : found.taken) result.taken[pair] += pixels;
    result.covered += found.covered;
    result.overlapped += found.overlapped;
    for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].statistics += found.statistics[i];
  }

  void finish(const ProgressCallback& progress, int threads) {
    std::mutex mutex;  // of `done`, and of `progress`, which is for one thread at a time
    std::vector<double> done(writers_.size(), 0);
    run_tasks(writers_.size(), in_any_order_ ? threads : 1, [&](std::size_t i) {
      const auto go_on = [&](double fraction) {
        const std::lock_guard lock(mutex);
        done[i] = fraction;
        const double share = std::accumulate(done.begin(), done.end(), 0.0) / static_cast<double>(done.size());
        const std::int64_t total = grid_.pixels();
        return !progress ||
               progress({static_cast<std::int64_t>(share * static_cast<double>(total)), total, "writing rasters"});
      };
      writers_[i].finish(directory_.working(layers_[i].file), layers_[i].statistics, go_on);
    });
  }

  const StandsJob& job_;
  const StandSet& set_;
  const Grid& grid_;
  std::vector<StandLayer>& layers_;
  const OutputDirectory& directory_;
  std::vector<PolygonZones> zones_;
  std::vector<RasterOutput> writers_;
  bool in_any_order_ = false;
};

}  // namespace

StandPixels write_stand_layers(const StandsJob& job, const StandSet& set, const Grid& grid,
                               std::vector<StandLayer>& layers, const OutputDirectory& directory,
                               const ProgressCallback& progress, std::vector<std::string>& warnings) {
  Pass pass(job, set, grid, layers, directory);
  StandPixels result;
  pass.open_zones(result, warnings);
  return pass.run(progress, std::move(result));
}

}  // namespace sink
