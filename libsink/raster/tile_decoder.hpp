// SPDX-License-Identifier: Apache-2.0
// TileDecoder: blocks of a TiffLayout unpacked, with one thread's contexts and buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "raster/tiff_layout.hpp"

struct libdeflate_decompressor;
struct ZSTD_DCtx_s;

namespace sink {

/// A block that cannot be unpacked. Whoever knows the file's name makes an Error of it.
struct DamagedBlock {
  std::string why;
  std::int64_t column = 0, row = 0;  ///< its first pixel; set by TileReader
};

/// For one thread at a time. Buffers keep their largest size and are never cleared.
class TileDecoder {
 public:
  TileDecoder() noexcept = default;
  ~TileDecoder();
  TileDecoder(const TileDecoder&) = delete;
  TileDecoder& operator=(const TileDecoder&) = delete;

  /// Memory that only grows.
  struct Buffer {
    std::span<std::byte> of(std::size_t size);
    std::unique_ptr<std::byte[]> bytes;
    std::size_t capacity = 0;
  };

  /// The bytes of a written block as they are in the file; good until the next call. Throws DamagedBlock.
  std::span<const std::byte> load(const TiffLayout& layout, std::size_t block);
  /// Unpacks what `load` gave for the same block: `needed_bytes` of rows whose predictor is still to be undone, good
  /// until the next call. Throws DamagedBlock.
  std::span<std::byte> unpack(const TiffLayout& layout, std::size_t block);
  /// The same into `buffer`, where the rows stay.
  std::span<std::byte> unpack(const TiffLayout& layout, std::size_t block, Buffer& buffer);
  /// The pixels of one row of an unpacked block, which is used up; good until the next call.
  const std::byte* row_of(const TiffLayout& layout, std::byte* row);

 private:
  std::size_t inflate(std::span<std::byte> pixels);
  std::size_t decompress_zstd(std::span<std::byte> pixels);

  Buffer stored_buffer_, pixel_buffer_, row_buffer_;
  std::span<std::byte> stored_;
  libdeflate_decompressor* deflate_ = nullptr;
  ZSTD_DCtx_s* zstd_ = nullptr;
};

}  // namespace sink
