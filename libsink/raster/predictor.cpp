// SPDX-License-Identifier: Apache-2.0
// A running sum is a chain of dependent additions; 16 bytes at once shorten it to one addition per vector.
#include "raster/predictor.hpp"

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sink {
namespace {

#if defined(__SSE2__)
template <class T>
__m128i add(__m128i a, __m128i b) {
  if constexpr (sizeof(T) == 1) return _mm_add_epi8(a, b);
  if constexpr (sizeof(T) == 2) return _mm_add_epi16(a, b);
  return _mm_add_epi32(a, b);
}

/// Every lane the last one.
template <class T>
__m128i last(__m128i x) {
  if constexpr (sizeof(T) == 1) x = _mm_unpackhi_epi8(x, x);
  if constexpr (sizeof(T) <= 2) x = _mm_shufflehi_epi16(x, 0xff);
  return _mm_shuffle_epi32(x, 0xff);
}

template <class T>
__m128i sums_within(__m128i x) {
  if constexpr (sizeof(T) == 1) x = add<T>(x, _mm_slli_si128(x, 1));
  if constexpr (sizeof(T) <= 2) x = add<T>(x, _mm_slli_si128(x, 2));
  x = add<T>(x, _mm_slli_si128(x, 4));
  return add<T>(x, _mm_slli_si128(x, 8));
}

/// Interleaves 16 bytes of each of four planes, least significant first, to 16 floats.
void interleave(const __m128i (&planes)[4], __m128i* to) {
  const __m128i a = _mm_unpacklo_epi8(planes[0], planes[1]), b = _mm_unpackhi_epi8(planes[0], planes[1]);
  const __m128i c = _mm_unpacklo_epi8(planes[2], planes[3]), d = _mm_unpackhi_epi8(planes[2], planes[3]);
  _mm_storeu_si128(to, _mm_unpacklo_epi16(a, c));
  _mm_storeu_si128(to + 1, _mm_unpackhi_epi16(a, c));
  _mm_storeu_si128(to + 2, _mm_unpacklo_epi16(b, d));
  _mm_storeu_si128(to + 3, _mm_unpackhi_epi16(b, d));
}

/// The same of eight planes to 16 doubles: the halves of each, then half by half together.
void interleave(const __m128i (&planes)[8], __m128i* to) {
  __m128i low[4], high[4];
  interleave({planes[0], planes[1], planes[2], planes[3]}, low);
  interleave({planes[4], planes[5], planes[6], planes[7]}, high);
  for (int i = 0; i < 4; ++i) {
    _mm_storeu_si128(to + 2 * i, _mm_unpacklo_epi32(low[i], high[i]));
    _mm_storeu_si128(to + 2 * i + 1, _mm_unpackhi_epi32(low[i], high[i]));
  }
}

/// As many columns as fill vectors; returns how many.
template <std::size_t bytes>
std::size_t interleave_planes(const std::byte* row, std::size_t columns, std::byte* floats) {
  std::size_t i = 0;
  for (; i + 16 <= columns; i += 16) {
    __m128i planes[bytes];
    for (std::size_t p = 0; p < bytes; ++p)
      planes[p] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + (bytes - 1 - p) * columns + i));
    interleave(planes, reinterpret_cast<__m128i*>(floats + bytes * i));
  }
  return i;
}
#endif

template <class T>
void running_sums(std::byte* bytes, std::size_t n) {
  T* values = reinterpret_cast<T*>(bytes);
  T sum = 0;
  std::size_t i = 0;
#if defined(__SSE2__)
  if constexpr (sizeof(T) <= 4) {
    constexpr std::size_t lanes = 16 / sizeof(T);
    __m128i carry = _mm_setzero_si128();
    for (; i + lanes <= n; i += lanes) {
      auto* place = reinterpret_cast<__m128i*>(values + i);
      const __m128i within = sums_within<T>(_mm_loadu_si128(place));
      _mm_storeu_si128(place, add<T>(within, carry));
      carry = add<T>(carry, last<T>(within));
    }
    if (i > 0) sum = values[i - 1];
  }
#endif
  for (; i < n; ++i) values[i] = sum = static_cast<T>(sum + values[i]);
}

}  // namespace

void undo_differences(std::byte* row, std::size_t columns, std::size_t sample_bytes) {
  switch (sample_bytes) {
    case 1:
      return running_sums<std::uint8_t>(row, columns);
    case 2:
      return running_sums<std::uint16_t>(row, columns);
    case 4:
      return running_sums<std::uint32_t>(row, columns);
    default:
      return running_sums<std::uint64_t>(row, columns);
  }
}

void undo_float_predictor(std::byte* row, std::size_t columns, std::size_t sample_bytes, std::byte* floats) {
  running_sums<std::uint8_t>(row, columns * sample_bytes);
  std::size_t i = 0;
#if defined(__SSE2__)
  i = sample_bytes == 4 ? interleave_planes<4>(row, columns, floats) : interleave_planes<8>(row, columns, floats);
#endif
  for (; i < columns; ++i) {
    for (std::size_t b = 0; b < sample_bytes; ++b)
      floats[sample_bytes * i + b] = row[(sample_bytes - 1 - b) * columns + i];
  }
}

}  // namespace sink
