// SPDX-License-Identifier: Apache-2.0
#include "change/hmm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/nodata.hpp"

namespace sink {
namespace {

constexpr double impossible = -std::numeric_limits<double>::infinity();

std::vector<double> logarithms(const std::vector<double>& values, std::size_t expected, const std::string& what) {
  if (values.size() != expected) {
    throw Error(Error::Kind::input, what + " has " + std::to_string(values.size()) + " numbers: it needs " +
                                        std::to_string(expected) + ", for each class or pair of classes");
  }
  std::vector<double> logs;
  logs.reserve(values.size());
  for (const double value : values) {
    if (!(value >= 0) || std::isinf(value)) {
      throw Error(Error::Kind::input, what + " holds " + std::to_string(value) + ": give probabilities from 0 to 1");
    }
    logs.push_back(std::log(value));
  }
  return logs;
}

/// log(sum of exp(terms)), by the largest of them so that nothing underflows.
double log_sum(std::span<const double> terms) {
  const double largest = *std::max_element(terms.begin(), terms.end());
  if (largest == impossible) return impossible;
  double sum = 0;
  for (const double term : terms) sum += std::exp(term - largest);
  return largest + std::log(sum);
}

}  // namespace

LabelModel::LabelModel(const LabelProbabilities& probabilities)
    : classes_(probabilities.initial.size()),
      initial_(logarithms(probabilities.initial, classes_, "the table of initial probabilities")),
      transition_(logarithms(probabilities.transition, classes_ * classes_, "the table of transitions")),
      emission_(logarithms(probabilities.emission, classes_ * classes_, "the table of emissions")) {
  if (classes_ == 0) throw Error(Error::Kind::input, "a model needs at least one class");
}

LabelSmoother::LabelSmoother(const LabelModel& model, std::size_t years)
    : model_(&model),
      forward_(years * model.classes()),
      backward_(years * model.classes()),
      terms_(model.classes()),
      best_from_(years * model.classes()) {}

double LabelSmoother::most_probable_path(std::span<const ClassIndex> observed, std::span<ClassIndex> path) {
  const std::size_t classes = model_->classes(), years = observed.size();
  for (std::size_t to = 0; to < classes; ++to) forward_[to] = model_->initial(to) + model_->emission(to, observed[0]);
  for (std::size_t year = 1; year < years; ++year) {
    const double* before = forward_.data() + (year - 1) * classes;
    for (std::size_t to = 0; to < classes; ++to) {
      std::size_t best = 0;
      double best_log = impossible;
      for (std::size_t from = 0; from < classes; ++from) {
        const double log = before[from] + model_->transition(from, to);
        if (log > best_log) {
          best_log = log;
          best = from;
        }
      }
      forward_[year * classes + to] = best_log + model_->emission(to, observed[year]);
      best_from_[year * classes + to] = static_cast<ClassIndex>(best);
    }
  }
  const double* last = forward_.data() + (years - 1) * classes;
  auto state = static_cast<ClassIndex>(std::max_element(last, last + classes) - last);
  const double log_joint = last[state];
  if (log_joint == impossible) {
    std::copy(observed.begin(), observed.end(), path.begin());
    return impossible;
  }
  for (std::size_t year = years; year-- > 0;) {
    path[year] = state;
    state = best_from_[year * classes + state];
  }
  return log_joint;
}

double LabelSmoother::posterior(std::span<const ClassIndex> observed, std::span<double> probability) {
  const std::size_t classes = model_->classes(), years = observed.size();
  for (std::size_t to = 0; to < classes; ++to) forward_[to] = model_->initial(to) + model_->emission(to, observed[0]);
  for (std::size_t year = 1; year < years; ++year) {
    for (std::size_t to = 0; to < classes; ++to) {
      for (std::size_t from = 0; from < classes; ++from) {
        terms_[from] = forward_[(year - 1) * classes + from] + model_->transition(from, to);
      }
      forward_[year * classes + to] = log_sum(terms_) + model_->emission(to, observed[year]);
    }
  }
  std::fill(backward_.begin(), backward_.end(), 0.0);
  for (std::size_t year = years - 1; year-- > 0;) {
    for (std::size_t from = 0; from < classes; ++from) {
      for (std::size_t to = 0; to < classes; ++to) {
        terms_[to] = model_->transition(from, to) + model_->emission(to, observed[year + 1]) +
                     backward_[(year + 1) * classes + to];
      }
      backward_[year * classes + from] = log_sum(terms_);
    }
  }
  const double log_likelihood = log_sum(std::span(forward_).subspan((years - 1) * classes, classes));
  for (std::size_t i = 0; i < years * classes; ++i) {
    probability[i] = log_likelihood == impossible ? no_value : std::exp(forward_[i] + backward_[i] - log_likelihood);
  }
  return log_likelihood;
}

void majority_of_three_years(std::span<const ClassIndex> observed, std::span<ClassIndex> smoothed) {
  std::copy(observed.begin(), observed.end(), smoothed.begin());
  for (std::size_t year = 1; year + 1 < observed.size(); ++year) {
    const ClassIndex before = observed[year - 1];
    if (before != no_class && before == observed[year + 1]) smoothed[year] = before;
  }
}

}  // namespace sink
