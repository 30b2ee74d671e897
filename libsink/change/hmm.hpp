// SPDX-License-Identifier: Apache-2.0
// Class labels of one pixel over the years, smoothed: a hidden Markov model of the true classes behind the mapped ones
// (Abercrombie & Friedl 2016), or a majority of three years. A year without a label says nothing: its emission is 1.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/class_table.hpp"

namespace sink {

/// Probabilities by class, each K long or K x K in row-major order; they need not be normalised.
struct LabelProbabilities {
  std::vector<double> initial;     ///< of the true class in the first year
  std::vector<double> transition;  ///< from the true class of a year (row) to that of the next (column)
  std::vector<double> emission;    ///< true class (row), mapped class (column)
};

/// The model with its logarithms taken once; const and shared by all threads.
class LabelModel {
 public:
  /// Throws Error::input for matrices of other sizes, and for numbers that are negative or not finite.
  explicit LabelModel(const LabelProbabilities& probabilities);
  [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
  [[nodiscard]] double initial(std::size_t state) const noexcept { return initial_[state]; }
  [[nodiscard]] double transition(std::size_t from, std::size_t to) const noexcept {
    return transition_[from * classes_ + to];
  }
  /// 0 for `no_class`.
  [[nodiscard]] double emission(std::size_t state, ClassIndex observed) const noexcept {
    return observed == no_class ? 0.0 : emission_[state * classes_ + observed];
  }

 private:
  std::size_t classes_;
  std::vector<double> initial_, transition_, emission_;  // logarithms
};

/// Smooths one pixel after the other, with scratch of its own: one for each thread.
class LabelSmoother {
 public:
  LabelSmoother(const LabelModel& model, std::size_t years);

  /// The most probable path of true classes; returns its log probability, joint with what was observed. Of equal paths
  /// the one with lower classes, the last year first. Minus infinity where no path is possible: `path` is then what
  /// was observed.
  double most_probable_path(std::span<const ClassIndex> observed, std::span<ClassIndex> path);
  /// Probability of each class in each year given all observations, years x K; returns the log likelihood of what was
  /// observed. Minus infinity where that is impossible: the probabilities are then NaN.
  double posterior(std::span<const ClassIndex> observed, std::span<double> probability);

 private:
  const LabelModel* model_;
  std::vector<double> forward_, backward_, terms_;
  std::vector<ClassIndex> best_from_;
};

/// Majority of each year and its two neighbours: a label that two of the three have. The first and the last year stay,
/// as do three that differ; a missing year is filled where its neighbours agree. It erases a clear-cut seen in one year
/// only: a fallback where nothing is known of the errors.
void majority_of_three_years(std::span<const ClassIndex> observed, std::span<ClassIndex> smoothed);

}  // namespace sink
