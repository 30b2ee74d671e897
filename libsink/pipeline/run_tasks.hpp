// SPDX-License-Identifier: Apache-2.0
// A few long tasks side by side.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>

namespace sink {

/// Calls `task(i)` for every i below `tasks`, at most `threads` at a time. An exception stops those that have not begun
/// and comes out here.
template <class Task>
void run_tasks(std::size_t tasks, int threads, const Task& task) {
  tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                              static_cast<std::size_t>(std::max(1, threads)));
  tbb::task_arena arena(std::max(1, threads));
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, tasks, 1),
        [&](const tbb::blocked_range<std::size_t>& some) {
          for (std::size_t i = some.begin(); i < some.end(); ++i) task(i);
        },
        tbb::simple_partitioner());
  });
}

}  // namespace sink
