// SPDX-License-Identifier: Apache-2.0
#include "job/date_legends.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

std::string names_in_words(const Legend& legend) {
  constexpr std::size_t most_shown = 6;
  std::string text;
  for (std::size_t k = 0; k < legend.size(); ++k) {
    if (k == most_shown) return text + ", …";
    text += (k == 0 ? "" : ", ") + class_name(legend[static_cast<ClassIndex>(k)]);
  }
  return text;
}

std::string meaning_of(const LegendRow& row) {
  return "code " + row.code + ", " + std::string(name_of(row.land_use)) +
         (row.key.empty() ? ", no key" : ", key " + row.key);
}

}  // namespace

std::string class_name(const LegendRow& row) {
  if (!row.name_en.empty()) return row.name_en;
  return row.name_zh.empty() ? row.code : row.name_zh;
}

std::int64_t first_code(const LegendRow& row) {
  std::int64_t code = 0;
  for (const char c : row.code) code = code * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
  return code;
}

DateLegends::DateLegends(std::vector<Legend> legends, std::vector<std::size_t> of_date)
    : legends_(std::move(legends)), of_date_(std::move(of_date)) {
  unite();
  check_neighbours();
}

void DateLegends::unite() {
  std::vector<LegendRow> rows;
  std::map<std::string, ClassIndex> by_name;
  for (std::size_t l = 0; l < legends_.size(); ++l) {
    const Legend& legend = legends_[l];
    auto& places = places_.emplace_back();
    std::vector<bool> taken(rows.size() + legend.size());
    for (const LegendRow& row : legend.rows()) {
      const std::string name = class_name(row);
      // The rows of one legend alone are classes by their codes, whatever they are called.
      const auto known = several() ? by_name.find(name) : by_name.end();
      const auto place = known == by_name.end() ? static_cast<ClassIndex>(rows.size()) : known->second;
      if (taken[place]) {
        throw input_error(legend.file(), "two classes are called '" + name +
                                             "': where legends differ by date classes go by name: give each its own");
      }
      taken[place] = true;
      places.push_back(place);
      if (known == by_name.end()) {
        rows.push_back(row);
        first_.push_back(l);
        by_name.emplace(name, place);
        continue;
      }
      const LegendRow& first = rows[place];
      if (first.land_use == row.land_use && first.key == row.key) continue;
      throw input_error(legend.file(), "'" + name + "' (" + meaning_of(row) + ") is something else in " +
                                           legends_[first_[place]].file() + " (" + meaning_of(first) +
                                           "): give both the same land_use and key, or different names");
    }
  }
  united_ =
      Legend(legends_.front().file(), std::move(rows), several() ? RepeatedCodes::first_row : RepeatedCodes::refused);
  for (const auto& places : places_) {
    auto& own = rows_.emplace_back(united_.size(), no_class);
    for (std::size_t row = 0; row < places.size(); ++row) own[places[row]] = static_cast<ClassIndex>(row);
  }
}

void DateLegends::check_neighbours() const {
  for (std::size_t date = 1; date < of_date_.size(); ++date) {
    const std::size_t before = of_date_[date - 1], after = of_date_[date];
    if (before == after) continue;
    const bool shared = std::any_of(places_[after].begin(), places_[after].end(),
                                    [&](ClassIndex place) { return rows_[before][place] != no_class; });
    if (shared) continue;
    throw input_error(legends_[after].file(),
                      "shares no class name with " + legends_[before].file() + " (" + names_in_words(legends_[after]) +
                          " against " + names_in_words(legends_[before]) +
                          "): classes of two legends are equal where their names are: write the same name_en in both");
  }
}

const LegendRow* DateLegends::own_row(std::size_t place, std::size_t date) const {
  const std::size_t legend = of_date_.at(date);
  const ClassIndex row = rows_[legend].at(place);
  return row == no_class ? nullptr : &legends_[legend][row];
}

const std::string& DateLegends::code(std::size_t place, std::size_t date) const {
  const LegendRow* own = own_row(place, date);
  return own != nullptr ? own->code : united_[static_cast<ClassIndex>(place)].code;
}

void DateLegends::demand_codes_apart() const {
  for (std::size_t date = 0; date < of_date_.size(); ++date) {
    const std::size_t legend = of_date_[date];
    std::map<std::int64_t, std::size_t> borrowed;
    for (std::size_t place = 0; place < united_.size(); ++place) {
      if (own_row(place, date) != nullptr) continue;
      const LegendRow& row = united_[static_cast<ClassIndex>(place)];
      ClassIndex other = place_of(legend, first_code(row));
      const auto [at, is_new] = borrowed.emplace(first_code(row), place);
      if (other == no_class && !is_new) other = static_cast<ClassIndex>(at->second);
      if (other == no_class) continue;
      throw input_error(legends_[legend].file(), "a filter over the years may find '" + class_name(row) +
                                                     "' where only " + legends_[first_[place]].file() +
                                                     " has it, and its code " + row.code + " there is that of '" +
                                                     class_name(united_[other]) +
                                                     "' here: give every class a code of its own");
    }
  }
}

}  // namespace sink
