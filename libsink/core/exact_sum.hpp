// SPDX-License-Identifier: Apache-2.0
// An exact sum of doubles of any magnitude (a superaccumulator: Kulisch 2013; Neal 2015, arXiv:1505.05571): the same
// to the last bit whatever the order, and mergeable.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sink {

class ExactSum {
 public:
  /// Adds a finite number.
  void add(double x) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto exponent = static_cast<unsigned>(bits >> 52 & 0x7ff);
    std::uint64_t mantissa = bits & 0xfffffffffffffULL;
    // A subnormal has the exponent of the smallest normal number and no hidden bit.
    const unsigned shift = exponent == 0 ? 0 : exponent - 1;
    if (exponent != 0) mantissa |= 1ULL << 52;
    const std::size_t limb = shift / 32;
    const unsigned bit = shift % 32;
    const std::uint64_t low = mantissa << bit;                         // bits 0..63 of mantissa x 2^bit
    const std::uint64_t high = bit == 0 ? 0 : mantissa >> (64 - bit);  // bits 64..
    const auto sign = static_cast<std::int64_t>(bits >> 63);
    const auto signed_limb = [sign](std::uint64_t v) { return (static_cast<std::int64_t>(v) ^ -sign) + sign; };
    limbs_[limb] += signed_limb(low & 0xffffffffULL);
    limbs_[limb + 1] += signed_limb(low >> 32);
    limbs_[limb + 2] += signed_limb(high);
    if (++pending_ == carry_after) carry();
  }
  ExactSum& operator+=(ExactSum other) noexcept {
    carry();
    other.carry();
    for (std::size_t i = 0; i < limbs; ++i) limbs_[i] += other.limbs_[i];
    carry();
    return *this;
  }
  /// The sum, rounded to a long double (error below one unit in its last place).
  [[nodiscard]] long double value() const noexcept {
    ExactSum sum = *this;
    sum.carry();
    const bool negative = sum.limbs_[limbs - 1] < 0;
    if (negative) {
      for (auto& limb : sum.limbs_) limb = -limb;
      sum.carry();
    }
    std::size_t top = limbs - 1;
    while (top > 0 && sum.limbs_[top] == 0) --top;
    long double result = 0;
    for (std::size_t i = top < 4 ? 0 : top - 4; i <= top; ++i) {
      result += std::ldexp(static_cast<long double>(sum.limbs_[i]), 32 * static_cast<int>(i) - 1074);
    }
    return negative ? -result : result;
  }
  template <class Archive>
  void transfer(Archive& archive) {
    carry();  // equal sums are equal bytes
    archive(limbs_);
  }

 private:
  static constexpr std::size_t limbs = 68;  // 2^-1074 .. 2^1024 and room for carries
  static constexpr std::uint32_t carry_after = 1U << 30;
  /// Brings every limb but the last into [0, 2^32): the one form a sum has.
  void carry() noexcept {
    std::int64_t over = 0;
    for (std::size_t i = 0; i + 1 < limbs; ++i) {
      limbs_[i] += over;
      over = limbs_[i] >> 32;
      limbs_[i] &= 0xffffffffLL;
    }
    limbs_[limbs - 1] += over;
    pending_ = 0;
  }
  std::array<std::int64_t, limbs> limbs_{};
  std::uint32_t pending_ = 0;
};

/// Count, minimum, maximum, sum and sum of squares of weighted values, mergeable in any order.
class ExactMoments {
 public:
  void add(double value, double weight) noexcept {
    ++count_;
    min_ = value < min_ ? value : min_;
    max_ = value > max_ ? value : max_;
    const double weighted = value * weight;
    weight_.add(weight);
    sum_.add(weighted);
    squares_.add(weighted * value);
  }
  ExactMoments& operator+=(const ExactMoments& other) noexcept {
    count_ += other.count_;
    min_ = other.min_ < min_ ? other.min_ : min_;
    max_ = other.max_ > max_ ? other.max_ : max_;
    weight_ += other.weight_;
    sum_ += other.sum_;
    squares_ += other.squares_;
    return *this;
  }
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] double min() const noexcept { return min_; }
  [[nodiscard]] double max() const noexcept { return max_; }
  [[nodiscard]] double weight() const noexcept { return static_cast<double>(weight_.value()); }
  [[nodiscard]] double sum() const noexcept { return static_cast<double>(sum_.value()); }
  [[nodiscard]] double mean() const noexcept { return static_cast<double>(sum_.value() / weight_.value()); }
  /// Population standard deviation; exactly 0 where all values are equal.
  [[nodiscard]] double std() const noexcept {
    if (count_ == 0) return std::nan("");
    if (min_ == max_) return 0;
    const long double mean = sum_.value() / weight_.value();
    const long double variance = squares_.value() / weight_.value() - mean * mean;
    return variance > 0 ? static_cast<double>(std::sqrt(variance)) : 0;
  }

 private:
  std::int64_t count_ = 0;
  double min_ = HUGE_VAL, max_ = -HUGE_VAL;
  ExactSum weight_, sum_, squares_;
};

/// Unweighted statistics of stored float32 values: exact, so that no order and no split of a raster changes them.
class StoredStatistics {
 public:
  /// Adds all values but NaN.
  void add(std::span<const float> values) noexcept;
  StoredStatistics& operator+=(const StoredStatistics& other) noexcept {
    count_ += other.count_;
    min_ = other.min_ < min_ ? other.min_ : min_;
    max_ = other.max_ > max_ ? other.max_ : max_;
    sum_ += other.sum_;
    squares_ += other.squares_;
    return *this;
  }
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] double min() const noexcept { return min_; }
  [[nodiscard]] double max() const noexcept { return max_; }
  [[nodiscard]] double mean() const noexcept { return static_cast<double>(exact_mean()); }
  [[nodiscard]] double std() const noexcept {
    if (min_ == max_) return 0;
    const long double variance = squares_.value() / static_cast<long double>(count_) - exact_mean() * exact_mean();
    return variance > 0 ? static_cast<double>(std::sqrt(variance)) : 0;
  }
  template <class Archive>
  void transfer(Archive& archive) {
    archive(count_, min_, max_, sum_, squares_);
  }

 private:
  void add_one_by_one(std::span<const double> values) noexcept;
  [[nodiscard]] long double exact_mean() const noexcept { return sum_.value() / static_cast<long double>(count_); }
  std::int64_t count_ = 0;
  double min_ = HUGE_VAL, max_ = -HUGE_VAL;
  ExactSum sum_, squares_;
};

}  // namespace sink
