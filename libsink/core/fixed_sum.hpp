// SPDX-License-Identifier: Apache-2.0
// Sums of masses and areas that are the same to the last bit whatever the order: each pixel's contribution is rounded
// once to 2^-60 (of a tonne or hectare) and added as an integer.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/int128.hpp"

namespace sink {

/// A number in whole units of 2^-20, and what that leaves in whole units of 2^-60; |x| is at most
/// FixedSum::pixel_limit. For those who sum many contributions themselves: up to 8192 keep within 64 bits.
struct FixedParts {
  std::int64_t high = 0, low = 0;
};
inline FixedParts fixed_parts(double x) noexcept {
  constexpr double high_anchor = 0x1.8p32;  // 1.5 x 2^52 x 2^-20
  constexpr double low_anchor = 0x1.8p-8;   // 1.5 x 2^52 x 2^-60
  // Adding 1.5 x 2^32 leaves a multiple of 2^-20 in the low bits of the double; what it rounds away is exact and is
  // rounded to 2^-60 the same way. Integer arithmetic on the bits vectorises.
  const double high_shifted = x + high_anchor;
  const double rest = x - (high_shifted - high_anchor);
  return {std::bit_cast<std::int64_t>(high_shifted) - std::bit_cast<std::int64_t>(high_anchor),
          std::bit_cast<std::int64_t>(rest + low_anchor) - std::bit_cast<std::int64_t>(low_anchor)};
}

class FixedSum {
 public:
  /// Largest contribution of one pixel, in tonnes or hectares.
  static constexpr double pixel_limit = 1073741824.0;  // 2^30

  FixedSum() = default;
  explicit FixedSum(const FixedParts& parts) noexcept : units_((static_cast<Int128>(parts.high) << 40) + parts.low) {}

  FixedSum& operator+=(const FixedSum& other) noexcept {
    units_ += other.units_;
    return *this;
  }
  FixedSum& operator-=(const FixedSum& other) noexcept {
    units_ -= other.units_;
    return *this;
  }
  /// Adds factor x sum, exactly. The caller sees to it that no product leaves 128 bits.
  void add_times(std::int64_t factor, const FixedSum& sum) noexcept { units_ += sum.units_ * factor; }
  friend bool operator==(const FixedSum&, const FixedSum&) = default;

  [[nodiscard]] double value() const noexcept { return static_cast<double>(units_) * 0x1p-60; }

  /// Adds density[i] x area[i] for i < n; NaN densities add nothing. Throws Error::input for a contribution beyond
  /// `pixel_limit`.
  void add_products(const double* density, const double* area, std::size_t n);
  /// Adds area[i] for i < n.
  void add(const double* area, std::size_t n);

  /// core/archive.hpp.
  template <class Archive>
  void transfer(Archive& archive) {
    archive(units_);
  }

 private:
  Int128 units_ = 0;
};

}  // namespace sink
