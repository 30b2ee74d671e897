// SPDX-License-Identifier: Apache-2.0
// PixelArea: how many pixels, and their true area.
#pragma once

#include <cstdint>

#include "core/fixed_sum.hpp"

namespace sink {

/// Pixels that share something, and their true area.
struct PixelArea {
  std::int64_t pixels = 0;
  FixedSum area_ha;
  PixelArea& operator+=(const PixelArea& other) noexcept {
    pixels += other.pixels;
    area_ha += other.area_ha;
    return *this;
  }
  template <class Archive>
  void transfer(Archive& archive) {
    archive(pixels, area_ha);
  }
  friend bool operator==(const PixelArea&, const PixelArea&) = default;
};

}  // namespace sink
