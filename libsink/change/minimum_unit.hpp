// SPDX-License-Identifier: Apache-2.0
// A minimum mapping unit as a person writes it: "10px", "667m2", "1mu", "0.5ha".
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace sink {

struct MinimumUnit {
  double pixels = 0, area_ha = 0;  ///< one of them is 0

  /// Patches below are too small; the unit itself is not. The area is the true one; half a square millimetre is left
  /// to rounding, so that a pixel of 100 m2 has 100 m2.
  template <class Sums>  // with `pixels` and `area_ha`
  [[nodiscard]] bool met_by(const Sums& patch) const {
    return static_cast<double>(patch.pixels) >= pixels && patch.area_ha.value() + 5e-11 >= area_ha;
  }
};

/// Nothing for what is no such text.
inline std::optional<MinimumUnit> parse_minimum_unit(std::string_view text) {
  double number = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || !(number >= 0)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (unit == "px") return MinimumUnit{number, 0};
  if (unit == "m2") return MinimumUnit{0, number / 10000};
  if (unit == "mu") return MinimumUnit{0, number / 15};
  if (unit == "ha") return MinimumUnit{0, number};
  return std::nullopt;
}

}  // namespace sink
