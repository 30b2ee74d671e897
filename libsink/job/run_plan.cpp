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

RunPlan plan_run(const RunSetup& setup) {
  const auto dates = static_cast<std::int64_t>(setup.dates.size()),
             methods = static_cast<std::int64_t>(setup.methods.size());
  // By pixel: per date inputs and land use, per method stocks, per period and method changes. An upper bound: a worker
  // holds these columns for a part of its window at a time, and decoded blocks besides.
  const std::int64_t worker_bytes = 60 + dates * (70 + methods * 65) + (dates - 1) * (32 + methods * 35);
  const std::int64_t result_bytes = 4 * static_cast<std::int64_t>(setup.outputs.size()) + 8;
  const std::int64_t budget = setup.job.run.memory_bytes / 2;
  const auto threads = static_cast<std::int64_t>(setup.threads);
  const std::int64_t fitting = budget / (threads * worker_bytes + 2 * threads * result_bytes);
  RunPlan plan{plan_blocks(setup.grid, input_blocks(setup),
                           std::clamp<std::int64_t>(fitting, 16 * 1024, largest_window), setup.job.run.block_rows),
               1};
  // Every thread holds its columns; what is left of the budget are results that wait for their turn to be written.
  const std::int64_t window = plan.blocks.window.columns * plan.blocks.window.rows;
  const std::int64_t waiting = (budget - threads * window * worker_bytes) / (window * result_bytes);
  const std::int64_t fitting_threads = budget / (window * (worker_bytes + result_bytes));
  plan.live_blocks = static_cast<std::size_t>(
      waiting >= threads ? std::min(waiting, 2 * threads) : std::clamp<std::int64_t>(fitting_threads, 1, threads));
  return plan;
}

}  // namespace sink
