// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run_tasks.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

using namespace sink;

TEST_CASE("every task is done once, at most so many at a time", "[tasks]") {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> done(100, 0);
    std::atomic<int> running = 0, most = 0;
    run_tasks(done.size(), threads, [&](std::size_t i) {
      const int now = ++running;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      ++done[i];
      --running;
    });
    CHECK(done == std::vector<int>(100, 1));
    CHECK(most <= threads);
  }
  run_tasks(0, 2, [](std::size_t) { FAIL("there is no task"); });
}

TEST_CASE("an exception of a task comes out", "[tasks]") {
  CHECK_THROWS_AS(run_tasks(10, 2,
                            [](std::size_t i) {
                              if (i == 3) throw std::runtime_error("three");
                            }),
                  std::runtime_error);
}
