// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_pyramid.hpp"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

template <class T>
bool all_nodata(const T* values, std::int64_t stride, std::int64_t columns, std::int64_t rows) {
  for (std::int64_t row = 0; row < rows; ++row) {
    bool any = false;  // no early exit inside a row: it vectorises
    for (std::int64_t i = 0; i < columns; ++i) any |= is_valid(values[row * stride + i]);
    if (any) return false;
  }
  return true;
}

}  // namespace

template <class T>
TilePyramid<T>::TilePyramid(std::string part_file, const std::vector<RasterSize>& sizes, const TileCoding& coding,
                            bool sparse)
    : coding_(coding), sparse_(sparse), part_(std::move(part_file)) {
  for (const RasterSize& size : sizes) {
    Level& level = levels_.emplace_back();
    level.size = size;
    level.across = (size.columns + coding.columns - 1) / coding.columns;
    const std::int64_t down = (size.rows + coding.rows - 1) / coding.rows;
    level.tiles.resize(static_cast<std::size_t>(level.across * down));
  }
}

template <class T>
RasterSize TilePyramid<T>::tile_size(const Level& level, std::int64_t tile) const noexcept {
  return {std::min(coding_.columns, level.size.columns - tile % level.across * coding_.columns),
          std::min(coding_.rows, level.size.rows - tile / level.across * coding_.rows)};
}

template <class T>
void TilePyramid<T>::write(TileScratch& scratch, const Window& window, const T* values) {
  const Level& level = levels_.front();
  const std::int64_t right = window.column + window.columns, bottom = window.row + window.rows;
  for (std::int64_t y = window.row / coding_.rows; y * coding_.rows < bottom; ++y) {
    for (std::int64_t x = window.column / coding_.columns; x * coding_.columns < right; ++x) {
      const std::int64_t column = std::max(window.column, x * coding_.columns);
      const std::int64_t row = std::max(window.row, y * coding_.rows);
      const Part part{column - x * coding_.columns, row - y * coding_.rows,
                      std::min(right, (x + 1) * coding_.columns) - column,
                      std::min(bottom, (y + 1) * coding_.rows) - row};
      const T* const first = values + (row - window.row) * window.columns + column - window.column;
      const std::int64_t tile = y * level.across + x;
      const RasterSize whole = tile_size(level, tile);
      const bool blank = all_nodata(first, window.columns, part.columns, part.rows);
      if (part.columns == whole.columns && part.rows == whole.rows) {
        finish(scratch, 0, tile, blank ? nullptr : first, window.columns);
      } else {
        paste(scratch, 0, tile, part.columns * part.rows, blank, [&](T* values_of_tile) {
          T* const to = values_of_tile + place_of(part);
          for (std::int64_t line = 0; line < part.rows; ++line)
            std::copy_n(first + line * window.columns, part.columns, to + line * coding_.columns);
        });
      }
    }
  }
}

template <class T>
template <class Put>
void TilePyramid<T>::paste(TileScratch& scratch, std::size_t number, std::int64_t tile, std::int64_t pixels, bool blank,
                           const Put& put) {
  Level& level = levels_[number];
  const RasterSize size = tile_size(level, tile);
  HalfBuilt* half = nullptr;
  {
    const std::lock_guard lock(mutex_);
    auto& place = level.half_built[tile];
    if (!place) {
      place = std::make_unique<HalfBuilt>();
      place->missing = size.columns * size.rows;
    }
    half = place.get();
    if (!blank && half->values.empty()) {
      if (!spare_.empty()) {
        half->values = std::move(spare_.back());
        spare_.pop_back();
      }
      half->values.assign(static_cast<std::size_t>(coding_.columns * coding_.rows), stored_nodata<T>);
    }
  }
  // Outside the lock: parts do not overlap, and the tile stays until the last of them is counted.
  if (!blank) put(half->values.data());
  std::unique_ptr<HalfBuilt> whole;
  {
    const std::lock_guard lock(mutex_);
    half->missing -= pixels;
    if (half->missing < 0) throw Error(Error::Kind::internal, part_.name() + ": pixels were written twice");
    if (half->missing > 0) return;
    const auto place = level.half_built.find(tile);
    whole = std::move(place->second);
    level.half_built.erase(place);
  }
  finish(scratch, number, tile, whole->values.empty() ? nullptr : whole->values.data(), coding_.columns);
  if (whole->values.empty()) return;
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(whole->values));
}

template <class T>
void TilePyramid<T>::finish(TileScratch& scratch, std::size_t number, std::int64_t tile, const T* values,
                            std::int64_t stride) {
  Level& level = levels_[number];
  const RasterSize size = tile_size(level, tile);
  TilePlace& place = level.tiles[static_cast<std::size_t>(tile)];
  if (place.written) throw Error(Error::Kind::internal, part_.name() + ": a tile was written twice");
  if (values == nullptr) {
    place = blank_tile(scratch);
  } else {
    const auto bytes = scratch.encode(coding_, values, stride, size.columns, size.rows);
    place = {part_.append(bytes), bytes.size(), true};
  }
  if (number + 1 == levels_.size()) return;
  const std::int64_t x = tile % level.across, y = tile / level.across;
  const std::int64_t columns = half_up(size.columns), rows = half_up(size.rows);
  const Part part{x % 2 * (coding_.columns / 2), y % 2 * (coding_.rows / 2), columns, rows};
  paste(scratch, number + 1, y / 2 * levels_[number + 1].across + x / 2, columns * rows, values == nullptr,
        [&](T* to) { halve(values, stride, size.columns, size.rows, to + place_of(part), coding_.columns); });
}

template <class T>
TilePlace TilePyramid<T>::blank_tile(TileScratch& scratch) {
  if (sparse_) return {0, 0, true};
  const std::lock_guard lock(mutex_);
  if (!blank_) {
    const T nodata = stored_nodata<T>;
    const auto bytes = scratch.encode(coding_, &nodata, 0, 1, 1);
    blank_ = TilePlace{part_.append(bytes), bytes.size(), true};
  }
  return *blank_;
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
    save_half_built(level, archive);
  }
}

template <class T>
void TilePyramid<T>::load(ArchiveReader& archive, TileScratch& scratch) {
  for (std::size_t number = 0; number < levels_.size(); ++number) {
    for (auto whole = archive.size(); whole > 0; --whole) {
      const auto tile = archive.template value<std::uint64_t>();
      auto& tiles = levels_[number].tiles;
      if (tile >= tiles.size() || tiles[tile].written) throw damaged_archive();
      const std::vector<std::byte> bytes = archive.bytes();
      tiles[tile] = {bytes.empty() ? 0 : part_.append(bytes), bytes.size(), true};
    }
    load_half_built(number, archive, scratch);
  }
}

template <class T>
void TilePyramid<T>::save_half_built(Level& level, ArchiveWriter& archive) {
  archive.value(std::uint64_t{level.half_built.size()});
  std::vector<std::byte> packed;
  for (auto& [tile, half] : level.half_built) {
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
void TilePyramid<T>::load_half_built(std::size_t number, ArchiveReader& archive, TileScratch& scratch) {
  std::vector<T> values(static_cast<std::size_t>(coding_.columns * coding_.rows));
  for (auto halves = archive.size(); halves > 0; --halves) {
    const auto tile = archive.template value<std::int64_t>(), missing = archive.template value<std::int64_t>();
    const std::vector<std::byte> packed = archive.bytes();
    const Level& level = levels_[number];
    if (tile < 0 || tile >= static_cast<std::int64_t>(level.tiles.size())) throw damaged_archive();
    const RasterSize size = tile_size(level, tile);
    const std::int64_t pixels = size.columns * size.rows - missing;
    if (missing <= 0 || pixels <= 0) throw damaged_archive();
    if (!packed.empty()) {
      const std::size_t bytes = values.size() * sizeof(T);
      if (ZSTD_decompress(values.data(), bytes, packed.data(), packed.size()) != bytes) throw damaged_archive();
    }
    // Which pixels are there need not be known: the others are nodata, here as in the tile they go into.
    paste(scratch, number, tile, pixels, packed.empty(), [&](T* to) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (is_valid(values[i])) to[i] = values[i];
      }
    });
  }
}

template <class T>
std::vector<TiledImage> TilePyramid<T>::images() const {
  std::vector<TiledImage> images;
  for (const Level& level : levels_) {
    for (const TilePlace& place : level.tiles) {
      if (!place.written) throw Error(Error::Kind::internal, part_.name() + ": pixels are missing");
    }
    images.push_back({level.size, level.tiles});
  }
  return images;
}

template class TilePyramid<float>;
template class TilePyramid<std::uint8_t>;
template class TilePyramid<std::uint16_t>;
template class TilePyramid<std::uint32_t>;

}  // namespace sink
