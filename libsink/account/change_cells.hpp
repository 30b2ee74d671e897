// SPDX-License-Identifier: Apache-2.0
// ChangeCells: pixels, true area and living carbon by zone, interval and transition. Mergeable in any order: all sums
// are exact.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "account/pixel_area.hpp"
#include "core/class_table.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

/// What the pixels of one transition hold. Carbon is living biomass over the pixels that have it at both dates. Where a
/// map says how much, it is in the sums [t C]; where the density of the pixel's class stands for the map, only the
/// area is counted, so that its carbon and its error follow from one number.
struct ChangeCell {
  PixelArea all, with_carbon;
  FixedSum carbon_before_t, carbon_after_t;
  FixedSum before_of_class_ha, after_of_class_ha;
  ChangeCell& operator+=(const ChangeCell& other) noexcept {
    all += other.all;
    with_carbon += other.with_carbon;
    carbon_before_t += other.carbon_before_t;
    carbon_after_t += other.carbon_after_t;
    before_of_class_ha += other.before_of_class_ha;
    after_of_class_ha += other.after_of_class_ha;
    return *this;
  }
  template <class Archive>
  void transfer(Archive& archive) {
    archive(all, with_carbon, carbon_before_t, carbon_after_t, before_of_class_ha, after_of_class_ha);
  }
  friend bool operator==(const ChangeCell&, const ChangeCell&) = default;
};

/// Classes by place in the united legend, `no_class` where unknown.
struct ChangeKey {
  std::int32_t zone = 0;
  std::uint32_t interval = 0;
  ClassIndex from = no_class, to = no_class;
  auto operator<=>(const ChangeKey&) const = default;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(zone, interval, from, to);
  }
};
struct ChangeKeyHash {
  std::size_t operator()(const ChangeKey& k) const noexcept {
    const std::uint64_t classes = static_cast<std::uint64_t>(k.from) << 16 | k.to;
    const std::uint64_t where = static_cast<std::uint64_t>(static_cast<std::uint32_t>(k.zone)) << 32 | classes;
    const std::uint64_t mixed = (where ^ static_cast<std::uint64_t>(k.interval) << 40) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
  }
};

/// One interval's columns of a window.
struct ChangeColumns {
  const ClassIndex *from = nullptr, *to = nullptr;
  const double* area_ha = nullptr;
  /// Mapped carbon [t C/ha], NaN where there is none. Without `carbon_before` no carbon is counted. Without
  /// `carbon_after` a pixel that kept its class holds what it held, and any other what its new class holds.
  const double *carbon_before = nullptr, *carbon_after = nullptr;
  /// By class, null: none. 1 where the density of the class stands for a map that is silent.
  const std::vector<std::uint8_t>*before_of_class = nullptr, *after_of_class = nullptr;
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
      cell.all.pixels += static_cast<std::int64_t>(end - begin);
      cell.all.area_ha.add(c.area_ha + begin, end - begin);
      // What a pixel became, or was, is not known: nor is what that cost.
      const bool known = c.from[begin] != no_class && c.to[begin] != no_class;
      if (known && c.carbon_before != nullptr) add_carbon(c, begin, end, cell);
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
  template <class Archive>
  void transfer(Archive& archive) {
    archive(cells_);
  }
  /// A node of a hash table and its links, as measured with libstdc++.
  [[nodiscard]] std::size_t bytes() const noexcept { return cells_.size() * (sizeof(Map::value_type) + 24); }

 private:
  static bool stands(const std::vector<std::uint8_t>* by_class, ClassIndex place) {
    return by_class != nullptr && place < by_class->size() && (*by_class)[place] != 0;
  }
  /// Pixels [first, last) are of one transition.
  static void add_carbon(const ChangeColumns& c, std::size_t first, std::size_t last, ChangeCell& cell) {
    const bool stays = c.carbon_after == nullptr && c.from[first] == c.to[first];
    const double* after = stays ? c.carbon_before : c.carbon_after;
    const bool before_of_class = stands(c.before_of_class, c.from[first]);
    const bool after_of_class = stays ? before_of_class : stands(c.after_of_class, c.to[first]);
    const auto mapped = [](const double* column, std::size_t p) { return column != nullptr && !std::isnan(column[p]); };
    for (std::size_t begin = first; begin < last;) {
      const bool has_before = mapped(c.carbon_before, begin), has_after = mapped(after, begin);
      std::size_t end = begin + 1;
      while (end < last && mapped(c.carbon_before, end) == has_before && mapped(after, end) == has_after) ++end;
      const std::size_t n = end - begin;
      if ((has_before || before_of_class) && (has_after || after_of_class)) {
        const double* area_ha = c.area_ha + begin;
        cell.with_carbon.pixels += static_cast<std::int64_t>(n);
        cell.with_carbon.area_ha.add(area_ha, n);
        if (has_before) {
          cell.carbon_before_t.add_products(c.carbon_before + begin, area_ha, n);
        } else {
          cell.before_of_class_ha.add(area_ha, n);
        }
        if (has_after) {
          cell.carbon_after_t.add_products(after + begin, area_ha, n);
        } else {
          cell.after_of_class_ha.add(area_ha, n);
        }
      }
      begin = end;
    }
  }
  Map cells_;
};

}  // namespace sink
