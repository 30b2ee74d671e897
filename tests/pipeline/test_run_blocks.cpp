// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run_blocks.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <stdexcept>

#include "pipeline/block_plan.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

std::vector<Window> rows(std::int64_t n) {
  std::vector<Window> windows;
  for (std::int64_t i = 0; i < n; ++i) windows.push_back({0, i, 1, 1});
  return windows;
}

TEST_CASE("results are committed in window order, once each, whatever the threads") {
  for (const int threads : {1, 2, 8}) {
    std::vector<std::int64_t> order;
    std::atomic<int> alive{0};
    int most_alive = 0;
    run_blocks<std::int64_t>(
        rows(500), {threads, 6}, [] { return 0; },
        [&](int&, const Window& window, std::int64_t& result) {
          ++alive;
          result = window.row * 3;
        },
        [&](const Window& window, std::int64_t& result) {
          most_alive = std::max(most_alive, alive.load());
          --alive;
          CHECK(result == window.row * 3);
          order.push_back(window.row);
        });
    REQUIRE(order.size() == 500);
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(most_alive <= 6);
  }
}

TEST_CASE("an exception in a block or in the commit stops the run and comes out") {
  const auto run = [](std::int64_t bad_block, std::int64_t bad_commit) {
    run_blocks<int>(
        rows(100), {2, 4}, [] { return 0; },
        [&](int&, const Window& window, int&) {
          if (window.row == bad_block) throw std::runtime_error("block");
        },
        [&](const Window& window, int&) {
          if (window.row == bad_commit) throw std::runtime_error("commit");
        });
  };
  CHECK_THROWS_WITH(run(50, -1), "block");
  CHECK_THROWS_WITH(run(-1, 50), "commit");
  CHECK_NOTHROW(run(-1, -1));
}

TEST_CASE("a plan covers every pixel once and respects tiles, strips and the budget") {
  const Grid grid{1000, 700, 0, 0, 1, 1, "crs", "crs"};
  for (const BlockShape tile : {BlockShape{256, 256}, BlockShape{1000, 16}, BlockShape{1000, 700}}) {
    for (const std::int64_t pixels : {4096, 70000, 10000000}) {
      const BlockPlan plan = plan_blocks(grid, tile, pixels);
      std::vector<int> seen(static_cast<std::size_t>(grid.pixels()));
      for (const Window& w : plan.windows) {
        CHECK(w.column % plan.window.columns == 0);
        for (auto r = w.row; r < w.row + w.rows; ++r)
          for (auto c = w.column; c < w.column + w.columns; ++c) ++seen[static_cast<std::size_t>(r * grid.columns + c)];
      }
      CHECK(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
      if (plan.window.columns < grid.columns)
        CHECK(plan.window.columns % std::min<std::int64_t>(tile.columns, 512) == 0);
    }
  }
  CHECK(plan_blocks(grid, {256, 256}, 70000, 7).window.rows == 7);
}

TEST_CASE("tiles are walked so that at most one overview tile of each level is half-built") {
  const Grid grid{512 * 11 + 7, 512 * 6 + 100, 0, 0, 1, 1, "crs", "crs"};
  const BlockPlan plan = plan_blocks(grid, {512, 512}, 512 * 512);
  REQUIRE(plan.windows.size() == 12 * 7);
  for (const std::int64_t covered : {2, 4, 8}) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> missing;
    const auto above = [&](const Window& w) { return std::pair(w.column / 512 / covered, w.row / 512 / covered); };
    for (const Window& w : plan.windows) ++missing[above(w)];
    const auto whole = missing;
    for (const Window& w : plan.windows) {
      --missing[above(w)];
      CHECK(std::count_if(missing.begin(), missing.end(), [&](const auto& tile) {
              return tile.second > 0 && tile.second < whole.at(tile.first);
            }) <= 1);
    }
  }
}

}  // namespace
}  // namespace sink
