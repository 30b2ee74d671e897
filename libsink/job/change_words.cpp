// SPDX-License-Identifier: Apache-2.0
#include "job/change_words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.hpp"
#include "job/date_legends.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

std::vector<ClassIndex> where_row(const Legend& legend, const auto& wanted) {
  std::vector<ClassIndex> found;
  for (std::size_t k = 0; k < legend.size(); ++k) {
    if (wanted(legend[static_cast<ClassIndex>(k)])) found.push_back(static_cast<ClassIndex>(k));
  }
  return found;
}

std::vector<ClassIndex> find_classes(const Legend& legend, const std::string& word) {
  if (word == "any") return where_row(legend, [](const LegendRow&) { return true; });
  std::int64_t code = 0;
  const auto [rest, failure] = std::from_chars(word.data(), word.data() + word.size(), code);
  if (failure == std::errc() && rest == word.data() + word.size()) {
    const ClassIndex index = legend.index_of(code);
    return index == no_class ? std::vector<ClassIndex>{} : std::vector<ClassIndex>{index};
  }
  if (word == "forest") return where_row(legend, [](const LegendRow& row) { return is_forest(row.land_use); });
  if (const auto use = land_use_called(word)) {
    return where_row(legend, [&](const LegendRow& row) { return row.land_use == *use; });
  }
  const auto found = where_row(legend, [&](const LegendRow& row) { return row.key == word || row.code == word; });
  if (!found.empty()) return found;
  return where_row(legend, [&](const LegendRow& row) { return row.name_en == word || row.name_zh == word; });
}

/// What a table calls a class: its code, or its name where an earlier date's legend has that code for another class.
std::string word_of(const Legend& legend, ClassIndex place) {
  const LegendRow& row = legend[place];
  const auto& rows = legend.rows();
  const bool taken = std::any_of(rows.begin(), rows.begin() + place, [&](const auto& r) { return r.code == row.code; });
  return taken ? class_name(row) : row.code;
}

void add_pairs(const Legend& legend, const std::vector<ClassIndex>& from, const std::vector<ClassIndex>& to,
               TransitionSet& set) {
  set.resize(legend.size() * legend.size());
  for (const ClassIndex i : from) {
    for (const ClassIndex j : to) {
      if (i != j) set[i * legend.size() + j] = true;
    }
  }
}

std::pair<std::string, std::string> from_and_to(const std::string& text, const std::string& where) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw usage_error(where + " " + text + ": write FROM:TO, such as forest:settlement or 2:20");
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// A square table with codes in its first row and column; row `initial` apart.
struct SquareTable {
  std::vector<double> initial, cells;
};

std::vector<double> row_numbers(const Legend& legend, const CsvTable& table, std::size_t row) {
  std::vector<double> numbers;
  double sum = 0;
  for (std::size_t k = 0; k < legend.size(); ++k) {
    numbers.push_back(table.number(row, table.column(word_of(legend, static_cast<ClassIndex>(k)))));
    sum += numbers.back();
  }
  if (!(std::abs(sum - 1) <= 1e-6)) {
    throw input_error(table.place(row), "its probabilities add up to " + std::to_string(sum) + ": they must make 1");
  }
  return numbers;
}

SquareTable square_table(const Legend& legend, const std::string& file, const std::string& corner) {
  const CsvTable table = read_csv(file);
  const auto names = static_cast<std::size_t>(table.column(corner));
  const std::size_t classes = legend.size();
  SquareTable square{std::vector<double>(classes, 1 / static_cast<double>(classes)),
                     std::vector<double>(classes * classes)};
  std::vector<bool> seen(classes);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string& name = table.rows[row][names];
    if (name == "initial") {
      square.initial = row_numbers(legend, table, row);
      continue;
    }
    const auto found = find_classes(legend, name);
    if (found.size() != 1) continue;  // a table may know more classes than these maps
    const auto numbers = row_numbers(legend, table, row);
    std::copy(numbers.begin(), numbers.end(), square.cells.begin() + static_cast<std::ptrdiff_t>(found[0] * classes));
    seen[found[0]] = true;
  }
  for (std::size_t k = 0; k < classes; ++k) {
    if (seen[k]) continue;
    const std::string word = word_of(legend, static_cast<ClassIndex>(k));
    throw input_error(file, "has no row for class " + word + ": add one that starts with " + word);
  }
  return square;
}

}  // namespace

std::vector<ClassIndex> classes_named(const Legend& legend, const std::string& word, const std::string& where) {
  const auto found = find_classes(legend, word);
  if (!found.empty()) return found;
  std::string codes;
  for (const auto& row : legend.rows()) codes += (codes.empty() ? "" : ",") + row.code;
  throw input_error(where, "no class is '" + word + "': give a code (" + codes +
                               "), a land use of the legend such as forest or settlement, a key, a name, or any");
}

void add_transition(const Legend& legend, const std::string& text, TransitionSet& set) {
  const auto [from, to] = from_and_to(text, "--transition");
  add_pairs(legend, classes_named(legend, from, "--transition " + text),
            classes_named(legend, to, "--transition " + text), set);
}

void add_felled(const Legend& legend, const std::string& text, TransitionSet& set) {
  const auto [from, to] = from_and_to(text, "--transition");
  const auto starts = find_classes(legend, from), ends = find_classes(legend, to);
  const auto all_forest = [&](const std::vector<ClassIndex>& classes) {
    return std::all_of(classes.begin(), classes.end(),
                       [&](ClassIndex index) { return is_forest(legend[index].land_use); });
  };
  if (!all_forest(starts) || !all_forest(ends)) return;
  set.resize(legend.size() * legend.size());
  for (const ClassIndex index : starts) {
    if (std::find(ends.begin(), ends.end(), index) != ends.end()) set[index * legend.size() + index] = true;
  }
}

void add_harvest(const Legend& legend, TransitionSet& set, TransitionSet& if_felled) {
  add_pairs(legend, classes_named(legend, "forest", "--preset harvest"), find_classes(legend, "forest_unstocked"), set);
  if_felled.assign(legend.size() * legend.size(), true);
}

void add_preset(const Legend& legend, const std::string& preset, TransitionSet& set) {
  const std::string where = "--preset " + preset;
  std::vector<ClassIndex> from = classes_named(legend, "forest", where), to;
  if (preset == "tea") {
    to = find_classes(legend, "ECON_TEA_CAMELLIA");
    if (to.empty()) to = classes_named(legend, "cropland_perennial", where);
  } else {
    for (const char* use : {"cropland", "cropland_perennial"}) {
      const auto more = find_classes(legend, use);
      from.insert(from.end(), more.begin(), more.end());
    }
    to = classes_named(legend, "settlement", where);
  }
  add_pairs(legend, from, to, set);
}

std::vector<MinimumUnit> minimum_units(const Legend& legend, const std::vector<std::string>& texts) {
  std::vector<MinimumUnit> units(legend.size() * legend.size());
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    const auto unit = parse_minimum_unit(equals == std::string::npos ? text : text.substr(equals + 1));
    if (!unit) throw usage_error("--mmu " + text + ": write a size with its unit, such as 10px, 667m2, 1mu or 0.5ha");
    if (equals == std::string::npos) {
      std::fill(units.begin(), units.end(), *unit);
      continue;
    }
    const auto [from, to] = from_and_to(text.substr(0, equals), "--mmu");
    TransitionSet set;
    add_pairs(legend, classes_named(legend, from, "--mmu " + text), classes_named(legend, to, "--mmu " + text), set);
    for (std::size_t pair = 0; pair < set.size(); ++pair) {
      if (set[pair]) units[pair] = *unit;
    }
  }
  return units;
}

std::vector<std::string> impossible_transitions(const Legend& legend, const std::string& file, int interval_years) {
  std::vector<std::string> reasons(legend.size() * legend.size());
  if (file.empty()) return reasons;
  const CsvTable table = read_csv(file);
  const auto from = static_cast<std::size_t>(table.column("from")), to = static_cast<std::size_t>(table.column("to")),
             reason = static_cast<std::size_t>(table.column("reason"));
  const int within = table.find("within_years");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto& cells = table.rows[row];
    const bool limited = within >= 0 && !cells[static_cast<std::size_t>(within)].empty();
    if (cells[reason].empty()) throw input_error(table.place(row), "gives no reason: write why this cannot be");
    const auto starts = classes_named(legend, cells[from], table.place(row)),
               ends = classes_named(legend, cells[to], table.place(row));
    if (limited && table.number(row, within) < interval_years) continue;
    TransitionSet set;
    add_pairs(legend, starts, ends, set);
    for (std::size_t pair = 0; pair < set.size(); ++pair) {
      if (set[pair]) reasons[pair] = cells[reason];
    }
  }
  return reasons;
}

LabelProbabilities label_probabilities(const Legend& legend, const std::string& transitions,
                                       const std::string& emissions) {
  SquareTable years = square_table(legend, transitions, "from"), maps = square_table(legend, emissions, "true");
  return {std::move(years.initial), std::move(years.cells), std::move(maps.cells)};
}

}  // namespace sink
