// SPDX-License-Identifier: Apache-2.0
// Takes apart again the tiles that TileScratch made. One TileUnpacker per thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "raster/tile_encoder.hpp"

struct ZSTD_DCtx_s;
struct libdeflate_decompressor;

namespace sink {

class TileUnpacker {
 public:
  TileUnpacker() noexcept;
  ~TileUnpacker();
  TileUnpacker(const TileUnpacker&) = delete;
  TileUnpacker& operator=(const TileUnpacker&) = delete;

  /// The coding.columns x coding.rows values of a tile, of `bytes` as TileScratch::encode gave them, frame included.
  /// False where they are not such bytes. T: as there. Throws std::bad_alloc.
  template <class T>
  [[nodiscard]] bool unpack(const TileCoding& coding, std::span<const std::byte> bytes, T* values);

 private:
  struct FreeZstd {
    void operator()(ZSTD_DCtx_s* context) const noexcept;
  };
  struct FreeDeflate {
    void operator()(libdeflate_decompressor* decompressor) const noexcept;
  };
  /// Fills `plain_`.
  bool decompress(const TileCoding& coding, std::span<const std::byte> packed);

  std::vector<std::byte> plain_;
  std::unique_ptr<ZSTD_DCtx_s, FreeZstd> zstd_;
  std::unique_ptr<libdeflate_decompressor, FreeDeflate> deflate_;
};

}  // namespace sink
