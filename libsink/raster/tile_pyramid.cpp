// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_pyramid.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace sink {

template <class T>
TilePyramid<T>::TilePyramid(std::string part_file, const std::vector<RasterSize>& sizes, const TileCoding& coding,
                            bool sparse, std::int64_t waiting_bytes)
    : coding_(coding),
      sparse_(sparse),
      part_(std::move(part_file)),
      most_waiting_(waiting_bytes / (coding.columns * coding.rows * std::int64_t{sizeof(T)})) {
  for (const RasterSize& size : sizes) {
    Level& level = levels_.emplace_back();
    level.size = size;
    level.across = (size.columns + coding.columns - 1) / coding.columns;
    const std::int64_t down = (size.rows + coding.rows - 1) / coding.rows;
    level.tiles.resize(static_cast<std::size_t>(level.across * down));
    level.left_out.resize(level.tiles.size());
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
void TilePyramid<T>::paste(TileScratch& scratch, std::size_t number, std::int64_t tile, std::int64_t pixels, bool blank,
                           const std::function<void(T*)>& put) {
  Level& level = levels_[number];
  const RasterSize size = tile_size(level, tile);
  HalfBuilt* half = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (level.left_out[static_cast<std::size_t>(tile)]) return;
    auto& place = level.half_built[tile];
    if (!place) {
      place = std::make_unique<HalfBuilt>();
      place->missing = size.columns * size.rows;
    }
    half = place.get();
    if (!blank && half->values.empty() && !give_values(number, *half)) return leave_out(number, tile);
    ++half->users;
  }
  // Outside the lock: parts do not overlap, and the tile stays until the last of them is counted.
  if (!blank) put(half->values.data());
  std::unique_ptr<HalfBuilt> whole;
  {
    const std::lock_guard lock(mutex_);
    --half->users;
    if (level.left_out[static_cast<std::size_t>(tile)]) return drop(level, tile);
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
void TilePyramid<T>::leave_out(std::size_t number, std::int64_t tile) {
  for (; number < levels_.size() && !levels_[number].left_out[static_cast<std::size_t>(tile)]; ++number) {
    levels_[number].left_out[static_cast<std::size_t>(tile)] = true;
    drop(levels_[number], tile);
    if (number + 1 < levels_.size()) tile = above(number, tile);
  }
}

template <class T>
void TilePyramid<T>::drop(Level& level, std::int64_t tile) {
  const auto half = level.half_built.find(tile);
  if (half == level.half_built.end() || half->second->users > 0) return;
  if (!half->second->values.empty()) spare_.push_back(std::move(half->second->values));
  level.half_built.erase(half);
}

template <class T>
bool TilePyramid<T>::free_above(std::size_t number) {
  // The smallest overviews first: they are the cheapest to make, and need those below them.
  for (std::size_t from = levels_.size(); from-- > number + 1;) {
    for (auto& [tile, half] : levels_[from].half_built) {
      if (half->users > 0 || half->values.empty()) continue;
      leave_out(from, tile);
      return true;
    }
  }
  return false;
}

template <class T>
bool TilePyramid<T>::give_values(std::size_t number, HalfBuilt& half) {
  if (spare_.empty() && waiting_ >= most_waiting_ && !free_above(number) && number > 0 && half.users == 0) return false;
  if (spare_.empty()) {
    ++waiting_;
  } else {
    half.values = std::move(spare_.back());
    spare_.pop_back();
  }
  half.values.assign(static_cast<std::size_t>(coding_.columns * coding_.rows), stored_nodata<T>);
  return true;
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
  const Part part = part_above(level, tile, size);
  paste(scratch, number + 1, above(number, tile), part.columns * part.rows, values == nullptr,
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

template class TilePyramid<float>;
template class TilePyramid<std::uint8_t>;
template class TilePyramid<std::uint16_t>;
template class TilePyramid<std::uint32_t>;

}  // namespace sink
