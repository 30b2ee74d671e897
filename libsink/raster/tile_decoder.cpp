// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_decoder.hpp"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <new>

#include "raster/predictor.hpp"

namespace sink {
namespace {

void demand_all(const TiffLayout& layout, std::size_t block, std::size_t found) {
  const std::size_t needed = layout.needed_bytes(block);
  if (found >= needed) return;
  throw DamagedBlock{"it holds " + std::to_string(found) + " bytes of pixels instead of " + std::to_string(needed), 0,
                     0};
}

}  // namespace

std::span<std::byte> TileDecoder::Buffer::of(std::size_t size) {
  if (size > capacity) {
    bytes.reset();
    capacity = 0;
    bytes = std::make_unique_for_overwrite<std::byte[]>(size);
    capacity = size;
  }
  return {bytes.get(), size};
}

TileDecoder::~TileDecoder() {
  if (deflate_ != nullptr) libdeflate_free_decompressor(deflate_);
  ZSTD_freeDCtx(zstd_);
}

std::span<const std::byte> TileDecoder::load(const TiffLayout& layout, std::size_t block) {
  stored_ = stored_buffer_.of(layout.stored_bytes(block));
  if (!layout.read(block, stored_)) throw DamagedBlock{"its bytes cannot be read", 0, 0};
  return stored_;
}

std::span<std::byte> TileDecoder::unpack(const TiffLayout& layout, std::size_t block) {
  if (layout.codec() != TileCodec::none) return unpack(layout, block, pixel_buffer_);
  demand_all(layout, block, stored_.size());
  return stored_.first(layout.needed_bytes(block));
}

std::span<std::byte> TileDecoder::unpack(const TiffLayout& layout, std::size_t block, Buffer& buffer) {
  if (layout.codec() == TileCodec::none) {
    const auto rows = unpack(layout, block);
    std::ranges::copy(rows, buffer.of(rows.size()).begin());
    return buffer.of(rows.size());
  }
  // Some writers fill up the last strip; it may take the room of a whole one.
  const auto pixels = buffer.of(layout.block_bytes());
  demand_all(layout, block, layout.codec() == TileCodec::zstd ? decompress_zstd(pixels) : inflate(pixels));
  return pixels.first(layout.needed_bytes(block));
}

std::size_t TileDecoder::inflate(std::span<std::byte> pixels) {
  if (deflate_ == nullptr) deflate_ = libdeflate_alloc_decompressor();
  if (deflate_ == nullptr) throw std::bad_alloc();
  std::size_t found = 0;
  const auto result =
      libdeflate_zlib_decompress(deflate_, stored_.data(), stored_.size(), pixels.data(), pixels.size(), &found);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) throw DamagedBlock{"DEFLATE: more pixels than its block has", 0, 0};
  if (result != LIBDEFLATE_SUCCESS) throw DamagedBlock{"DEFLATE: corrupted data", 0, 0};
  return found;
}

std::size_t TileDecoder::decompress_zstd(std::span<std::byte> pixels) {
  if (zstd_ == nullptr) zstd_ = ZSTD_createDCtx();
  if (zstd_ == nullptr) throw std::bad_alloc();
  const auto demand = [](std::size_t result) {
    if (ZSTD_isError(result) != 0) throw DamagedBlock{std::string("ZSTD: ") + ZSTD_getErrorName(result), 0, 0};
    return result;
  };
  // One frame; what follows it is padding, as libtiff takes it.
  const std::size_t frame = demand(ZSTD_findFrameCompressedSize(stored_.data(), stored_.size()));
  return demand(ZSTD_decompressDCtx(zstd_, pixels.data(), pixels.size(), stored_.data(), frame));
}

const std::byte* TileDecoder::row_of(const TiffLayout& layout, std::byte* row) {
  const auto columns = static_cast<std::size_t>(layout.block_columns());
  if (layout.predictor() == 2) undo_differences(row, columns, layout.sample_bytes());
  if (layout.predictor() != 3) return row;
  std::byte* floats = row_buffer_.of(layout.row_bytes()).data();
  undo_float_predictor(row, columns, layout.sample_bytes(), floats);
  return floats;
}

}  // namespace sink
