// SPDX-License-Identifier: Apache-2.0
#include "raster/tile_encoder.hpp"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "core/error.hpp"
#include "raster/overview_cells.hpp"

namespace sink {
namespace {

static_assert(std::endian::native == std::endian::little, "files are written in the machine's order, little-endian");

constexpr std::size_t frame_bytes = tile_frame_bytes;

/// TIFF predictor 2: each word less the one before.
template <class T>
void difference(const T* row, std::size_t n, T* out) {
  out[0] = row[0];
  for (std::size_t i = 1; i < n; ++i) out[i] = static_cast<T>(row[i] - row[i - 1]);
}

/// TIFF predictor 3: the bytes of a row by significance, highest first, then each byte less the one before.
void difference_bytes(const std::uint32_t* row, std::size_t n, std::uint8_t* planes, std::uint8_t* out) {
  for (std::size_t i = 0; i < n; ++i) planes[i] = static_cast<std::uint8_t>(row[i] >> 24);
  for (std::size_t i = 0; i < n; ++i) planes[n + i] = static_cast<std::uint8_t>(row[i] >> 16);
  for (std::size_t i = 0; i < n; ++i) planes[2 * n + i] = static_cast<std::uint8_t>(row[i] >> 8);
  for (std::size_t i = 0; i < n; ++i) planes[3 * n + i] = static_cast<std::uint8_t>(row[i]);
  difference(planes, 4 * n, out);
}

template <class T>
using Word = std::conditional_t<std::is_same_v<T, float>, std::uint32_t, T>;

/// The values of a row as words; every NaN is the one NaN, so that equal pixels are equal bytes.
template <class T>
void take_row(const T* values, std::size_t n, Word<T>* words) {
  if constexpr (std::is_same_v<T, float>) {
    constexpr auto nan = std::bit_cast<std::uint32_t>(stored_nodata<float>);
    std::memcpy(words, values, n * sizeof(float));
    for (std::size_t i = 0; i < n; ++i) words[i] = (words[i] & 0x7fffffffU) > 0x7f800000U ? nan : words[i];
  } else {
    std::copy_n(values, n, words);
  }
}

}  // namespace

void TileScratch::FreeZstd::operator()(ZSTD_CCtx_s* context) const noexcept {
  ZSTD_freeCCtx(context);
}
void TileScratch::FreeDeflate::operator()(libdeflate_compressor* compressor) const noexcept {
  libdeflate_free_compressor(compressor);
}
TileScratch::TileScratch() noexcept = default;
TileScratch::~TileScratch() = default;
TileScratch::TileScratch(TileScratch&&) noexcept = default;
TileScratch& TileScratch::operator=(TileScratch&&) noexcept = default;

std::size_t TileScratch::compress(const TileCoding& coding, std::size_t bytes) {
  std::byte* const to = packed_.data() + frame_bytes;
  if (coding.codec == TileCoding::Codec::none) {
    std::memcpy(to, plain_.data(), bytes);
    return bytes;
  }
  const std::size_t room = packed_.size() - 2 * frame_bytes;
  std::size_t packed = 0;
  if (coding.codec == TileCoding::Codec::zstd) {
    if (!zstd_) zstd_.reset(ZSTD_createCCtx());
    if (!zstd_) throw std::bad_alloc();
    packed = ZSTD_compressCCtx(zstd_.get(), to, room, plain_.data(), bytes, coding.level);
    if (ZSTD_isError(packed) != 0)
      throw Error(Error::Kind::internal, std::string("libzstd: ") + ZSTD_getErrorName(packed));
    return packed;
  }
  if (!deflate_ || deflate_level_ != coding.level) {
    deflate_.reset(libdeflate_alloc_compressor(coding.level));
    deflate_level_ = coding.level;
    if (!deflate_) throw std::bad_alloc();
  }
  packed = libdeflate_zlib_compress(deflate_.get(), plain_.data(), bytes, to, room);
  if (packed == 0) throw Error(Error::Kind::internal, "libdeflate could not compress a tile");
  return packed;
}

template <class T>
std::span<const std::byte> TileScratch::encode(const TileCoding& coding, const T* values, std::int64_t stride,
                                               std::int64_t columns, std::int64_t rows) {
  const auto across = static_cast<std::size_t>(coding.columns), down = static_cast<std::size_t>(coding.rows);
  const std::size_t row_bytes = across * sizeof(T), bytes = row_bytes * down;
  plain_.resize(bytes);
  row_.resize(row_bytes);
  planes_.resize(row_bytes);
  packed_.resize(2 * frame_bytes + std::max(ZSTD_compressBound(bytes), libdeflate_zlib_compress_bound(nullptr, bytes)));
  auto* const words = reinterpret_cast<Word<T>*>(row_.data());
  std::fill_n(words, across, std::bit_cast<Word<T>>(stored_nodata<T>));
  for (std::size_t row = 0; row < down; ++row) {
    std::byte* const out = plain_.data() + row * row_bytes;
    const auto at = static_cast<std::int64_t>(row);
    if (at < rows) {
      take_row(values + at * stride, static_cast<std::size_t>(columns), words);
    } else if (at == rows) {
      std::fill_n(words, across, std::bit_cast<Word<T>>(stored_nodata<T>));
    } else {
      std::memcpy(out, out - row_bytes, row_bytes);
      continue;
    }
    if (coding.predictor == 1) {
      std::memcpy(out, words, row_bytes);
    } else if (coding.predictor == 2) {
      difference(words, across, reinterpret_cast<Word<T>*>(out));
    } else if constexpr (std::is_same_v<T, float>) {
      difference_bytes(words, across, reinterpret_cast<std::uint8_t*>(planes_.data()),
                       reinterpret_cast<std::uint8_t*>(out));
    } else {
      throw Error(Error::Kind::internal, "predictor 3 is for floats");
    }
  }
  const std::size_t packed = compress(coding, bytes);
  if (!coding.framed) return {packed_.data() + frame_bytes, packed};
  const auto size = static_cast<std::uint32_t>(packed);
  std::memcpy(packed_.data(), &size, frame_bytes);
  std::memcpy(packed_.data() + frame_bytes + packed, packed_.data() + packed, frame_bytes);
  return {packed_.data(), packed + 2 * frame_bytes};
}

template std::span<const std::byte> TileScratch::encode(const TileCoding&, const float*, std::int64_t, std::int64_t,
                                                        std::int64_t);
template std::span<const std::byte> TileScratch::encode(const TileCoding&, const std::uint8_t*, std::int64_t,
                                                        std::int64_t, std::int64_t);
template std::span<const std::byte> TileScratch::encode(const TileCoding&, const std::uint16_t*, std::int64_t,
                                                        std::int64_t, std::int64_t);
template std::span<const std::byte> TileScratch::encode(const TileCoding&, const std::uint32_t*, std::int64_t,
                                                        std::int64_t, std::int64_t);

}  // namespace sink
