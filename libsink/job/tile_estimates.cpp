// SPDX-License-Identifier: Apache-2.0
#include "job/tile_estimates.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>

#include "job/run_files.hpp"
#include "job/tile_blocks.hpp"
#include "job/tile_part.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

/// What a sample of blocks took, reading and encoding included.
struct Sample {
  double core_seconds_per_pixel = 0;
  std::int64_t set_up_bytes = 0, peak_bytes = 0;  ///< of the process: before, and with the blocks
  std::int64_t bytes_per_zone = 0;
  double patch_bytes_per_pixel = 0;
};

std::int64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

/// A run of blocks of the largest tile, as many as threads keep busy, and a few from all over the grid.
std::vector<Window> sample_blocks(const TilePlan& plan, const Grid& grid, int threads) {
  constexpr std::int64_t most_pixels = std::int64_t{1} << 22;
  const PlannedTile& largest = *std::max_element(plan.tiles.begin(), plan.tiles.end(),
                                                 [](const auto& a, const auto& b) { return a.pixels() < b.pixels(); });
  std::vector<Window> of_tile;
  for (const Window& window : largest.windows) {
    for (Window block : blocks_of({window.columns, window.rows, 0, 0, 1, 1, "", ""}, plan.block)) {
      block.column += window.column;
      block.row += window.row;
      of_tile.push_back(block);
    }
  }
  const std::int64_t block_pixels = plan.block.columns * plan.block.rows;
  const auto run = static_cast<std::size_t>(
      std::clamp<std::int64_t>(most_pixels / block_pixels, 1, std::max<std::int64_t>(8, 4 * threads)));
  const std::size_t first = of_tile.size() > run ? (of_tile.size() - run) / 2 : 0;
  std::vector<Window> chosen(of_tile.begin() + static_cast<std::ptrdiff_t>(first),
                             of_tile.begin() + static_cast<std::ptrdiff_t>(std::min(of_tile.size(), first + run)));
  const auto all = blocks_of(grid, plan.block);
  const std::size_t n = std::min<std::size_t>(4, all.size());
  for (std::size_t i = 0; i < n; ++i) {
    const Window& block = all[(2 * i + 1) * all.size() / (2 * n)];
    const auto same = [&](const Window& w) { return w.column == block.column && w.row == block.row; };
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(block);
  }
  return chosen;
}

std::int64_t bytes_of(const std::vector<ZoneSums>& sets) {
  std::int64_t bytes = 0;
  for (const ZoneSums& set : sets) bytes += static_cast<std::int64_t>(set.bytes());
  return bytes;
}

std::int64_t bytes_per_zone(const PassTotals& totals) {
  std::int64_t zones = 1;
  for (const ZoneSums& set : totals.sums.zones) zones += static_cast<std::int64_t>(set.zones().size());
  std::int64_t bytes = bytes_of(totals.sums.zones) + bytes_of(totals.sums.parcels);
  for (const auto& side : totals.sums.sides) bytes += bytes_of(side);
  for (const ChangeCells& set : totals.changes) bytes += static_cast<std::int64_t>(set.bytes());
  return bytes / zones;
}

std::int64_t patch_bytes(RunPass& pass) {
  constexpr std::int64_t bytes_of_run = 160;  // with the polygon it will be part of
  std::int64_t runs = 0;
  if (!pass.patches) return 0;
  for (const PatchPieces& pieces : pass.patches->pieces()) runs += static_cast<std::int64_t>(pieces.runs.size());
  return runs * bytes_of_run;
}

Sample measure(const TilePlan& plan, const RunSetup& setup, const ProgressCallback& progress) {
  const std::vector<Window> chosen = sample_blocks(plan, setup.grid, setup.threads);
  const RunPlan windows = plan_areas(setup, chosen, plan.block);
  const std::int64_t set_up_bytes = peak_bytes();
  std::error_code none;
  const fs::path temporary = fs::temp_directory_path(none);
  const WorkingFolder working(none ? "." : temporary.string());
  RunPass pass = pass_without_names(setup, windows, working);
  const auto started = std::chrono::steady_clock::now();
  pass.over_pixels([&](const Progress& state) {
    return !progress || progress({state.pixels_done, state.pixels_total, "measuring"});
  });
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  double pixels = 0;
  for (const Window& window : chosen) pixels += static_cast<double>(window.pixels());
  return {elapsed.count() * setup.threads / pixels, set_up_bytes, peak_bytes(), bytes_per_zone(pass.totals),
          static_cast<double>(patch_bytes(pass)) / pixels};
}

/// What tiles of the plan hold beyond the sample.
class TileMemory {
 public:
  TileMemory(const TilePlan& plan, const RunSetup& setup, const Sample& sample)
      : plan_(plan), setup_(setup), sample_(sample), budget_(setup.job.run.memory_bytes) {
    for (const DateSetup& date : setup.dates) {
      for (const InputLayer& input : date.layers) add_band(input.band);
    }
    if (setup.events) {
      for (const BandInfo& band : setup.events->bands()) add_band(band);
    }
    for (const ZoneSet& zones : setup.zone_sets) {
      if (zones.from_raster()) add_band(zones.reader().raster->info());
    }
  }
  [[nodiscard]] std::int64_t of_tile(const PlannedTile& tile) const {
    std::int64_t zones = 0;
    for (const auto& [set, ids] : tile.zones) zones += static_cast<std::int64_t>(ids.size());
    return with_margin(sample_.peak_bytes + overview_tiles(tile) + kept_blocks(tile) + sums(zones) +
                       patches(static_cast<double>(tile.pixels())));
  }
  [[nodiscard]] std::int64_t of_merge() const {
    std::map<std::string, std::set<std::string>> ids;
    for (const PlannedTile& tile : plan_.tiles) {
      for (const auto& [set, more] : tile.zones) ids[set].insert(more.begin(), more.end());
    }
    std::int64_t zones = 0;
    for (const auto& [set, all] : ids) zones += static_cast<std::int64_t>(all.size());
    const std::int64_t block_pixels = plan_.block.columns * plan_.block.rows;
    const std::int64_t blocks = static_cast<std::int64_t>(blocks_of(setup_.grid, plan_.block).size());
    constexpr std::int64_t writing_tables = 40 << 20;  // GeoPackage, project: GDAL, SQLite
    constexpr std::int64_t bytes_of_place = 160;       // of a tile in the file, overviews included
    // A thread that makes overview tiles has a few tiles; sums are there twice where one part is added.
    return with_margin(sample_.set_up_bytes + writing_tables + 2 * sums(zones) +
                       patches(static_cast<double>(setup_.grid.pixels())) + setup_.threads * 6 * 4 * block_pixels +
                       static_cast<std::int64_t>(setup_.outputs.size()) * blocks * bytes_of_place);
  }

 private:
  static std::int64_t with_margin(std::int64_t bytes) { return bytes + bytes / 10 + (8 << 20); }
  void add_band(const BandInfo& band) {
    // Blocks that end where windows do are never kept.
    const bool nested = plan_.block.columns % band.block_columns == 0 && plan_.block.rows % band.block_rows == 0;
    if (!nested) kept_.push_back({band.block_columns, band.block_rows});
  }
  [[nodiscard]] std::int64_t sums(std::int64_t zones) const {
    return std::min(budget_ / 2, 2 * zones * sample_.bytes_per_zone);
  }
  [[nodiscard]] std::int64_t patches(double pixels) const {
    if (!setup_.patches) return 0;
    return std::min(budget_ / 2, (8 << 20) + static_cast<std::int64_t>(2 * pixels * sample_.patch_bytes_per_pixel));
  }
  /// One on each level that fits into the tile, since windows come along a Z-order, and more for windows under way.
  [[nodiscard]] std::int64_t overview_tiles(const PlannedTile& tile) const {
    const double blocks =
        static_cast<double>(tile.pixels()) / static_cast<double>(plan_.block.columns * plan_.block.rows);
    const auto levels = static_cast<std::int64_t>(std::log2(std::max(1.0, blocks)) / 2);
    std::int64_t bytes = 0;
    for (const OutputLayer& output : setup_.outputs) {
      const auto own = own_options(raster_format(setup_), output.pixels);
      if (!own || !own->overviews) continue;
      bytes += (levels + 1) * (1 + setup_.threads / 2) * plan_.block.columns * plan_.block.rows *
               static_cast<std::int64_t>(pixel_bytes(output.pixels));
    }
    return std::min(budget_ / 2, bytes);
  }
  /// Blocks of inputs, such as strips, that reach out of the windows: kept for windows that may never come.
  [[nodiscard]] std::int64_t kept_blocks(const PlannedTile& tile) const {
    Window box = tile.windows.front();
    std::int64_t right = 0, bottom = 0;
    for (const Window& window : tile.windows) {
      box.column = std::min(box.column, window.column);
      box.row = std::min(box.row, window.row);
      right = std::max(right, window.column + window.columns);
      bottom = std::max(bottom, window.row + window.rows);
    }
    std::int64_t bytes = 0;
    for (const BlockShape& block : kept_) {
      const std::int64_t columns = std::min(setup_.grid.columns, right - box.column + 2 * block.columns);
      const std::int64_t rows = std::min(setup_.grid.rows, bottom - box.row + 2 * block.rows);
      bytes += 4 * columns * rows;
    }
    return std::min(static_cast<std::int64_t>(setup_.job.run.access().cache_bytes), bytes);
  }

  const TilePlan& plan_;
  const RunSetup& setup_;
  const Sample& sample_;
  std::int64_t budget_;
  std::vector<BlockShape> kept_;  ///< by band
};

}  // namespace

void estimate(TilePlan& plan, const RunSetup& setup, double set_up_s, const ProgressCallback& progress) {
  const Sample sample = measure(plan, setup, progress);
  const TileMemory memory(plan, setup, sample);
  plan.estimate = {};
  for (PlannedTile& tile : plan.tiles) {
    tile.estimate = {memory.of_tile(tile),
                     set_up_s + sample.core_seconds_per_pixel * static_cast<double>(tile.pixels())};
    plan.estimate.memory_bytes = std::max(plan.estimate.memory_bytes, tile.estimate.memory_bytes);
    plan.estimate.core_seconds += tile.estimate.core_seconds;
  }
  plan.merge_memory_bytes = memory.of_merge();
}

}  // namespace sink
