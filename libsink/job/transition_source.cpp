// SPDX-License-Identifier: Apache-2.0
#include "job/transition_source.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double ha_per_km2 = 100;

/// The first of `names` that the table has, or -1.
int first_column(const CsvTable& table, const std::vector<const char*>& names) {
  for (const auto* name : names) {
    if (const int at = table.find(name); at >= 0) return at;
  }
  return -1;
}

int needed_column(const CsvTable& table, const std::vector<const char*>& names) {
  const int at = first_column(table, names);
  return at >= 0 ? at : table.column(names.front());  // throws, naming what the table has
}

/// Whole numbers by value, texts after them by their letters.
struct CodeOrder {
  bool operator()(const std::string& a, const std::string& b) const {
    const auto whole = [](const std::string& t) { return t.find_first_not_of("0123456789") == std::string::npos; };
    if (whole(a) != whole(b)) return whole(a);
    return whole(a) && a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};

/// A long table while it is read.
class LongTable {
 public:
  LongTable(const std::string& file, const std::string& unit) : table_(read_csv(file)) {
    from_ = needed_column(table_, {"from_code", "From"});
    to_ = needed_column(table_, {"to_code", "To"});
    year_from_ = needed_column(table_, {"year_from", "yearFrom"});
    year_to_ = needed_column(table_, {"year_to", "yearTo"});
    const int km2 = table_.find("km2"), ha = table_.find("area_ha");
    const bool areas = ha >= 0 || km2 >= 0;
    unit_ = !unit.empty() ? unit : areas ? "ha" : "pixels";
    size_ = unit_ == "ha" ? (ha >= 0 || !areas ? table_.column("area_ha") : km2)
                          : needed_column(table_, {"pixels", "QtPixel"});
    factor_ = unit_ == "ha" && ha < 0 ? ha_per_km2 : 1;
  }

  Transitions read() {
    Transitions found;
    found.unit = unit_;
    find_classes(found);
    for (std::size_t row = 0; row < table_.rows.size(); ++row) add(row, found);
    for (auto& zone : found.zones) {
      std::sort(zone.intervals.begin(), zone.intervals.end(), [](const auto& a, const auto& b) {
        return std::pair(a.year_from, a.year_to) < std::pair(b.year_from, b.year_to);
      });
    }
    if (found.zones.empty()) throw input_error(table_.file, "has no transition between known classes");
    return found;
  }

 private:
  [[nodiscard]] const std::string& text(std::size_t row, int column) const {
    return table_.rows[row][static_cast<std::size_t>(column)];
  }
  [[nodiscard]] std::string text_if(std::size_t row, const char* name) const {
    const int column = table_.find(name);
    return column < 0 ? "" : text(row, column);
  }
  [[nodiscard]] int year(std::size_t row, int column) const {
    const double year = table_.number(row, column);
    if (year != std::floor(year) || std::abs(year) > 9999) {
      throw input_error(table_.place(row), "'" + text(row, column) + "' is not a year");
    }
    return static_cast<int>(year);
  }

  void find_classes(Transitions& found) {
    std::map<std::string, std::string, CodeOrder> names;
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      for (const auto& [column, name] : {std::pair(from_, "from_name"), std::pair(to_, "to_name")}) {
        if (!text(row, column).empty()) names.emplace(text(row, column), text_if(row, name));
      }
    }
    for (const auto& [code, name] : names) {
      places_[code] = found.classes.size();
      found.classes.push_back({code, name.empty() ? code : name});
    }
  }

  void add(std::size_t row, Transitions& found) {
    const int from_year = year(row, year_from_), to_year = year(row, year_to_);
    if (from_year >= to_year) {
      throw input_error(table_.place(row), "the interval " + text(row, year_from_) + " to " + text(row, year_to_) +
                                               " does not go forward: the earlier year comes first");
    }
    const double size = table_.number(row, size_) * factor_;
    if (size < 0) throw input_error(table_.place(row), "a size below 0");
    if (text(row, from_).empty() || text(row, to_).empty()) return;
    const std::string set = text_if(row, "zone_set"), id = text_if(row, "zone_id");
    auto zone = std::find_if(found.zones.begin(), found.zones.end(),
                             [&](const auto& z) { return z.zone_set == set && z.zone_id == id; });
    if (zone == found.zones.end()) zone = found.zones.insert(zone, {set, id, {}});
    auto& all = zone->intervals;
    auto interval = std::find_if(all.begin(), all.end(), [&](const IntervalChange& i) {
      return i.year_from == from_year && i.year_to == to_year;
    });
    const std::size_t n = found.classes.size();
    if (interval == all.end()) interval = all.insert(interval, {from_year, to_year, n, std::vector<double>(n * n, 0)});
    interval->sizes[places_.at(text(row, from_)) * n + places_.at(text(row, to_))] += size;
  }

  CsvTable table_;
  int from_ = -1, to_ = -1, year_from_ = -1, year_to_ = -1, size_ = -1;
  double factor_ = 1;
  std::string unit_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

Transitions read_transitions(const std::string& file, const std::string& unit) {
  return LongTable(file, unit).read();
}

Transitions transitions_of(const ChangeSetup& setup, const ChangeSums& sums, const std::string& unit) {
  Transitions found;
  found.unit = unit.empty() ? "ha" : unit;
  const std::size_t n = setup.classes();
  for (std::size_t k = 0; k < n; ++k) found.classes.push_back(label_of(setup.maps.legend(), k));
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    ZoneTransitions& made = found.zones.emplace_back();
    made.zone_set = setup.zones[zone.set].source().set;
    made.zone_id = zone.zone.id;
    for (std::size_t t = 0; t < setup.intervals(); ++t) {
      IntervalChange interval{setup.maps.years()[t], setup.maps.years()[t + 1], n, {}};
      for (std::size_t from = 0; from < n; ++from) {
        for (std::size_t to = 0; to < n; ++to) {
          const PixelArea& cell = zone.intervals[t].at(from, to);
          interval.sizes.push_back(found.unit == "ha" ? cell.area_ha.value() : static_cast<double>(cell.pixels));
        }
      }
      made.intervals.push_back(std::move(interval));
    }
  });
  return found;
}

}  // namespace sink
