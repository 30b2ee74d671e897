// SPDX-License-Identifier: Apache-2.0
#include "account/transition_matrix.hpp"

#include "core/error.hpp"

namespace sink {

TransitionMatrix& TransitionMatrix::operator+=(const TransitionMatrix& other) {
  if (other.classes_ != classes_) throw Error(Error::Kind::internal, "transition matrices of different classes");
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += other.cells_[i];
  return *this;
}

PixelArea TransitionMatrix::from_total(std::size_t from) const {
  PixelArea sum;
  for (std::size_t to = 0; to <= classes_; ++to) sum += at(from, to);
  return sum;
}

PixelArea TransitionMatrix::to_total(std::size_t to) const {
  PixelArea sum;
  for (std::size_t from = 0; from <= classes_; ++from) sum += at(from, to);
  return sum;
}

PixelArea TransitionMatrix::total() const {
  PixelArea sum;
  for (const auto& cell : cells_) sum += cell;
  return sum;
}

std::vector<std::int64_t> TransitionMatrix::known_pixels() const {
  std::vector<std::int64_t> pixels;
  for (std::size_t from = 0; from < classes_; ++from) {
    for (std::size_t to = 0; to < classes_; ++to) pixels.push_back(at(from, to).pixels);
  }
  return pixels;
}

std::vector<FixedSum> TransitionMatrix::known_areas() const {
  std::vector<FixedSum> areas;
  for (std::size_t from = 0; from < classes_; ++from) {
    for (std::size_t to = 0; to < classes_; ++to) areas.push_back(at(from, to).area_ha);
  }
  return areas;
}

std::vector<double> population_adjusted(const std::vector<double>& units, const std::vector<double>& population) {
  const std::size_t n = population.size();
  if (units.size() != n * n) throw Error(Error::Kind::internal, "a sample matrix needs one population per row");
  std::vector<double> adjusted(units.size());
  for (std::size_t i = 0; i < n; ++i) {
    double sampled = 0;
    for (std::size_t j = 0; j < n; ++j) sampled += units[i * n + j];
    for (std::size_t j = 0; j < n && sampled > 0; ++j) {
      adjusted[i * n + j] = units[i * n + j] * population[i] / sampled;
    }
  }
  return adjusted;
}

}  // namespace sink
