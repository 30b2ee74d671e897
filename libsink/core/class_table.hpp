// SPDX-License-Identifier: Apache-2.0
// A number for each class of a legend. Class columns hold a class's place in its legend, not its code
// (`core/legend.hpp`), so a look-up is one load from a small table, and nodata has a place of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/nodata.hpp"

namespace sink {

/// Place of a class in its legend.
using ClassIndex = std::uint16_t;

inline constexpr std::size_t max_classes = 511;
/// Nodata in a class column.
inline constexpr ClassIndex no_class = max_classes;

/// Values by class; NaN where a class has none and for `no_class`. Trivially copyable, so a kernel holds it.
class ClassTable {
 public:
  ClassTable() { values_.fill(no_value); }
  [[nodiscard]] double operator[](ClassIndex index) const noexcept { return values_[index]; }
  void set(ClassIndex index, double value) { values_.at(index) = value; }

 private:
  std::array<double, max_classes + 1> values_;
};

}  // namespace sink
