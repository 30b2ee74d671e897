// SPDX-License-Identifier: Apache-2.0
// Plain loops without branches: the compiler makes vectors of them.
#include "raster/pixel_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/legend.hpp"
#include "core/nodata.hpp"

namespace sink {
namespace {

/// The nodata value as a pixel of the file, where a pixel can be that.
template <class T>
std::optional<T> as_pixel(std::optional<double> nodata) {
  if (!nodata || std::isnan(*nodata)) return std::nullopt;
  if constexpr (std::is_integral_v<T>) {
    const bool inside = *nodata >= static_cast<double>(std::numeric_limits<T>::lowest()) &&
                        *nodata <= static_cast<double>(std::numeric_limits<T>::max());
    if (!inside || *nodata != std::floor(*nodata)) return std::nullopt;
  }
  const auto pixel = static_cast<T>(*nodata);
  return static_cast<double>(pixel) == *nodata ? std::optional<T>(pixel) : std::nullopt;
}

template <class T>
bool any_valid(const T* pixels, std::size_t n, std::optional<T> nodata) {
  if constexpr (std::is_integral_v<T>) {
    if (!nodata) return n > 0;
  }
  const T none = nodata.value_or(T{});
  return std::any_of(pixels, pixels + n, [&](T v) { return v == v && !(nodata && v == none); });
}

template <class T>
void convert(const T* pixels, std::size_t n, std::optional<T> nodata, double* values, PixelsFound& found) {
  found.valid = found.valid || any_valid(pixels, n, nodata);
  if (!nodata) {
    for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(pixels[i]);
    return;
  }
  const T none = *nodata;
  for (std::size_t i = 0; i < n; ++i) values[i] = pixels[i] == none ? no_value : static_cast<double>(pixels[i]);
}

template <class T>
void convert(const T* pixels, std::size_t n, std::optional<T> nodata, std::int32_t* codes, PixelsFound& found) {
  found.valid = found.valid || any_valid(pixels, n, nodata);
  const T none = nodata.value_or(T{});
  const bool has = nodata.has_value();
  unsigned stray = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const T v = pixels[i];
    bool hole = has && v == none;
    if constexpr (std::is_floating_point_v<T>) {
      hole = hole || v != v;
      const bool code = v >= 0 && v <= static_cast<T>(Legend::max_code);
      const auto whole = static_cast<std::int32_t>(code ? v : T{});
      stray |= static_cast<unsigned>(!hole && !(code && static_cast<T>(whole) == v && whole <= Legend::max_code));
      codes[i] = hole ? no_class_code : whole;
    } else {
      if constexpr (sizeof(T) > 2) stray |= static_cast<unsigned>(!hole && v > T{Legend::max_code});
      if constexpr (std::is_signed_v<T>) stray |= static_cast<unsigned>(!hole && v < 0);
      codes[i] = hole ? no_class_code : static_cast<std::int32_t>(v);
    }
  }
  found.stray = found.stray || stray != 0;
}

template <class Value>
void dispatch(SampleType type, const std::byte* pixels, std::size_t n, std::optional<double> nodata, Value* values,
              PixelsFound& found) {
  const auto as = [&]<class T>(T) {
    convert<T>(reinterpret_cast<const T*>(pixels), n, as_pixel<T>(nodata), values, found);
  };
  switch (type) {
    case SampleType::u8:
      return as(std::uint8_t{});
    case SampleType::u16:
      return as(std::uint16_t{});
    case SampleType::i16:
      return as(std::int16_t{});
    case SampleType::u32:
      return as(std::uint32_t{});
    case SampleType::i32:
      return as(std::int32_t{});
    case SampleType::f32:
      return as(float{});
    case SampleType::f64:
      return as(double{});
  }
}

}  // namespace

void to_values(SampleType type, const std::byte* pixels, std::size_t n, std::optional<double> nodata, double* values,
               PixelsFound& found) {
  dispatch(type, pixels, n, nodata, values, found);
}

void to_values(SampleType type, const std::byte* pixels, std::size_t n, std::optional<double> nodata,
               std::int32_t* codes, PixelsFound& found) {
  dispatch(type, pixels, n, nodata, codes, found);
}

}  // namespace sink
