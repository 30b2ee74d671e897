// SPDX-License-Identifier: Apache-2.0
// Intensity analysis of land-use change at three levels: is an interval fast, is a class active, does a transition
// target what it takes. Aldwaik & Pontius (2012), Landsc. Urban Plan. 106:103. Intensities are fractions per year.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sink {

/// Change of one interval among classes that are known at both its dates; sizes in pixels or hectares.
struct IntervalChange {
  int year_from = 0, year_to = 0;
  std::size_t classes = 0;
  std::vector<double> sizes;  ///< classes x classes, row by row, rows the earlier date
};

enum class IntensityLevel {
  interval,         ///< all change of an interval against that of all intervals
  gain,             ///< a class's gain over its size at the end, against all change
  loss,             ///< a class's loss over its size at the start, against all change
  transition_gain,  ///< where the gain of `to` comes from, over the size of `from` at the start
  transition_loss,  ///< where the loss of `from` goes, over the size of `to` at the end
};
std::string_view name_of(IntensityLevel level) noexcept;

enum class Behaviour { none, above, below, uniform };
/// "fast" and "slow", "active" and "dormant", "targets" and "avoids", "uniform"; blank where there is no intensity.
std::string_view name_of(IntensityLevel level, Behaviour behaviour) noexcept;

/// Differences from uniform below this are none.
inline constexpr double uniform_within = 1e-7;

struct Intensity {
  static constexpr std::size_t no_class_given = static_cast<std::size_t>(-1);
  IntensityLevel level = IntensityLevel::interval;
  std::size_t interval = 0;                                ///< place in the input
  std::size_t from = no_class_given, to = no_class_given;  ///< classes, where the level has them
  double change = 0;                                       ///< size of the change in the interval
  double base = 0;                                         ///< size that it is divided by
  double intensity = 0, uniform = 0;                       ///< per year; NaN where the base is empty
  Behaviour behaviour = Behaviour::none;
};

/// Every level, in order of interval, level, class. The uniform intensity over all intervals is weighted by what is
/// known in each; where that never differs it is the one of the paper.
std::vector<Intensity> intensity_analysis(const std::vector<IntervalChange>& intervals);

/// How often a class or transition was above or below uniform: stationary where it was always the same.
struct Stationarity {
  IntensityLevel level = IntensityLevel::gain;
  std::size_t from = Intensity::no_class_given, to = Intensity::no_class_given;
  std::size_t intervals = 0;  ///< with an intensity
  std::size_t above = 0, below = 0, uniform = 0;
  [[nodiscard]] bool stationary() const noexcept {
    return intervals > 0 && (above == intervals || below == intervals || uniform == intervals);
  }
};
/// Of every class and transition of `intensities`, in order of level and class.
std::vector<Stationarity> stationarity(const std::vector<Intensity>& intensities);

}  // namespace sink
