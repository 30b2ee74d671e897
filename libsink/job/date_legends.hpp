// SPDX-License-Identifier: Apache-2.0
// DateLegends: the legends of several dates and their classes as one list. Classes of two legends are one class where
// their names are equal; a class has a code at each date.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/legend.hpp"

namespace sink {

/// What a class is called: its name in the legend, else its code.
std::string class_name(const LegendRow& row);
/// The first code that a legend row stands for: 1000 for "10xx".
std::int64_t first_code(const LegendRow& row);

class DateLegends {
 public:
  DateLegends() : DateLegends({Legend()}, {0}) {}
  /// `legends` each in ascending code, `of_date` the one of each date. The united list has the classes of the first
  /// legend, then those that only later ones have. Throws Error::input where two legends say different things of one
  /// name, where a legend has a name twice, and where those of two dates that follow each other share no name.
  DateLegends(std::vector<Legend> legends, std::vector<std::size_t> of_date);

  /// The united classes; each with the row of the first legend that has it.
  [[nodiscard]] const Legend& united() const noexcept { return united_; }
  [[nodiscard]] bool several() const noexcept { return legends_.size() > 1; }
  [[nodiscard]] std::size_t legends() const noexcept { return legends_.size(); }
  [[nodiscard]] std::size_t legend_of(std::size_t date) const { return of_date_.at(date); }
  /// Place among the united classes of a code of a legend; `no_class` where that does not have it.
  [[nodiscard]] ClassIndex place_of(std::size_t legend, std::int64_t code) const noexcept {
    const ClassIndex row = legends_[legend].index_of(code);
    return row == no_class ? no_class : places_[legend][row];
  }
  /// A class's row in a date's legend; null where that does not have it.
  [[nodiscard]] const LegendRow* own_row(std::size_t place, std::size_t date) const;
  /// Its code at a date; where the date's legend does not have the class, that of the first legend that has it.
  [[nodiscard]] const std::string& code(std::size_t place, std::size_t date) const;
  /// Throws Error::input where at some date two classes would have to share a code.
  void demand_codes_apart() const;

 private:
  void unite();
  void check_neighbours() const;
  std::vector<Legend> legends_;
  std::vector<std::size_t> of_date_;
  Legend united_;
  std::vector<std::vector<ClassIndex>> places_;  ///< by legend and row: place among the united classes
  std::vector<std::vector<ClassIndex>> rows_;    ///< by legend and place: row, or `no_class`
  std::vector<std::size_t> first_;               ///< by place: the first legend that has the class
};

}  // namespace sink
