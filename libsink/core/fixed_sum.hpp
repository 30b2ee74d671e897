// SPDX-License-Identifier: Apache-2.0
// Sums of masses and areas that are the same to the last bit whatever the order: each pixel's contribution is rounded
// once to 2^-60 (of a tonne or hectare) and added as an integer.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/error.hpp"

namespace sink {

__extension__ using Int128 = __int128;

class FixedSum {
 public:
  /// Largest contribution of one pixel, in tonnes or hectares.
  static constexpr double pixel_limit = 1073741824.0;  // 2^30

  FixedSum& operator+=(const FixedSum& other) noexcept {
    units_ += other.units_;
    return *this;
  }
  FixedSum& operator-=(const FixedSum& other) noexcept {
    units_ -= other.units_;
    return *this;
  }
  friend bool operator==(const FixedSum&, const FixedSum&) = default;

  [[nodiscard]] double value() const noexcept { return static_cast<double>(units_) * 0x1p-60; }

  /// Adds density[i] x area[i] for i < n; NaN densities add nothing. Throws Error::input for a contribution beyond
  /// `pixel_limit`.
  void add_products(const double* density, const double* area, std::size_t n) {
    for (std::size_t from = 0; from < n; from += flush) {
      const std::size_t to = std::min(n, from + flush);
      std::int64_t high = 0, low = 0;
      std::int64_t too_large_pixels = 0;
      for (std::size_t i = from; i < to; ++i) {
        const double product = density[i] * area[i];
        const double x = product == product ? product : 0.0;
        too_large_pixels += std::abs(x) > pixel_limit ? 1 : 0;
        // Adding 1.5 x 2^32 leaves a multiple of 2^-20 in the low bits of the double; what it rounds away is
        // exact and is rounded to 2^-60 the same way. Integer arithmetic on the bits vectorises.
        const double high_shifted = x + high_anchor;
        const double rest = x - (high_shifted - high_anchor);
        high += std::bit_cast<std::int64_t>(high_shifted) - std::bit_cast<std::int64_t>(high_anchor);
        low += std::bit_cast<std::int64_t>(rest + low_anchor) - std::bit_cast<std::int64_t>(low_anchor);
      }
      if (too_large_pixels > 0) too_large();
      units_ += (static_cast<Int128>(high) << 40) + low;
    }
  }
  /// Adds area[i] for i < n.
  void add(const double* area, std::size_t n) {
    for (std::size_t from = 0; from < n; from += flush) {
      const std::size_t to = std::min(n, from + flush);
      std::int64_t high = 0, low = 0, too_large_pixels = 0;
      for (std::size_t i = from; i < to; ++i) {
        too_large_pixels += area[i] > pixel_limit ? 1 : 0;
        const double high_shifted = area[i] + high_anchor;
        const double rest = area[i] - (high_shifted - high_anchor);
        high += std::bit_cast<std::int64_t>(high_shifted) - std::bit_cast<std::int64_t>(high_anchor);
        low += std::bit_cast<std::int64_t>(rest + low_anchor) - std::bit_cast<std::int64_t>(low_anchor);
      }
      if (too_large_pixels > 0) too_large();
      units_ += (static_cast<Int128>(high) << 40) + low;
    }
  }

 private:
  static constexpr std::size_t flush = 2048;       // 2^50 units a pixel x 2^11 pixels stays below 2^63
  static constexpr double high_anchor = 0x1.8p32;  // 1.5 x 2^52 x 2^-20
  static constexpr double low_anchor = 0x1.8p-8;   // 1.5 x 2^52 x 2^-60
  [[noreturn]] static void too_large() {
    throw Error(Error::Kind::input,
                "a pixel would hold more than 2^30 t or ha: look for an undeclared nodata value, a wrong unit or a "
                "grid of too few pixels");
  }
  Int128 units_ = 0;
};

}  // namespace sink
