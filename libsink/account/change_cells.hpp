// SPDX-License-Identifier: Apache-2.0
// ChangeCells: pixels, true area and carbon by zone, interval and transition. Mergeable in any order: all sums are
// exact.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/class_table.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

/// What the pixels of one transition hold. Carbon is living biomass [t C], over the pixels with a stock at both dates.
struct ChangeCell {
  std::int64_t pixels = 0, pixels_with_carbon = 0;
  FixedSum area_ha, carbon_before_t, carbon_after_t;
  ChangeCell& operator+=(const ChangeCell& other) noexcept {
    pixels += other.pixels;
    pixels_with_carbon += other.pixels_with_carbon;
    area_ha += other.area_ha;
    carbon_before_t += other.carbon_before_t;
    carbon_after_t += other.carbon_after_t;
    return *this;
  }
  friend bool operator==(const ChangeCell&, const ChangeCell&) = default;
};

/// Classes by place in the united legend, `no_class` where unknown.
struct ChangeKey {
  std::int32_t zone = 0;
  std::uint32_t interval = 0;
  ClassIndex from = no_class, to = no_class;
  auto operator<=>(const ChangeKey&) const = default;
};
struct ChangeKeyHash {
  std::size_t operator()(const ChangeKey& k) const noexcept {
    const std::uint64_t classes = static_cast<std::uint64_t>(k.from) << 16 | k.to;
    const std::uint64_t where = static_cast<std::uint64_t>(static_cast<std::uint32_t>(k.zone)) << 32 | classes;
    const std::uint64_t mixed = (where ^ static_cast<std::uint64_t>(k.interval) << 40) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
  }
};

/// One interval's columns of a window; the carbon columns [t C/ha] may be null.
struct ChangeColumns {
  const ClassIndex *from = nullptr, *to = nullptr;
  const double* area_ha = nullptr;
  const double *carbon_before = nullptr, *carbon_after = nullptr;
};

class ChangeCells {
 public:
  using Map = std::unordered_map<ChangeKey, ChangeCell, ChangeKeyHash>;

  /// Adds pixels [first, last) to a zone, run by run of one transition.
  void add(std::int32_t zone, std::uint32_t interval, const ChangeColumns& c, std::size_t first, std::size_t last) {
    for (std::size_t begin = first; begin < last;) {
      std::size_t end = begin + 1;
      while (end < last && c.from[end] == c.from[begin] && c.to[end] == c.to[begin]) ++end;
      ChangeCell& cell = cells_[{zone, interval, c.from[begin], c.to[begin]}];
      cell.pixels += static_cast<std::int64_t>(end - begin);
      cell.area_ha.add(c.area_ha + begin, end - begin);
      if (c.carbon_before != nullptr) add_carbon(c, begin, end, cell);
      begin = end;
    }
  }
  ChangeCells& operator+=(const ChangeCells& other) {
    for (const auto& [key, cell] : other.cells_) cells_[key] += cell;
    return *this;
  }
  /// Adds the cells of all zones of `other` to those of one zone.
  void add_all_as(std::int32_t zone, const ChangeCells& other) {
    for (const auto& [key, cell] : other.cells_) cells_[{zone, key.interval, key.from, key.to}] += cell;
  }
  [[nodiscard]] const Map& cells() const noexcept { return cells_; }
  /// A node of a hash table and its links, as measured with libstdc++.
  [[nodiscard]] std::size_t bytes() const noexcept { return cells_.size() * (sizeof(Map::value_type) + 24); }

 private:
  static void add_carbon(const ChangeColumns& c, std::size_t begin, std::size_t end, ChangeCell& cell) {
    for (std::size_t p = begin; p < end; ++p) {
      if (std::isnan(c.carbon_before[p]) || std::isnan(c.carbon_after[p])) continue;
      ++cell.pixels_with_carbon;
      cell.carbon_before_t.add_products(c.carbon_before + p, c.area_ha + p, 1);
      cell.carbon_after_t.add_products(c.carbon_after + p, c.area_ha + p, 1);
    }
  }
  Map cells_;
};

}  // namespace sink
