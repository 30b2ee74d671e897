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
  if (sample_bytes == 4) {
    const auto plane = [&](std::size_t p) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + p * columns + i));
    };
    for (; i + 16 <= columns; i += 16) {
      const __m128i highest = plane(0), high = plane(1), low = plane(2), lowest = plane(3);
      const __m128i a = _mm_unpacklo_epi8(lowest, low), b = _mm_unpackhi_epi8(lowest, low);
      const __m128i c = _mm_unpacklo_epi8(high, highest), d = _mm_unpackhi_epi8(high, highest);
      auto* to = reinterpret_cast<__m128i*>(floats + 4 * i);
      _mm_storeu_si128(to, _mm_unpacklo_epi16(a, c));
      _mm_storeu_si128(to + 1, _mm_unpackhi_epi16(a, c));
      _mm_storeu_si128(to + 2, _mm_unpacklo_epi16(b, d));
      _mm_storeu_si128(to + 3, _mm_unpackhi_epi16(b, d));
    }
  }
#endif
  for (; i < columns; ++i) {
    for (std::size_t b = 0; b < sample_bytes; ++b)
      floats[sample_bytes * i + b] = row[(sample_bytes - 1 - b) * columns + i];
  }
}

}  // namespace sink
