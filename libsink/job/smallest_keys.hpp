// SPDX-License-Identifier: Apache-2.0
// Random draws that do not depend on the order in which cells are seen: every cell has a random key of its own, made
// from the seed and its index alone, and a sample of n cells is the n smallest keys.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace sink {

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64 bits.
constexpr std::uint64_t mix_bits(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// Number `index` of the SplitMix64 stream of `seed`. Two cells of one seed never share a key.
constexpr std::uint64_t draw_key(std::uint64_t seed, std::uint64_t index) noexcept {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;
  return mix_bits(mix_bits(seed + golden) + (index + 1) * golden);
}

/// A cell (row x columns + column of the whole grid) and its key.
struct Draw {
  std::uint64_t key = 0;
  std::int64_t cell = 0;
  friend auto operator<=>(const Draw&, const Draw&) = default;
};

/// The `limit` smallest of the draws offered, whatever their order.
class SmallestKeys {
 public:
  explicit SmallestKeys(std::size_t limit = 0) : limit_(limit) {}

  /// Keys that are not below it are not worth offering.
  [[nodiscard]] std::uint64_t bound() const noexcept {
    if (limit_ == 0) return 0;
    return draws_.size() < limit_ ? std::numeric_limits<std::uint64_t>::max() : draws_.front().key;
  }
  /// True where the draw is now among the smallest.
  bool offer(const Draw& draw) {
    if (draws_.size() < limit_) {
      draws_.push_back(draw);
      std::push_heap(draws_.begin(), draws_.end());
      return true;
    }
    if (limit_ == 0 || !(draw < draws_.front())) return false;
    std::pop_heap(draws_.begin(), draws_.end());
    draws_.back() = draw;
    std::push_heap(draws_.begin(), draws_.end());
    return true;
  }
  [[nodiscard]] std::size_t size() const noexcept { return draws_.size(); }
  /// The draws, smallest first.
  [[nodiscard]] std::vector<Draw> sorted() const {
    std::vector<Draw> draws = draws_;
    std::sort(draws.begin(), draws.end());
    return draws;
  }

 private:
  std::size_t limit_;
  std::vector<Draw> draws_;  ///< a heap, the largest in front
};

}  // namespace sink
