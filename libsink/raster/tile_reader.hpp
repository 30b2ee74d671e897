// SPDX-License-Identifier: Apache-2.0
// TileReader: windows of a TiffLayout as columns, decoded on the calling thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/grid.hpp"
#include "raster/block_cache.hpp"
#include "raster/pixel_rows.hpp"
#include "raster/tile_decoder.hpp"

namespace sink {

/// For one thread at a time. A block that lies whole in a window is unpacked here and turned into pixels row by row,
/// even where the window is read in parts; one that other windows need too goes through the cache. Holes are nodata.
class TileReader {
 public:
  /// `cache_bytes` is the limit of everything in `cache`.
  TileReader(std::shared_ptr<const TiffLayout> layout, std::optional<double> nodata,
             std::shared_ptr<TileDecoder> decoder, std::shared_ptr<BlockCache> cache, std::size_t cache_bytes);

  /// Says that `window` will be read in parts of its whole width, from the top.
  void begin(const Window& window) noexcept { around_ = window; }

  /// Of a window that reaches beyond the raster only the raster's pixels are set. Throws DamagedBlock: the first in the
  /// window, row by row.
  PixelsFound read(const Window& window, std::span<double> values) { return read_into(window, values.data()); }
  PixelsFound read(const Window& window, std::span<std::int32_t> codes) { return read_into(window, codes.data()); }

 private:
  /// A block and the part of it that a window needs.
  struct Part {
    std::size_t block = 0;
    Window whole, part;
  };
  template <class Value>
  PixelsFound read_into(const Window& window, Value* values);
  template <class Value>
  bool read_part(const Part& part, bool wait, const Window& window, Value* values, PixelsFound& found);
  /// A block of which rows are taken from the top.
  struct OpenBlock {
    std::optional<std::size_t> block;  ///< absent where none is open
    std::size_t next_row = 0;          ///< those before are used up: undoing a predictor overwrites them
    bool blank = false;                ///< all nodata, as `blank_` tells
    bool any_valid = false;
    std::span<std::byte> rows;
    TileDecoder::Buffer buffer;
    std::vector<std::byte> packed;  ///< as in the file, where it might be a block of nodata
  };
  void open(OpenBlock& open, std::size_t block, bool at_once);
  template <class Value>
  void take_rows(OpenBlock& open, const Part& part, const Window& window, Value* values, PixelsFound& found);
  [[nodiscard]] Part part_of(const Window& window, std::int64_t block_column, std::int64_t block_row) const;
  [[nodiscard]] BlockCache::Pixels unpack_whole(std::size_t block);

  std::shared_ptr<const TiffLayout> layout_;
  std::optional<double> nodata_;
  std::shared_ptr<TileDecoder> decoder_;
  std::shared_ptr<BlockCache> cache_;
  std::size_t cache_bytes_;
  std::optional<Window> around_;
  OpenBlock whole_;              ///< for blocks that are read at once
  std::vector<OpenBlock> open_;  ///< for the others, by column of blocks in `around_`
  std::vector<Part> busy_;
  std::vector<std::byte> blank_;  ///< how a whole block of nodata was packed: the next one like it is not unpacked
};

}  // namespace sink
