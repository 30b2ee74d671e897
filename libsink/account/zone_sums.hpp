// SPDX-License-Identifier: Apache-2.0
// ZoneSums: exact sums and pixel counts by zone, mergeable in any order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/fixed_sum.hpp"

namespace sink {

class ZoneSums {
 public:
  explicit ZoneSums(std::size_t sums = 0) : sums_(sums) {}

  /// The sums of a zone, zero on first use. The span is valid until the next zone is added.
  std::span<FixedSum> at(std::int32_t zone) {
    const auto [slot, added] = slots_.try_emplace(zone, pixels_.size());
    if (added) {
      values_.resize(values_.size() + sums_);
      pixels_.push_back(0);
    }
    return {values_.data() + slot->second * sums_, sums_};
  }
  std::int64_t& pixels(std::int32_t zone) {
    at(zone);
    return pixels_[slots_.at(zone)];
  }
  ZoneSums& operator+=(const ZoneSums& other) {
    for (const auto& [zone, slot] : other.slots_) {
      const auto sums = at(zone);
      for (std::size_t i = 0; i < sums_; ++i) sums[i] += other.values_[slot * sums_ + i];
      pixels(zone) += other.pixels_[slot];
    }
    return *this;
  }
  /// Adds the sums of all zones of `other` to those of one zone.
  void add_all_as(std::int32_t zone, const ZoneSums& other) {
    for (const auto& [unused, slot] : other.slots_) {
      const auto sums = at(zone);
      for (std::size_t i = 0; i < sums_; ++i) sums[i] += other.values_[slot * sums_ + i];
      pixels(zone) += other.pixels_[slot];
    }
  }
  /// The sums of a zone, zeros where it has no pixels.
  [[nodiscard]] std::vector<FixedSum> find(std::int32_t zone) const {
    std::vector<FixedSum> found(sums_);
    const auto slot = slots_.find(zone);
    if (slot != slots_.end())
      std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(slot->second * sums_), sums_, found.begin());
    return found;
  }
  [[nodiscard]] std::int64_t pixel_count(std::int32_t zone) const {
    const auto slot = slots_.find(zone);
    return slot == slots_.end() ? 0 : pixels_[slot->second];
  }
  /// Zones that have pixels, in ascending order.
  [[nodiscard]] std::vector<std::int32_t> zones() const {
    std::vector<std::int32_t> ids;
    for (const auto& [zone, slot] : slots_) ids.push_back(zone);
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return values_.capacity() * sizeof(FixedSum); }
  /// Both sides have the same number of sums; loading is into one that is empty.
  template <class Archive>
  void transfer(Archive& archive) {
    std::vector<std::int32_t> ids = zones();
    archive(ids);
    for (const std::int32_t zone : ids) {
      archive(pixels(zone));
      auto sums = at(zone);
      archive.each(sums);
    }
  }

 private:
  std::size_t sums_;
  std::unordered_map<std::int32_t, std::size_t> slots_;
  std::vector<FixedSum> values_;
  std::vector<std::int64_t> pixels_;
};

}  // namespace sink
