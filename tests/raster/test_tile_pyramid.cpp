// SPDX-License-Identifier: Apache-2.0
// Overview tiles made at once, later for want of memory, or from parts: the same bytes; and tiles taken apart again.
#include "raster/tile_pyramid.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <thread>

#include "raster/temp_files.hpp"
#include "raster/tile_unpacker.hpp"
#include "support/catch.hpp"
#include "support/memory_archive.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::MemoryArchive;
using sink::tests::TempFolder;

namespace {

constexpr std::int64_t side = 64;  // of a tile
constexpr RasterSize whole{1000, 710};
constexpr std::int64_t plenty = 1 << 30;

/// Stands, noise, holes, and a corner that is wholly nodata.
template <class T>
std::vector<T> pixels(const RasterSize& size) {
  std::mt19937 random(5);
  std::vector<T> values;
  for (std::int64_t row = 0; row < size.rows; ++row) {
    for (std::int64_t column = 0; column < size.columns; ++column) {
      const bool none = (column > 500 && row > 300) || random() % 17 == 0;
      const auto value = static_cast<T>((column / 9 + row / 11) % 40 + (row % 70 < 20 ? random() % 100 : 0));
      values.push_back(none ? stored_nodata<T> : value);
    }
  }
  return values;
}

std::vector<Window> windows_of(std::int64_t columns, std::int64_t rows, unsigned seed) {
  std::vector<Window> windows;
  for (std::int64_t row = 0; row < whole.rows; row += rows) {
    for (std::int64_t column = 0; column < whole.columns; column += columns)
      windows.push_back({column, row, std::min(columns, whole.columns - column), std::min(rows, whole.rows - row)});
  }
  std::shuffle(windows.begin(), windows.end(), std::mt19937(seed));
  return windows;
}

template <class T>
struct Raster {
  TempFolder folder;
  TilePyramid<T> pyramid;
  Raster(std::int64_t waiting_bytes, bool sparse)
      : pyramid(folder.file("part"), sizes(), {TileCoding::Codec::zstd, 1, 2, side, side, true}, sparse,
                waiting_bytes) {}
  static std::vector<RasterSize> sizes() {
    std::vector<RasterSize> sizes = {whole};
    for (const RasterSize& size : overview_sizes(whole, side)) sizes.push_back(size);
    return sizes;
  }
  void write(const std::vector<Window>& windows, std::size_t threads = 1) {
    const auto values = pixels<T>(whole);
    const auto work = [&](std::size_t first) {
      TileScratch scratch;
      std::vector<T> part;
      for (std::size_t i = first; i < windows.size(); i += threads) {
        part.clear();
        for (std::int64_t row = windows[i].row; row < windows[i].row + windows[i].rows; ++row) {
          const auto begin = values.begin() + row * whole.columns + windows[i].column;
          part.insert(part.end(), begin, begin + windows[i].columns);
        }
        pyramid.write(scratch, windows[i], part.data());
      }
    };
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < threads; ++t) running.emplace_back(work, t);
    for (auto& thread : running) thread.join();
  }
  /// Every tile of every level, as it is stored.
  std::vector<std::vector<std::byte>> tiles() {
    pyramid.complete([] { return true; });
    std::vector<std::vector<std::byte>> tiles;
    for (const TiledImage& image : pyramid.images()) {
      for (const TilePlace& place : image.tiles) {
        tiles.emplace_back(place.bytes);
        pyramid.part().read_at(place.offset, tiles.back());
      }
    }
    return tiles;
  }
};

template <class T>
void check_any_memory(bool sparse) {
  Raster<T> first(plenty, sparse);
  first.write(windows_of(side, side, 1));
  const auto tiles = first.tiles();
  constexpr std::int64_t tile_bytes = side * side * std::int64_t{sizeof(T)};
  for (const std::int64_t room : {0, 1, 3, 7, 40}) {
    for (const std::size_t threads : {1, 4}) {
      for (const auto& [columns, rows] : {std::pair(side, side), {2 * side, side}, {100, 37}, {whole.columns, 5}}) {
        INFO(room << " tiles, " << threads << " threads, windows of " << columns << " x " << rows);
        Raster<T> again(room * tile_bytes, sparse);
        again.write(windows_of(columns, rows, static_cast<unsigned>(room + 2)), threads);
        CHECK((again.tiles() == tiles));
      }
    }
  }
}

template <class T>
void check_parts(bool sparse) {
  Raster<T> first(plenty, sparse);
  first.write(windows_of(side, side, 1));
  const auto tiles = first.tiles();
  for (const std::int64_t step : {side, std::int64_t{100}}) {  // of 100: parts meet inside of tiles
    Raster<T> merged(0, sparse);
    constexpr std::int64_t parts = 5;
    for (std::int64_t part = 0; part < parts; ++part) {
      std::vector<Window> mine = windows_of(step, step, 9);
      std::erase_if(mine,
                    [&](const Window& w) { return (w.column / step / 3 + w.row / step / 5 * 2) % parts != part; });
      Raster<T> one(part % 2 == 0 ? plenty : 0, sparse);
      one.pyramid.expect(mine);
      one.write(mine, 2);
      MemoryArchive archive;
      ArchiveWriter writer(archive);
      one.pyramid.save(writer);
      ArchiveReader reader(archive);
      TileScratch scratch;
      merged.pyramid.load(reader, scratch);
      CHECK(archive.left() == 0);
    }
    CHECK((merged.tiles() == tiles));
  }
}

}  // namespace

TEST_CASE("half-built overview tiles may have any memory, or none: the same tiles", "[tile_pyramid]") {
  for (const bool sparse : {false, true}) {
    check_any_memory<float>(sparse);
    check_any_memory<std::uint16_t>(sparse);
  }
}

TEST_CASE("overview tiles that cross parts are made from the tiles below: the same tiles", "[tile_pyramid]") {
  for (const bool sparse : {false, true}) {
    check_parts<float>(sparse);
    check_parts<std::uint8_t>(sparse);
  }
}

TEST_CASE("overview tiles are not made over missing pixels, and stop when told", "[tile_pyramid]") {
  auto windows = windows_of(side, side, 1);
  Raster<float> stopped(0, false);
  stopped.write(windows);
  CHECK(tests::refusal(Error::Kind::interrupted, [&] { stopped.pyramid.complete([] { return false; }); }) == "stopped");
  windows.pop_back();
  Raster<float> raster(0, false);
  raster.write(windows);
  tests::refusal(Error::Kind::internal, [&] { raster.pyramid.complete([] { return true; }); });
}

TEST_CASE("a tile comes apart into the values that it was made of", "[tile_pyramid]") {
  const auto check = []<class T>(T) {
    const auto values = pixels<T>({48, 32});
    TileScratch scratch;
    TileUnpacker unpacker;
    for (const auto codec : {TileCoding::Codec::none, TileCoding::Codec::deflate, TileCoding::Codec::zstd}) {
      for (int predictor = 1; predictor <= (std::is_floating_point_v<T> ? 3 : 2); ++predictor) {
        for (const bool framed : {false, true}) {
          const TileCoding coding{codec, 3, predictor, 48, 32, framed};
          const auto bytes = scratch.encode(coding, values.data(), 48, 48, 32);
          std::vector<T> back(values.size(), T{1});
          CHECK(unpacker.unpack(coding, bytes, back.data()));
          CHECK(std::memcmp(back.data(), values.data(), values.size() * sizeof(T)) == 0);
          CHECK_FALSE(unpacker.unpack(coding, bytes.first(bytes.size() - 9), back.data()));
          CHECK_FALSE(unpacker.unpack(coding, bytes.first(3), back.data()));
          // Cut off by the raster's edge: nodata beyond it.
          const auto part = scratch.encode(coding, values.data(), 48, 20, 10);
          CHECK(unpacker.unpack(coding, part, back.data()));
          CHECK(all_nodata(back.data() + 20, 48, 28, 32));
          CHECK(all_nodata(back.data() + 10 * 48, 48, 48, 22));
          CHECK(std::memcmp(back.data() + 9 * 48, values.data() + 9 * 48, 20 * sizeof(T)) == 0);
        }
      }
    }
  };
  check(float{});
  check(std::uint8_t{});
  check(std::uint16_t{});
  check(std::uint32_t{});
}
