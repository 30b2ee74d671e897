// SPDX-License-Identifier: Apache-2.0
// TransitionMatrix: what became of each class between two dates, and the parts of that change. Rows are the earlier
// date, columns the later one; pixels unknown at a date have a row and a column of their own and are never change.
//
// Gain, loss, net, swap and persistence: Pontius, Shusas, McEachern (2004), Agric. Ecosyst. Environ. 101:251. Quantity,
// exchange and shift: Pontius & Santacruz (2014), Int. J. Remote Sens. 35:7543.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "account/pixel_area.hpp"

namespace sink {

/// The parts of the change of one class, or of all; over what is known at both dates. T counts exactly (std::int64_t,
/// FixedSum) or is a double.
template <class T>
struct ClassChange {
  T start{}, end{};         ///< size at the earlier and the later date
  T persistence{};          ///< that stayed
  T gain{}, loss{}, net{};  ///< net = gain - loss
  T swap{};                 ///< 2 min(gain, loss): change that is not net
  T quantity{};             ///< |gain - loss|
  T exchange{};             ///< pairs of pixels that took each other's class
  T shift{};                ///< the rest of the change
};

inline bool is_less(double a, double b) noexcept {
  return a < b;
}
inline bool is_less(std::int64_t a, std::int64_t b) noexcept {
  return a < b;
}
inline bool is_less(FixedSum a, const FixedSum& b) noexcept {
  a -= b;
  return a.value() < 0;
}

/// The change of each class of a matrix of `classes` x `classes`, row by row.
template <class T>
std::vector<ClassChange<T>> changes_by_class(const std::vector<T>& matrix, std::size_t classes) {
  const auto less = [](T a, const T& b) {
    a -= b;
    return a;
  };
  std::vector<ClassChange<T>> changes(classes);
  for (std::size_t k = 0; k < classes; ++k) {
    ClassChange<T>& c = changes[k];
    c.persistence = matrix[k * classes + k];
    for (std::size_t other = 0; other < classes; ++other) {
      const T &out = matrix[k * classes + other], &in = matrix[other * classes + k];
      c.start += out;
      c.end += in;
      if (other == k) continue;
      const T& both = is_less(out, in) ? out : in;
      c.exchange += both;
      c.exchange += both;
      c.loss += out;
      c.gain += in;
    }
    c.net = less(c.gain, c.loss);
    const bool shrinks = is_less(c.gain, c.loss);
    c.quantity = shrinks ? less(c.loss, c.gain) : c.net;
    c.swap = shrinks ? c.gain : c.loss;
    c.swap += c.swap;
    c.shift = less(c.swap, c.exchange);
  }
  return changes;
}

/// The change of all classes together. Whoever gains, another loses: quantity, exchange and shift are half the sums
/// over the classes. Computed without halving, so that it is exact for whole numbers too.
template <class T>
ClassChange<T> overall_change(const std::vector<ClassChange<T>>& classes, const std::vector<T>& matrix) {
  ClassChange<T> all;
  for (const auto& c : classes) {
    all.start += c.start;
    all.end += c.end;
    all.persistence += c.persistence;
    all.gain += c.gain;
    all.loss += c.loss;
    if (is_less(T{}, c.net)) all.quantity += c.net;
  }
  const std::size_t n = classes.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const T &there = matrix[i * n + j], &back = matrix[j * n + i];
      const T& both = is_less(there, back) ? there : back;
      all.exchange += both;
      all.exchange += both;
    }
  }
  all.swap = all.gain;
  all.swap -= all.quantity;
  all.shift = all.swap;
  all.shift -= all.exchange;
  return all;
}

class TransitionMatrix {
 public:
  explicit TransitionMatrix(std::size_t classes) : classes_(classes), cells_((classes + 1) * (classes + 1)) {}

  [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
  /// Place of the row and the column of what is unknown.
  [[nodiscard]] std::size_t unknown() const noexcept { return classes_; }
  [[nodiscard]] PixelArea& at(std::size_t from, std::size_t to) { return cells_.at(from * (classes_ + 1) + to); }
  [[nodiscard]] const PixelArea& at(std::size_t from, std::size_t to) const {
    return cells_.at(from * (classes_ + 1) + to);
  }
  TransitionMatrix& operator+=(const TransitionMatrix& other);

  /// All of a class at the earlier date, what became unknown included; `to_total` at the later one.
  [[nodiscard]] PixelArea from_total(std::size_t from) const;
  [[nodiscard]] PixelArea to_total(std::size_t to) const;
  [[nodiscard]] PixelArea total() const;

  /// The classes alone, row by row, without what is unknown.
  [[nodiscard]] std::vector<std::int64_t> known_pixels() const;
  [[nodiscard]] std::vector<FixedSum> known_areas() const;

 private:
  std::size_t classes_;
  std::vector<PixelArea> cells_;
};

/// A matrix of sampled units (rows are strata) scaled to the sizes of the strata, row by row: n_ij / n_i. x N_i. A
/// stratum without units stays 0.
std::vector<double> population_adjusted(const std::vector<double>& units, const std::vector<double>& population);

}  // namespace sink
