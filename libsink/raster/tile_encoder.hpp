// SPDX-License-Identifier: Apache-2.0
// Encodes tiles of a GeoTIFF: predictor, then ZSTD, DEFLATE or nothing. One TileScratch per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct ZSTD_CCtx_s;
struct libdeflate_compressor;

namespace sink {

/// Before a framed tile stands its size, after it a copy of its last bytes, in so many bytes.
inline constexpr std::size_t tile_frame_bytes = 4;

/// How the tiles of a file are stored.
struct TileCoding {
  enum class Codec { none, deflate, zstd };
  Codec codec = Codec::zstd;
  int level = 1;
  int predictor = 1;  ///< of TIFF: 1 none, 2 differences, 3 differences of bytes (floats only)
  std::int64_t columns = 512, rows = 512;
  /// A COG's tile stands between its size and a copy of its last four bytes.
  bool framed = false;
};

/// What one thread needs to write tiles; the same for all rasters, kept from tile to tile.
class TileScratch {
 public:
  TileScratch() noexcept;
  ~TileScratch();
  TileScratch(TileScratch&&) noexcept;
  TileScratch& operator=(TileScratch&&) noexcept;

  /// Encodes `columns` x `rows` values, rows `stride` apart, as a whole tile: what is beyond them is nodata. The bytes,
  /// frame included, hold until the next call. T: float, std::uint8_t, std::uint16_t or std::uint32_t. Throws
  /// Error::internal, or std::bad_alloc.
  template <class T>
  std::span<const std::byte> encode(const TileCoding& coding, const T* values, std::int64_t stride,
                                    std::int64_t columns, std::int64_t rows);

  /// Room for codes on their way to a type with fewer bits.
  template <class T>
  std::vector<T>& narrowed() noexcept {
    if constexpr (sizeof(T) == 1)
      return narrowed_uint8;
    else
      return narrowed_uint16;
  }
  std::vector<std::uint8_t> narrowed_uint8;
  std::vector<std::uint16_t> narrowed_uint16;

 private:
  struct FreeZstd {
    void operator()(ZSTD_CCtx_s* context) const noexcept;
  };
  struct FreeDeflate {
    void operator()(libdeflate_compressor* compressor) const noexcept;
  };
  std::size_t compress(const TileCoding& coding, std::size_t bytes);
  std::vector<std::byte> plain_, packed_, row_, planes_;
  std::unique_ptr<ZSTD_CCtx_s, FreeZstd> zstd_;
  std::unique_ptr<libdeflate_compressor, FreeDeflate> deflate_;
  int deflate_level_ = 0;
};

}  // namespace sink
