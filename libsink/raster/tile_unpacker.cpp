// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_unpacker.hpp"

#include <libdeflate.h>
#include <zstd.h>

#include <cstring>
#include <new>

#include "raster/predictor.hpp"

namespace sink {

void TileUnpacker::FreeZstd::operator()(ZSTD_DCtx_s* context) const noexcept {
  ZSTD_freeDCtx(context);
}
void TileUnpacker::FreeDeflate::operator()(libdeflate_decompressor* decompressor) const noexcept {
  libdeflate_free_decompressor(decompressor);
}
TileUnpacker::TileUnpacker() noexcept = default;
TileUnpacker::~TileUnpacker() = default;

bool TileUnpacker::decompress(const TileCoding& coding, std::span<const std::byte> packed) {
  switch (coding.codec) {
    case TileCoding::Codec::none:
      if (packed.size() != plain_.size()) return false;
      std::memcpy(plain_.data(), packed.data(), packed.size());
      return true;
    case TileCoding::Codec::zstd:
      if (!zstd_) zstd_.reset(ZSTD_createDCtx());
      if (!zstd_) throw std::bad_alloc();
      // An error is a size that no tile has.
      return ZSTD_decompressDCtx(zstd_.get(), plain_.data(), plain_.size(), packed.data(), packed.size()) ==
             plain_.size();
    case TileCoding::Codec::deflate:
      if (!deflate_) deflate_.reset(libdeflate_alloc_decompressor());
      if (!deflate_) throw std::bad_alloc();
      return libdeflate_zlib_decompress(deflate_.get(), packed.data(), packed.size(), plain_.data(), plain_.size(),
                                        nullptr) == LIBDEFLATE_SUCCESS;
  }
  return false;
}

template <class T>
bool TileUnpacker::unpack(const TileCoding& coding, std::span<const std::byte> bytes, T* values) {
  const auto columns = static_cast<std::size_t>(coding.columns), rows = static_cast<std::size_t>(coding.rows);
  const std::size_t frame = coding.framed ? tile_frame_bytes : 0, row_bytes = columns * sizeof(T);
  if (bytes.size() < 2 * frame) return false;
  plain_.resize(rows * row_bytes);
  if (!decompress(coding, bytes.subspan(frame, bytes.size() - 2 * frame))) return false;
  auto* const out = reinterpret_cast<std::byte*>(values);
  for (std::size_t row = 0; row < rows; ++row) {
    std::byte *const from = plain_.data() + row * row_bytes, *const to = out + row * row_bytes;
    if (coding.predictor == 3) {
      undo_float_predictor(from, columns, sizeof(T), to);
      continue;
    }
    if (coding.predictor == 2) undo_differences(from, columns, sizeof(T));
    std::memcpy(to, from, row_bytes);
  }
  return true;
}

template bool TileUnpacker::unpack(const TileCoding&, std::span<const std::byte>, float*);
template bool TileUnpacker::unpack(const TileCoding&, std::span<const std::byte>, std::uint8_t*);
template bool TileUnpacker::unpack(const TileCoding&, std::span<const std::byte>, std::uint16_t*);
template bool TileUnpacker::unpack(const TileCoding&, std::span<const std::byte>, std::uint32_t*);

}  // namespace sink
