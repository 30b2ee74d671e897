// SPDX-License-Identifier: Apache-2.0
#include "raster/block_cache.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "raster/predictor.hpp"
#include "support/catch.hpp"

using namespace sink;

namespace {

BlockCache::Pixels block() {
  return std::shared_ptr<std::byte[]>(new std::byte[4]);
}

}  // namespace

TEST_CASE("a block is made once for all its uses, and then dropped", "[cache]") {
  BlockCache cache;
  int made = 0;
  const auto make = [&] {
    ++made;
    return block();
  };
  for (int use = 0; use < 3; ++use) cache.get({nullptr, 1}, {3, 100, 1000, true}, make);
  CHECK(made == 1);
  CHECK(cache.bytes() == 0);
  cache.get({nullptr, 1}, {3, 100, 1000, true}, make);
  CHECK(made == 2);
  CHECK(cache.bytes() == 100);
}

TEST_CASE("the limit holds, and a circle larger than it still finds some", "[cache]") {
  BlockCache cache;
  int made = 0;
  for (int round = 0; round < 20; ++round) {
    for (std::size_t number = 0; number < 20; ++number) {
      cache.get({nullptr, number}, {1000, 100, 1000, true}, [&] {
        ++made;
        return block();
      });
      REQUIRE(cache.bytes() <= 1000);
    }
  }
  CHECK(made < 19 * 20);
  cache.get({nullptr, 77}, {5, 2000, 1000, true}, block);
  CHECK(cache.bytes() <= 1000);
}

TEST_CASE("threads wait for a block or come back; a failure is passed on and leaves nothing", "[cache]") {
  BlockCache cache;
  std::atomic<int> made = 0;
  std::atomic<bool> begun = false, go_on = false;
  std::thread maker([&] {
    cache.get({nullptr, 1}, {9, 100, 1000, true}, [&] {
      begun = true;
      while (!go_on) std::this_thread::yield();
      ++made;
      return block();
    });
  });
  while (!begun) std::this_thread::yield();
  CHECK(cache.get({nullptr, 1}, {9, 100, 1000, false}, block) == nullptr);
  CHECK(cache.get({nullptr, 2}, {2, 100, 1000, false}, block) != nullptr);
  std::thread waiter([&] {
    cache.get({nullptr, 1}, {9, 100, 1000, true}, [&] {
      ++made;
      return block();
    });
  });
  go_on = true;
  maker.join();
  waiter.join();
  CHECK(made == 1);
  const auto fail = []() -> BlockCache::Pixels { throw std::runtime_error("damaged"); };
  const std::size_t before = cache.bytes();
  CHECK_THROWS_AS(cache.get({nullptr, 3}, {2, 100, 1000, true}, fail), std::runtime_error);
  CHECK(cache.bytes() == before);
  CHECK(cache.get({nullptr, 3}, {2, 100, 1000, true}, block) != nullptr);
}

TEST_CASE("predictors by their definition, for every length of row", "[cache]") {
  for (const std::size_t size : {1U, 2U, 4U, 8U}) {
    for (std::size_t columns = 1; columns < 70; ++columns) {
      std::vector<std::uint64_t> aligned(columns + 1), expected(columns);
      auto* row = reinterpret_cast<std::byte*>(aligned.data());
      std::uint64_t sum = 0, random = 12345 + columns;
      for (std::size_t i = 0; i < columns * size; ++i) {
        random = random * 6364136223846793005U + 1;
        row[i] = static_cast<std::byte>(random >> 56U);
      }
      for (std::size_t i = 0; i < columns; ++i) {
        std::uint64_t difference = 0;
        for (std::size_t b = 0; b < size; ++b) difference |= std::to_integer<std::uint64_t>(row[i * size + b]) << 8 * b;
        sum += difference;
        expected[i] = size == 8 ? sum : sum & ((std::uint64_t{1} << 8 * size) - 1);
      }
      std::vector<std::byte> stored(row, row + columns * size), floats(columns * size);
      undo_differences(row, columns, size);
      bool good = true;
      for (std::size_t i = 0; i < columns; ++i) {
        std::uint64_t found = 0;
        for (std::size_t b = 0; b < size; ++b) found |= std::to_integer<std::uint64_t>(row[i * size + b]) << 8 * b;
        good = good && found == expected[i];
      }
      if (size >= 4) {
        undo_float_predictor(stored.data(), columns, size, floats.data());
        // `stored` now holds the bytes by significance, highest first.
        for (std::size_t i = 0; i < columns * size; ++i)
          good = good && floats[i] == stored[(size - 1 - i % size) * columns + i / size];
      }
      INFO(size << " bytes, " << columns << " columns");
      CHECK(good);
    }
  }
}
