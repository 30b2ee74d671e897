// SPDX-License-Identifier: Apache-2.0
// Sums of masses and areas that are the same to the last bit whatever the order: each pixel's contribution is rounded
// once to 2^-60 (of a tonne or hectare) and added as an integer.
#pragma once

#include <cstddef>

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
  void add_products(const double* density, const double* area, std::size_t n);
  /// Adds area[i] for i < n.
  void add(const double* area, std::size_t n);

 private:
  Int128 units_ = 0;
};

}  // namespace sink
