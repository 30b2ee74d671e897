// SPDX-License-Identifier: Apache-2.0
// TilePyramid of which parts are made in several processes, and overview tiles made when all others are there.
#include <zstd.h>

#include <algorithm>

#include "core/error.hpp"
#include "raster/tile_pyramid.hpp"
#include "raster/tile_unpacker.hpp"

namespace sink {
namespace {

Error missing_pixels(const PartFile& part) {
  return Error(Error::Kind::internal, part.name() + ": pixels are missing");
}

}  // namespace

template <class T>
void TilePyramid<T>::expect(const std::vector<Window>& windows) {
  if (levels_.size() == 1) return;
  const Level& full = levels_.front();
  std::vector<std::int64_t> missing(full.tiles.size());  // pixels of a tile, then tiles below an overview tile
  for (std::size_t tile = 0; tile < missing.size(); ++tile) {
    const RasterSize size = tile_size(full, static_cast<std::int64_t>(tile));
    missing[tile] = size.columns * size.rows;
  }
  for (const Window& window : windows) {
    const std::int64_t right = window.column + window.columns, bottom = window.row + window.rows;
    for (std::int64_t y = window.row / coding_.rows; y * coding_.rows < bottom; ++y) {
      const std::int64_t rows = std::min(bottom, (y + 1) * coding_.rows) - std::max(window.row, y * coding_.rows);
      for (std::int64_t x = window.column / coding_.columns; x * coding_.columns < right; ++x) {
        const std::int64_t columns =
            std::min(right, (x + 1) * coding_.columns) - std::max(window.column, x * coding_.columns);
        missing[static_cast<std::size_t>(y * full.across + x)] -= columns * rows;
      }
    }
  }
  for (std::size_t tile = 0; tile < missing.size(); ++tile) {
    if (missing[tile] > 0) leave_out(1, above(0, static_cast<std::int64_t>(tile)));
  }
}

template <class T>
void TilePyramid<T>::save(ArchiveWriter& archive) {
  std::vector<std::byte> bytes;
  for (Level& level : levels_) {
    const auto whole = std::count_if(level.tiles.begin(), level.tiles.end(), [](const auto& t) { return t.written; });
    archive.value(static_cast<std::uint64_t>(whole));
    for (std::size_t tile = 0; tile < level.tiles.size(); ++tile) {
      const TilePlace& place = level.tiles[tile];
      if (!place.written) continue;
      archive.value(std::uint64_t{tile});
      bytes.resize(place.bytes);
      part_.read_at(place.offset, bytes);
      archive.bytes(bytes);
    }
  }
  save_half_built(archive);
}

template <class T>
void TilePyramid<T>::load(ArchiveReader& archive, TileScratch& scratch) {
  for (Level& level : levels_) {
    for (auto whole = archive.size(); whole > 0; --whole) {
      const auto tile = archive.template value<std::uint64_t>();
      if (tile >= level.tiles.size() || level.tiles[tile].written) throw damaged_archive();
      const std::vector<std::byte> bytes = archive.bytes();
      level.tiles[tile] = {bytes.empty() ? 0 : part_.append(bytes), bytes.size(), true};
    }
  }
  load_half_built(archive, scratch);
}

template <class T>
void TilePyramid<T>::save_half_built(ArchiveWriter& archive) {
  auto& half_built = levels_.front().half_built;
  archive.value(std::uint64_t{half_built.size()});
  std::vector<std::byte> packed;
  for (auto& [tile, half] : half_built) {
    packed.resize(half->values.empty() ? 0 : ZSTD_compressBound(half->values.size() * sizeof(T)));
    if (!half->values.empty()) {
      const std::size_t size =
          ZSTD_compress(packed.data(), packed.size(), half->values.data(), half->values.size() * sizeof(T), 1);
      if (ZSTD_isError(size) != 0) throw Error(Error::Kind::internal, "ZSTD failed");
      packed.resize(size);
    }
    archive.value(tile);
    archive(half->missing);
    archive.bytes(packed);
  }
}

template <class T>
void TilePyramid<T>::load_half_built(ArchiveReader& archive, TileScratch& scratch) {
  const Level& level = levels_.front();
  std::vector<T> values;
  for (auto halves = archive.size(); halves > 0; --halves) {
    const auto tile = archive.template value<std::int64_t>(), missing = archive.template value<std::int64_t>();
    const std::vector<std::byte> packed = archive.bytes();
    if (tile < 0 || tile >= static_cast<std::int64_t>(level.tiles.size())) throw damaged_archive();
    const RasterSize size = tile_size(level, tile);
    const std::int64_t pixels = size.columns * size.rows - missing;
    if (missing <= 0 || pixels <= 0) throw damaged_archive();
    values.resize(static_cast<std::size_t>(coding_.columns * coding_.rows));
    if (!packed.empty()) {
      const std::size_t bytes = values.size() * sizeof(T);
      if (ZSTD_decompress(values.data(), bytes, packed.data(), packed.size()) != bytes) throw damaged_archive();
    }
    // Which pixels are there need not be known: the others are nodata, here as in the tile they go into.
    paste(scratch, 0, tile, pixels, packed.empty(), [&](T* to) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (is_valid(values[i])) to[i] = values[i];
      }
    });
  }
}

/// What it takes to make overview tiles from encoded ones.
template <class T>
struct TilePyramid<T>::Below {
  TileScratch scratch;
  TileUnpacker unpacker;
  std::vector<std::byte> bytes;
  std::vector<T> below, values;
};

template <class T>
void TilePyramid<T>::complete(const std::function<bool()>& go_on) {
  const auto pixels = static_cast<std::size_t>(coding_.columns * coding_.rows);
  Below below;
  for (std::size_t number = 1; number < levels_.size(); ++number) {
    levels_[number].half_built.clear();
    levels_[number].left_out.assign(levels_[number].tiles.size(), true);
  }
  spare_ = {};
  for (std::size_t number = 1; number < levels_.size(); ++number) {
    Level& level = levels_[number];
    for (std::size_t tile = 0; tile < level.tiles.size(); ++tile) {
      if (level.tiles[tile].written) continue;
      if (!go_on()) throw Error(Error::Kind::interrupted, "stopped");
      below.below.resize(pixels);
      below.values.resize(pixels);
      make_from_below(number, static_cast<std::int64_t>(tile), below);
    }
  }
}

template <class T>
void TilePyramid<T>::make_from_below(std::size_t number, std::int64_t tile, Below& from) {
  const Level &level = levels_[number], &under = levels_[number - 1];
  const std::int64_t x = tile % level.across * 2, y = tile / level.across * 2;
  std::ranges::fill(from.values, stored_nodata<T>);
  bool blank = true;
  for (std::int64_t row = y; row < std::min(y + 2, under.down()); ++row) {
    for (std::int64_t column = x; column < std::min(x + 2, under.across); ++column) {
      const std::int64_t child = row * under.across + column;
      const TilePlace& place = under.tiles[static_cast<std::size_t>(child)];
      if (!place.written) throw missing_pixels(part_);
      if (place.bytes == 0) continue;
      from.bytes.resize(place.bytes);
      part_.read_at(place.offset, from.bytes);
      if (!from.unpacker.unpack(coding_, from.bytes, from.below.data()))
        throw output_error(part_.name(), "does not hold what was written: check the disk");
      const RasterSize size = tile_size(under, child);
      if (all_nodata(from.below.data(), coding_.columns, size.columns, size.rows)) continue;
      blank = false;
      halve(from.below.data(), coding_.columns, size.columns, size.rows,
            from.values.data() + place_of(part_above(under, child, size)), coding_.columns);
    }
  }
  finish(from.scratch, number, tile, blank ? nullptr : from.values.data(), coding_.columns);
}

template <class T>
std::vector<TiledImage> TilePyramid<T>::images() const {
  std::vector<TiledImage> images;
  for (const Level& level : levels_) {
    for (const TilePlace& place : level.tiles) {
      if (!place.written) throw missing_pixels(part_);
    }
    images.push_back({level.size, level.tiles});
  }
  return images;
}

// The rest of the class is in tile_pyramid.cpp.
#define SINK_INSTANTIATE(T)                                             \
  template void TilePyramid<T>::expect(const std::vector<Window>&);     \
  template void TilePyramid<T>::save(ArchiveWriter&);                   \
  template void TilePyramid<T>::load(ArchiveReader&, TileScratch&);     \
  template void TilePyramid<T>::complete(const std::function<bool()>&); \
  template std::vector<TiledImage> TilePyramid<T>::images() const;
SINK_INSTANTIATE(float)
SINK_INSTANTIATE(std::uint8_t)
SINK_INSTANTIATE(std::uint16_t)
SINK_INSTANTIATE(std::uint32_t)
#undef SINK_INSTANTIATE

}  // namespace sink
