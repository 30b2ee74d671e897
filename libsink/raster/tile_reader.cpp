// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/nodata.hpp"
#include "core/window.hpp"

namespace sink {
namespace {

/// A block of one value is packed into less than this; more is not worth comparing.
constexpr std::size_t most_blank_bytes = 4096;

constexpr double blank_of(const double*) {
  return no_value;
}
constexpr std::int32_t blank_of(const std::int32_t*) {
  return no_class_code;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/// Steps of a row of windows, one of which begins at `origin`, that touch pixels `begin` to `end`.
std::int64_t touching(std::int64_t origin, std::int64_t step, std::int64_t begin, std::int64_t end) {
  return floor_divide(end - 1 - origin, step) - floor_divide(begin - origin, step) + 1;
}

bool lies_in(const Window& inner, const Window& outer) {
  return inner.column >= outer.column && inner.row >= outer.row &&
         inner.column + inner.columns <= outer.column + outer.columns &&
         inner.row + inner.rows <= outer.row + outer.rows;
}

template <class Value>
Value* place_of(const Window& part, std::int64_t row, const Window& window, Value* values) {
  return values + (row - window.row) * window.columns + (part.column - window.column);
}

template <class Value>
void fill(const Window& part, const Window& window, Value* values) {
  for (std::int64_t row = part.row; row < part.row + part.rows; ++row)
    std::fill_n(place_of(part, row, window, values), part.columns, blank_of(values));
}

}  // namespace

TileReader::TileReader(std::shared_ptr<const TiffLayout> layout, std::optional<double> nodata,
                       std::shared_ptr<TileDecoder> decoder, std::shared_ptr<BlockCache> cache, std::size_t cache_bytes)
    : layout_(std::move(layout)),
      nodata_(nodata),
      decoder_(std::move(decoder)),
      cache_(std::move(cache)),
      cache_bytes_(cache_bytes) {}

TileReader::Part TileReader::part_of(const Window& window, std::int64_t block_column, std::int64_t block_row) const {
  Part part;
  part.block = static_cast<std::size_t>(block_row * layout_->blocks_across() + block_column);
  Window& whole = part.whole;
  whole.column = block_column * layout_->block_columns();
  whole.row = block_row * layout_->block_rows();
  whole.columns = std::min(layout_->block_columns(), layout_->columns() - whole.column);
  whole.rows = std::min(layout_->block_rows(), layout_->rows() - whole.row);
  part.part = common_part(whole, window);
  return part;
}

template <class Value>
PixelsFound TileReader::read_into(const Window& window, Value* values) {
  PixelsFound found;
  std::optional<std::pair<std::size_t, DamagedBlock>> damaged;
  const auto read = [&](const Part& part, bool wait) {
    try {
      return read_part(part, wait, window, values, found);
    } catch (DamagedBlock& bad) {
      bad.column = part.whole.column;
      bad.row = part.whole.row;
      if (!damaged || part.block < damaged->first) damaged.emplace(part.block, bad);
      return true;
    }
  };
  busy_.clear();
  const std::int64_t w = layout_->block_columns(), h = layout_->block_rows();
  const std::int64_t right = std::min(window.column + window.columns, layout_->columns());
  const std::int64_t bottom = std::min(window.row + window.rows, layout_->rows());
  for (std::int64_t y = std::max<std::int64_t>(window.row, 0) / h; y * h < bottom; ++y) {
    for (std::int64_t x = std::max<std::int64_t>(window.column, 0) / w; x * w < right; ++x) {
      const Part part = part_of(window, x, y);
      if (!read(part, false)) busy_.push_back(part);
    }
  }
  for (const Part& part : busy_) read(part, true);
  if (damaged) throw damaged->second;
  return found;
}

/// False where another thread is at the block and `wait` is not asked for.
template <class Value>
bool TileReader::read_part(const Part& part, bool wait, const Window& window, Value* values, PixelsFound& found) {
  if (!layout_->written(part.block)) {
    fill(part.part, window, values);
    return true;
  }
  const Window &whole = part.whole, &rect = part.part;
  if (rect.columns == whole.columns && rect.rows == whole.rows) {
    whole_.block.reset();  // its rows are the decoder's, which others use too
    take_rows(whole_, part, window, values, found);
    return true;
  }
  if (around_ && lies_in(whole, *around_) && lies_in(window, *around_) && rect.columns == whole.columns) {
    const auto place =
        static_cast<std::size_t>(whole.column / layout_->block_columns() - around_->column / layout_->block_columns());
    if (place >= open_.size()) open_.resize(place + 1);
    take_rows(open_[place], part, window, values, found);
    return true;
  }
  const std::int64_t uses = touching(window.column, window.columns, whole.column, whole.column + whole.columns) *
                            touching(window.row, window.rows, whole.row, whole.row + whole.rows);
  const BlockCache::Order order{uses, layout_->needed_bytes(part.block), cache_bytes_, wait};
  const auto pixels = cache_->get({layout_, part.block}, order, [&] { return unpack_whole(part.block); });
  if (!pixels) return false;
  const auto offset = static_cast<std::size_t>(rect.column - whole.column) * layout_->sample_bytes();
  for (std::int64_t row = rect.row; row < rect.row + rect.rows; ++row) {
    const std::byte* line = pixels.get() + static_cast<std::size_t>(row - whole.row) * layout_->row_bytes() + offset;
    to_values(layout_->type(), line, static_cast<std::size_t>(rect.columns), nodata_,
              place_of(rect, row, window, values), found);
  }
  return true;
}

void TileReader::open(OpenBlock& open, std::size_t block, bool at_once) {
  open.block.reset();  // should it be damaged
  open.next_row = 0;
  open.any_valid = false;
  const auto packed = decoder_->load(*layout_, block);
  open.blank = !blank_.empty() && std::ranges::equal(packed, blank_);
  open.packed.clear();
  if (!open.blank) {
    if (packed.size() <= most_blank_bytes) open.packed.assign(packed.begin(), packed.end());
    open.rows = at_once ? decoder_->unpack(*layout_, block) : decoder_->unpack(*layout_, block, open.buffer);
  }
  open.block = block;
}

template <class Value>
void TileReader::take_rows(OpenBlock& open, const Part& part, const Window& window, Value* values, PixelsFound& found) {
  const Window &whole = part.whole, &rect = part.part;
  const auto first = static_cast<std::size_t>(rect.row - whole.row);
  if (open.block != part.block || first < open.next_row) this->open(open, part.block, rect.rows == whole.rows);
  if (open.blank) return fill(rect, window, values);
  PixelsFound here;
  for (std::int64_t row = rect.row; row < rect.row + rect.rows; ++row) {
    std::byte* line = open.rows.data() + static_cast<std::size_t>(row - whole.row) * layout_->row_bytes();
    to_values(layout_->type(), decoder_->row_of(*layout_, line), static_cast<std::size_t>(rect.columns), nodata_,
              place_of(rect, row, window, values), here);
  }
  const bool in_order = first == open.next_row;
  open.next_row = first + static_cast<std::size_t>(rect.rows);
  open.any_valid = open.any_valid || here.valid || !in_order;
  // Pixels beyond the raster's edge are not looked at: only a block without them tells what others hold.
  const bool all =
      open.next_row == static_cast<std::size_t>(layout_->block_rows()) && rect.columns == layout_->block_columns();
  if (!open.any_valid && all && !open.packed.empty()) blank_ = open.packed;
  found.valid = found.valid || here.valid;
  found.stray = found.stray || here.stray;
}

BlockCache::Pixels TileReader::unpack_whole(std::size_t block) {
  decoder_->load(*layout_, block);
  const auto pixels = decoder_->unpack(*layout_, block);
  const std::shared_ptr<std::byte[]> whole(new std::byte[pixels.size()]);
  const std::size_t row_bytes = layout_->row_bytes();
  for (std::size_t at = 0; at < pixels.size(); at += row_bytes)
    std::copy_n(decoder_->row_of(*layout_, pixels.data() + at), row_bytes, whole.get() + at);
  return whole;
}

template PixelsFound TileReader::read_into(const Window&, double*);
template PixelsFound TileReader::read_into(const Window&, std::int32_t*);

}  // namespace sink
