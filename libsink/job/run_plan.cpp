// SPDX-License-Identifier: Apache-2.0
#include "job/run_plan.hpp"

#include <sched.h>

#include <algorithm>

namespace sink {
namespace {

/// Beyond this, a window's columns leave the processor's caches for no gain.
constexpr std::int64_t largest_window = 512 * 512;

/// The block shape that most pixels are stored in: inputs may differ, the first striped one decides against tiles.
BlockShape input_blocks(const RunSetup& setup) {
  BlockShape shape{0, 0};
  for (const auto& date : setup.dates) {
    for (const auto& input : date.layers) {
      const BlockShape own{input.band.block_columns, input.band.block_rows};
      if (shape.rows == 0 || own.columns > shape.columns) shape = own;
    }
  }
  return shape;
}

}  // namespace

int threads_of(int wanted) {
  if (wanted > 0) return wanted;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (sched_getaffinity(0, sizeof cpus, &cpus) != 0) return 1;
  return std::max(1, CPU_COUNT(&cpus));
}

namespace {

/// What a run's pixels take, of half of --memory.
struct Budget {
  std::int64_t worker_bytes = 0, result_bytes = 0;  ///< by pixel
  std::int64_t bytes = 0, threads = 1;

  explicit Budget(const RunSetup& setup) : bytes(setup.job.run.memory_bytes / 2), threads(setup.threads) {
    const auto dates = static_cast<std::int64_t>(setup.dates.size()),
               methods = static_cast<std::int64_t>(setup.methods.size());
    // Per date inputs and land use, per method stocks, per period and method changes. An upper bound: a worker holds
    // these columns for a part of its window at a time, and decoded blocks besides.
    worker_bytes = 60 + dates * (70 + methods * 65) + (dates - 1) * (32 + methods * 35);
    result_bytes = 4 * static_cast<std::int64_t>(setup.outputs.size()) + 8;
  }
  [[nodiscard]] std::int64_t pixels_at_once() const {
    return std::clamp<std::int64_t>(bytes / (threads * worker_bytes + 2 * threads * result_bytes), 16 * 1024,
                                    largest_window);
  }
  /// Every thread holds its columns; what is left of the budget are results that wait for their turn to be written.
  [[nodiscard]] std::size_t live_blocks(std::int64_t window_pixels) const {
    const std::int64_t waiting = (bytes - threads * window_pixels * worker_bytes) / (window_pixels * result_bytes);
    const std::int64_t fitting_threads = bytes / (window_pixels * (worker_bytes + result_bytes));
    return static_cast<std::size_t>(waiting >= threads ? std::min(waiting, 2 * threads)
                                                       : std::clamp<std::int64_t>(fitting_threads, 1, threads));
  }
};

}  // namespace

RunPlan plan_run(const RunSetup& setup) {
  const Budget budget(setup);
  RunPlan plan{plan_blocks(setup.grid, input_blocks(setup), budget.pixels_at_once(), setup.job.run.block_rows), 1};
  plan.live_blocks = budget.live_blocks(plan.blocks.window.columns * plan.blocks.window.rows);
  return plan;
}

RunPlan plan_areas(const RunSetup& setup, const std::vector<Window>& areas, BlockShape block) {
  const Budget budget(setup);
  const std::int64_t strip = std::clamp<std::int64_t>(budget.pixels_at_once() / block.columns, 1, block.rows);
  RunPlan plan{{block, {}}, budget.live_blocks(block.columns * strip)};
  std::vector<Window> blocks;
  for (const Window& area : areas) {
    for (std::int64_t row = area.row; row < area.row + area.rows; row += block.rows) {
      for (std::int64_t column = area.column; column < area.column + area.columns; column += block.columns) {
        blocks.push_back({column, row, std::min(block.columns, area.column + area.columns - column),
                          std::min(block.rows, area.row + area.rows - row)});
      }
    }
  }
  const auto place = [&](const Window& w) {
    return z_order(static_cast<std::uint64_t>(w.column / block.columns),
                   static_cast<std::uint64_t>(w.row / block.rows));
  };
  std::sort(blocks.begin(), blocks.end(), [&](const Window& a, const Window& b) { return place(a) < place(b); });
  for (const Window& whole : blocks) {
    for (std::int64_t row = 0; row < whole.rows; row += strip) {
      plan.blocks.windows.push_back({whole.column, whole.row + row, whole.columns, std::min(strip, whole.rows - row)});
    }
  }
  return plan;
}

}  // namespace sink
