// SPDX-License-Identifier: Apache-2.0
#include "account/intensity.hpp"

#include <algorithm>
#include <map>

#include "support/case_table.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

using tests::Case;

const std::string cases = std::string(SINK_TESTS_DIR) + "/account/cases/";

/// The transitions of a case and what came of them.
struct Analysed {
  explicit Analysed(const std::string& name) {
    const CsvTable table = read_csv(cases + "intensity_input.csv");
    std::map<int, std::pair<int, std::map<std::pair<std::string, std::string>, double>>> read;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const Case row(table, r);
      if (row.text("case") != name) continue;
      auto& interval = read[std::stoi(row.text("year_from"))];
      interval.first = std::stoi(row.text("year_to"));
      interval.second[{row.text("from"), row.text("to")}] += row.number("size");
      place(row.text("from"));
      place(row.text("to"));
    }
    const std::size_t n = classes.size();
    for (const auto& [year, interval] : read) {
      IntervalChange change{year, interval.first, n, std::vector<double>(n * n, 0)};
      for (const auto& [pair, size] : interval.second) change.sizes[place(pair.first) * n + place(pair.second)] = size;
      intervals.push_back(change);
    }
    found = intensity_analysis(intervals);
  }
  std::size_t place(const std::string& name) {
    if (name.empty()) return Intensity::no_class_given;
    const auto at = std::find(classes.begin(), classes.end(), name);
    if (at != classes.end()) return static_cast<std::size_t>(at - classes.begin());
    classes.push_back(name);
    return classes.size() - 1;
  }
  std::vector<std::string> classes;
  std::vector<IntervalChange> intervals;
  std::vector<Intensity> found;
};

void check_against(const std::string& name) {
  Analysed analysed(name);
  const CsvTable table = read_csv(cases + "intensity.csv");
  std::size_t checked = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case row(table, r);
    if (row.text("case") != name) continue;
    INFO(row.place() << " " << row.text("level") << " " << row.text("year_from") << " " << row.text("from") << " "
                     << row.text("to"));
    const std::size_t from = analysed.place(row.text("from")), to = analysed.place(row.text("to"));
    const auto at = std::find_if(analysed.found.begin(), analysed.found.end(), [&](const Intensity& i) {
      return name_of(i.level) == row.text("level") && i.from == from && i.to == to &&
             analysed.intervals[i.interval].year_from == std::stoi(row.text("year_from"));
    });
    REQUIRE(at != analysed.found.end());
    CHECK(row.agrees(at->intensity, row.number("intensity")));
    CHECK(row.agrees(at->uniform, row.number("uniform")));
    if (row.has("change")) CHECK(row.agrees(at->change, row.number("change")));
    if (row.has("behaviour")) CHECK(name_of(at->level, at->behaviour) == row.text("behaviour"));
    ++checked;
  }
  CHECK(checked > 10);
}

TEST_CASE("intensities and behaviours are those of R intensity.analysis") {
  check_against("demo3x3");
}

TEST_CASE("intensities of five dates and eleven classes are OpenLand's") {
  check_against("SaoLourenco");
}

TEST_CASE("stationarity is OpenLand's, counted over intervals with a change") {
  Analysed analysed("SaoLourenco");
  const CsvTable table = read_csv(cases + "stationarity.csv");
  REQUIRE(table.rows.size() > 30);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case row(table, r);
    INFO(table.place(r));
    const Behaviour side = row.text("side") == "above" ? Behaviour::above : Behaviour::below;
    const std::size_t from = analysed.place(row.text("from")), to = analysed.place(row.text("to"));
    const auto times = std::count_if(analysed.found.begin(), analysed.found.end(), [&](const Intensity& i) {
      return name_of(i.level) == row.text("level") && i.from == from && i.to == to && i.change > 0 &&
             i.behaviour == side;
    });
    CHECK(static_cast<double>(times) == row.number("times"));
    CHECK((times == static_cast<long>(row.number("intervals"))) == (row.text("stationary") == "Y"));
    // Ours counts an interval without any change too: it is below uniform.
    const auto all = stationarity(analysed.found);
    const auto at = std::find_if(all.begin(), all.end(), [&](const Stationarity& s) {
      return name_of(s.level) == row.text("level") && s.from == from && s.to == to;
    });
    REQUIRE(at != all.end());
    if (side == Behaviour::above) CHECK(static_cast<double>(at->above) == row.number("times"));
    if (row.text("stationary") == "Y") CHECK(at->stationary());
  }
}

TEST_CASE("an empty class has no intensity, a single interval is uniform") {
  const auto rows = intensity_analysis({{2015, 2020, 3, {8, 2, 0, 0, 10, 0, 0, 0, 0}}});
  REQUIRE(rows.size() == 1 + 3 + 3 + 6 + 6);
  CHECK(rows[0].behaviour == Behaviour::uniform);
  CHECK(rows[0].intensity == Approx(2.0 / 20 / 5));
  const auto& gain_of_empty = rows[3];
  CHECK(gain_of_empty.to == 2);
  CHECK(std::isnan(gain_of_empty.intensity));
  CHECK(name_of(gain_of_empty.level, gain_of_empty.behaviour).empty());
  for (const auto& s : stationarity(rows)) {
    if (s.level == IntensityLevel::gain && s.to == 2) {
      CHECK(s.intervals == 0);
      CHECK_FALSE(s.stationary());
    }
  }
}

TEST_CASE("differences below 1e-7 are none") {
  // Both classes lose and gain at the rate of the whole.
  const auto rows = intensity_analysis({{2000, 2001, 2, {90, 10, 10, 90}}});
  for (const auto& row : rows) CHECK(row.behaviour == Behaviour::uniform);
}

TEST_CASE("nothing known is no change and no number") {
  for (const auto& row : intensity_analysis({{2000, 2001, 2, {0, 0, 0, 0}}})) {
    CHECK(row.behaviour == Behaviour::none);
    CHECK(std::isnan(row.intensity));
  }
}

}  // namespace
}  // namespace sink
