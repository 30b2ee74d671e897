// SPDX-License-Identifier: Apache-2.0
// The hidden Markov model against exhaustive enumeration, and what the numbers cannot say: missing years, dead ends.
#include <cmath>

#include "change/hmm.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/csv.hpp"

using namespace sink;

namespace {

CsvTable cases(const std::string& name) {
  return read_csv(std::string(SINK_TESTS_DIR) + "/change/cases/" + name);
}

LabelProbabilities model() {
  const CsvTable table = cases("hmm_model.csv");
  LabelProbabilities model;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    auto& numbers = table.rows[row][0] == "initial"      ? model.initial
                    : table.rows[row][0] == "transition" ? model.transition
                                                         : model.emission;
    for (int column = 2; column < 7; ++column) numbers.push_back(table.number(row, column));
  }
  return model;
}

ClassIndex label(const CsvTable& table, std::size_t row, const char* column) {
  const double value = table.number(row, table.column(column));
  return value < 0 ? no_class : static_cast<ClassIndex>(value);
}

}  // namespace

TEST_CASE("paths and probabilities are those of all paths enumerated") {
  constexpr std::size_t years = 7;
  const LabelModel labels(model());
  const std::size_t classes = labels.classes();
  LabelSmoother smoother(labels, years);
  const CsvTable table = cases("hmm_paths.csv");
  REQUIRE(table.rows.size() == 60 * years);
  for (std::size_t first = 0; first < table.rows.size(); first += years) {
    std::vector<ClassIndex> observed, expected, path(years);
    for (std::size_t year = 0; year < years; ++year) {
      observed.push_back(label(table, first + year, "observed"));
      expected.push_back(label(table, first + year, "path"));
    }
    std::vector<double> probability(years * classes);
    INFO("sequence " << first / years);
    const double log_joint = smoother.most_probable_path(observed, path);
    CHECK(path == expected);
    CHECK(std::abs(log_joint - table.number(first, table.column("log_joint_max"))) < 1e-9);
    const double log_likelihood = smoother.posterior(observed, probability);
    CHECK(std::abs(log_likelihood - table.number(first, table.column("log_likelihood"))) < 1e-9);
    double worst = 0;
    for (std::size_t i = 0; i < probability.size(); ++i) {
      const int column = table.column("p0") + static_cast<int>(i % classes);
      worst = std::max(worst, std::abs(probability[i] - table.number(first + i / classes, column)));
    }
    CHECK(worst < 1e-9);
  }
}

TEST_CASE("a year without a label takes what its neighbours make probable") {
  const LabelModel labels(model());
  LabelSmoother smoother(labels, 3);
  std::vector<ClassIndex> path(3);
  CHECK(smoother.most_probable_path(std::vector<ClassIndex>{1, no_class, 1}, path) < 0);
  CHECK(path == std::vector<ClassIndex>{1, 1, 1});
  std::vector<double> probability(15);
  const double nothing_seen = smoother.posterior(std::vector<ClassIndex>(3, no_class), probability);
  CHECK(std::abs(nothing_seen) < 1e-12);
  CHECK(std::abs(probability[0] - 0.7) < 1e-12);
}

TEST_CASE("what the model holds impossible stays as observed and has no probability") {
  const LabelModel labels({{0.5, 0.5}, {1, 0, 0, 1}, {1, 0, 0, 1}});
  LabelSmoother smoother(labels, 2);
  const std::vector<ClassIndex> observed = {0, 1};
  std::vector<ClassIndex> path(2);
  CHECK(std::isinf(smoother.most_probable_path(observed, path)));
  CHECK(path == observed);
  std::vector<double> probability(4);
  CHECK(std::isinf(smoother.posterior(observed, probability)));
  CHECK(std::isnan(probability[0]));
}

TEST_CASE("a model of the wrong shape or with negative numbers is refused") {
  using tests::refusal;
  CHECK(refusal(Error::Kind::input, [] {
          LabelModel({{1, 0}, {1, 0, 0}, {1, 0, 0, 1}});
        }).find("transitions") != std::string::npos);
  CHECK(refusal(Error::Kind::input, [] { LabelModel({{1}, {-1}, {1}}); }).find("0 to 1") != std::string::npos);
}

TEST_CASE("the majority of three years keeps ends and disagreements and fills gaps between equals") {
  const std::vector<ClassIndex> observed = {2, 0, 2, no_class, 2, 1, 0, no_class, no_class};
  std::vector<ClassIndex> smoothed(observed.size());
  majority_of_three_years(observed, smoothed);
  CHECK(smoothed == std::vector<ClassIndex>{2, 2, 2, 2, 2, 1, 0, no_class, no_class});
}
