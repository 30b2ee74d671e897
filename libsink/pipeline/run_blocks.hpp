// SPDX-License-Identifier: Apache-2.0
// Windows -> workers -> ordered commit. It knows no pixel, no raster, no science.
#pragma once

#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "core/grid.hpp"

namespace sink {

struct PipelineOptions {
  int threads = 1;
  std::size_t live_blocks = 2;  ///< results that may be alive at once: bounds memory
};

/// Calls `compute(worker, window, result)` for every window, on any thread and in any order, and
/// `commit(window, result)` one at a time in the order of `windows`. `make_worker()` is called once per thread
/// (own file handles, own scratch). Results are reused: `compute` must overwrite what it leaves. An exception thrown
/// anywhere stops the run and comes out here.
template <class Result, class MakeWorker, class Compute, class Commit>
void run_blocks(const std::vector<Window>& windows, const PipelineOptions& options, MakeWorker make_worker,
                Compute compute, Commit commit) {
  using Worker = decltype(make_worker());
  struct Token {
    std::size_t index = 0;
    Result* result = nullptr;
  };
  tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                              static_cast<std::size_t>(options.threads < 1 ? 1 : options.threads));
  tbb::task_arena arena(options.threads);
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<Result>> storage;
  std::vector<Result*> free_results;
  std::mutex free_mutex;

  const auto take_result = [&] {
    const std::lock_guard lock(free_mutex);
    if (free_results.empty()) {
      storage.push_back(std::make_unique<Result>());
      return storage.back().get();
    }
    Result* result = free_results.back();
    free_results.pop_back();
    return result;
  };

  std::size_t next = 0;
  const auto take =
      tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& flow) {
        if (next == windows.size()) {
          flow.stop();
          return std::size_t{0};
        }
        return next++;
      });
  const auto work = tbb::make_filter<std::size_t, Token>(tbb::filter_mode::parallel, [&](std::size_t index) {
    auto& worker = workers.local();
    if (!worker) worker = std::make_unique<Worker>(make_worker());
    const Token token{index, take_result()};
    compute(*worker, windows[index], *token.result);
    return token;
  });
  const auto finish = tbb::make_filter<Token, void>(tbb::filter_mode::serial_in_order, [&](Token token) {
    commit(windows[token.index], *token.result);
    const std::lock_guard lock(free_mutex);
    free_results.push_back(token.result);
  });
  arena.execute(
      [&] { tbb::parallel_pipeline(options.live_blocks < 1 ? 1 : options.live_blocks, take & work & finish); });
}

}  // namespace sink
