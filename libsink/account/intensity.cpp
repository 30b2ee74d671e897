// SPDX-License-Identifier: Apache-2.0
#include "account/intensity.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "account/transition_matrix.hpp"
#include "core/error.hpp"

namespace sink {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : nothing;
}

Behaviour behaviour_of(double intensity, double uniform) {
  if (std::isnan(intensity) || std::isnan(uniform)) return Behaviour::none;
  if (std::abs(intensity - uniform) < uniform_within) return Behaviour::uniform;
  return intensity > uniform ? Behaviour::above : Behaviour::below;
}

/// One interval's sizes, and rows of the analysis made of them.
class IntervalLevels {
 public:
  IntervalLevels(const std::vector<IntervalChange>& all, std::size_t place, std::vector<Intensity>& rows)
      : in_(all[place]),
        place_(place),
        years_(in_.year_to - in_.year_from),
        classes_(changes_by_class(in_.sizes, in_.classes)),
        overall_(overall_change(classes_, in_.sizes)),
        rows_(rows) {
    if (in_.sizes.size() != in_.classes * in_.classes || years_ <= 0) {
      throw Error(Error::Kind::internal, "intensity analysis of an interval without years or of a broken matrix");
    }
  }

  void add(double uniform_of_all_intervals) {
    using enum IntensityLevel;
    const double change = ratio(overall_.gain / years_, overall_.start);
    push(interval, none, none, overall_.gain, overall_.start, uniform_of_all_intervals);
    for (std::size_t k = 0; k < in_.classes; ++k) push(gain, none, k, classes_[k].gain, classes_[k].end, change);
    for (std::size_t k = 0; k < in_.classes; ++k) push(loss, k, none, classes_[k].loss, classes_[k].start, change);
    for (std::size_t n = 0; n < in_.classes; ++n) {
      const double uniform = ratio(classes_[n].gain / years_, overall_.start - classes_[n].start);
      for (std::size_t i = 0; i < in_.classes; ++i) {
        if (i != n) push(transition_gain, i, n, size(i, n), classes_[i].start, uniform);
      }
    }
    for (std::size_t m = 0; m < in_.classes; ++m) {
      const double uniform = ratio(classes_[m].loss / years_, overall_.start - classes_[m].end);
      for (std::size_t j = 0; j < in_.classes; ++j) {
        if (j != m) push(transition_loss, m, j, size(m, j), classes_[j].end, uniform);
      }
    }
  }
  [[nodiscard]] double changed() const { return overall_.gain; }
  [[nodiscard]] double size_years() const { return overall_.start * years_; }

 private:
  static constexpr std::size_t none = Intensity::no_class_given;
  [[nodiscard]] double size(std::size_t from, std::size_t to) const { return in_.sizes[from * in_.classes + to]; }
  void push(IntensityLevel level, std::size_t from, std::size_t to, double change, double base, double uniform) {
    Intensity row{level, place_, from, to, change, base, ratio(change / years_, base), uniform, Behaviour::none};
    row.behaviour = behaviour_of(row.intensity, row.uniform);
    rows_.push_back(row);
  }

  const IntervalChange& in_;
  std::size_t place_;
  double years_;
  std::vector<ClassChange<double>> classes_;
  ClassChange<double> overall_;
  std::vector<Intensity>& rows_;
};

}  // namespace

std::string_view name_of(IntensityLevel level) noexcept {
  switch (level) {
    case IntensityLevel::interval:
      return "interval";
    case IntensityLevel::gain:
      return "gain";
    case IntensityLevel::loss:
      return "loss";
    case IntensityLevel::transition_gain:
      return "transition_gain";
    case IntensityLevel::transition_loss:
      break;
  }
  return "transition_loss";
}

std::string_view name_of(IntensityLevel level, Behaviour behaviour) noexcept {
  if (behaviour == Behaviour::none) return "";
  if (behaviour == Behaviour::uniform) return "uniform";
  const bool above = behaviour == Behaviour::above;
  if (level == IntensityLevel::interval) return above ? "fast" : "slow";
  if (level == IntensityLevel::gain || level == IntensityLevel::loss) return above ? "active" : "dormant";
  return above ? "targets" : "avoids";
}

std::vector<Intensity> intensity_analysis(const std::vector<IntervalChange>& intervals) {
  std::vector<Intensity> rows;
  double changed = 0, size_years = 0;
  for (std::size_t t = 0; t < intervals.size(); ++t) {
    const IntervalLevels levels(intervals, t, rows);
    changed += levels.changed();
    size_years += levels.size_years();
  }
  for (std::size_t t = 0; t < intervals.size(); ++t) {
    IntervalLevels(intervals, t, rows).add(ratio(changed, size_years));
  }
  return rows;
}

std::vector<Stationarity> stationarity(const std::vector<Intensity>& intensities) {
  std::map<std::tuple<IntensityLevel, std::size_t, std::size_t>, Stationarity> found;
  for (const Intensity& row : intensities) {
    if (row.level == IntensityLevel::interval) continue;
    Stationarity& s = found[{row.level, row.from, row.to}];
    s.level = row.level;
    s.from = row.from;
    s.to = row.to;
    s.intervals += row.behaviour == Behaviour::none ? 0 : 1;
    s.above += row.behaviour == Behaviour::above ? 1 : 0;
    s.below += row.behaviour == Behaviour::below ? 1 : 0;
    s.uniform += row.behaviour == Behaviour::uniform ? 1 : 0;
  }
  std::vector<Stationarity> all;
  for (const auto& [key, s] : found) all.push_back(s);
  return all;
}

}  // namespace sink
