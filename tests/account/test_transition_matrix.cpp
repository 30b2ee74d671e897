// SPDX-License-Identifier: Apache-2.0
#include "account/transition_matrix.hpp"

#include <map>
#include <set>

#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

using tests::Case;

const std::string cases = std::string(SINK_TESTS_DIR) + "/account/cases/";

struct Square {
  std::vector<std::string> classes;
  std::vector<double> cells;
};

/// The matrix of a case; classes in order of appearance.
Square matrix_of(const std::string& name) {
  const CsvTable table = read_csv(cases + "transition_cells.csv");
  Square square;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case row(table, r);
    if (row.text("case") != name) continue;
    if (row.text("from") != (square.classes.empty() ? "" : square.classes.back()))
      square.classes.push_back(row.text("from"));
    square.cells.push_back(row.number("size"));
  }
  REQUIRE(square.cells.size() == square.classes.size() * square.classes.size());
  return square;
}

template <class T>
void check_parts(const Case& row, const ClassChange<T>& c) {
  INFO(row.place());
  const auto agrees = [&](const char* part, const T& value) {
    INFO(part);
    return row.agrees(static_cast<double>(value), row.number(part)) ||
           (row.number(part) == 0 && std::abs(static_cast<double>(value)) < 1e-12);
  };
  CHECK(agrees("gain", c.gain));
  CHECK(agrees("loss", c.loss));
  CHECK(agrees("persistence", c.persistence));
  CHECK(agrees("quantity", c.quantity));
  CHECK(agrees("exchange", c.exchange));
  CHECK(agrees("shift", c.shift));
  CHECK(static_cast<double>(c.swap) == Approx(static_cast<double>(c.exchange + c.shift)).margin(1e-12));
  CHECK(static_cast<double>(c.net) == Approx(static_cast<double>(c.gain - c.loss)).margin(1e-12));
}

template <class T>
void check_case(const std::string& name, const std::vector<std::string>& classes, const std::vector<T>& cells) {
  const auto changes = changes_by_class(cells, classes.size());
  const CsvTable table = read_csv(cases + "transition_changes.csv");
  std::size_t checked = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case row(table, r);
    if (row.text("case") != name) continue;
    ++checked;
    if (row.text("class") == "overall") {
      check_parts(row, overall_change(changes, cells));
      continue;
    }
    const auto at = std::find(classes.begin(), classes.end(), row.text("class"));
    REQUIRE(at != classes.end());
    check_parts(row, changes[static_cast<std::size_t>(at - classes.begin())]);
  }
  CHECK(checked == classes.size() + 1);
}

TEST_CASE("parts of change are diffeR's, whole numbers to the last pixel") {
  for (const std::string name : {"pie 1985-1991", "comparison-reference"}) {
    const Square square = matrix_of(name);
    check_case(name, square.classes, std::vector<std::int64_t>(square.cells.begin(), square.cells.end()));
    check_case(name, square.classes, square.cells);
  }
}

TEST_CASE("a sample is scaled to its strata before the parts are taken") {
  const Square sample = matrix_of("comparison-reference"), expected = matrix_of("population adjusted");
  const std::vector<double> population = {2000, 4000, 6000};
  std::vector<double> percent;
  for (const double size : population_adjusted(sample.cells, population)) percent.push_back(size * 100 / 12000);
  for (std::size_t i = 0; i < percent.size(); ++i) CHECK(percent[i] == Approx(expected.cells[i]).epsilon(1e-12));
  check_case("population adjusted", sample.classes, percent);
}

TEST_CASE("a stratum that nothing was sampled from stays empty") {
  CHECK(population_adjusted({0, 0, 1, 3}, {50, 8}) == std::vector<double>{0, 0, 2, 6});
}

TEST_CASE("unknown has its row and column, and is no change") {
  TransitionMatrix matrix(2);
  const double area[] = {0.1, 0.2, 0.4};
  const auto add = [&](std::size_t from, std::size_t to, std::size_t pixels) {
    matrix.at(from, to).pixels += static_cast<std::int64_t>(pixels);
    matrix.at(from, to).area_ha.add(area, pixels);
  };
  add(0, 0, 3);
  add(0, 1, 2);
  add(0, matrix.unknown(), 1);
  add(matrix.unknown(), 1, 3);
  add(matrix.unknown(), matrix.unknown(), 1);
  CHECK(matrix.from_total(0).pixels == 6);
  CHECK(matrix.to_total(1).pixels == 5);
  CHECK(matrix.total().pixels == 10);
  const auto pixels = matrix.known_pixels();
  const auto all = overall_change(changes_by_class(pixels, 2), pixels);
  CHECK(all.start == 5);
  CHECK(all.gain == 2);
  const auto areas = matrix.known_areas();
  const auto by_area = changes_by_class(areas, 2);
  CHECK(by_area[0].loss == matrix.at(0, 1).area_ha);
  CHECK(by_area[0].net.value() == Approx(-0.3).epsilon(1e-15));
  CHECK(by_area[0].quantity == by_area[0].loss);
  // Rows and columns reconcile to the last bit of the sums, not only of what is printed.
  PixelArea rows, columns;
  for (std::size_t k = 0; k <= matrix.unknown(); ++k) {
    rows += matrix.from_total(k);
    columns += matrix.to_total(k);
  }
  CHECK(rows == matrix.total());
  CHECK(columns == matrix.total());
  TransitionMatrix twice = matrix;
  twice += matrix;
  CHECK(twice.total().pixels == 20);
  CHECK(tests::refusal(Error::Kind::internal, [&] { twice += TransitionMatrix(3); }).find("different") !=
        std::string::npos);
}

}  // namespace
}  // namespace sink
