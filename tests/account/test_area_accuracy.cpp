// SPDX-License-Identifier: Apache-2.0
// Accuracy and error-adjusted area against the published examples and the reference programs, and what the estimators
// do where a sample is thin.
#include "account/area_accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "account/cluster_estimator.hpp"
#include "support/case_table.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

using tests::Case;

CsvTable cases(const std::string& name) {
  return read_csv(std::string(SINK_TESTS_DIR) + "/account/cases/" + name);
}

std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// A sample given as counts: rows of stratum, size, map, reference, units.
struct Counts {
  struct Row {
    std::string stratum;
    double size;
    std::string map, reference;
    int units;
  };
  [[nodiscard]] AccuracySample sample() const {
    AccuracySample sample;
    std::vector<std::string> strata;
    for (const Row& row : rows) {
      if (place_of(strata, row.stratum) == strata.size()) {
        strata.push_back(row.stratum);
        sample.strata.push_back({row.stratum, row.size, row.size});
      }
      for (const std::string& name : {row.map, row.reference})
        if (place_of(sample.classes, name) == sample.classes.size()) sample.classes.push_back(name);
    }
    std::sort(sample.classes.begin(), sample.classes.end(), code_before);
    for (const Row& row : rows) {
      const AccuracyUnit unit{place_of(strata, row.stratum), place_of(sample.classes, row.map),
                              place_of(sample.classes, row.reference)};
      sample.units.insert(sample.units.end(), static_cast<std::size_t>(row.units), unit);
    }
    return sample;
  }
  std::vector<Row> rows;
};

Counts counts_of(const std::string& name) {
  const CsvTable table = cases("accuracy_samples.csv");
  Counts counts;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    if (c.text("case") != name) continue;
    counts.rows.push_back(
        {c.text("stratum"), c.number("size"), c.text("map"), c.text("reference"), static_cast<int>(c.number("units"))});
  }
  return counts;
}

/// The sample of a case as its authors analysed it.
AccuracySample sample_of(const std::string& name) {
  AccuracySample sample = counts_of(name == "srs" ? "poststratified" : name).sample();
  sample.finite_population = !name.starts_with("olofsson");
  if (name == "poststratified") sample.design = SampleDesign::poststratified;
  if (name == "srs") {
    sample.strata = {{"all", 5e6, 5e6}};
    for (AccuracyUnit& unit : sample.units) unit.stratum = 0;
  }
  return sample;
}

TEST_CASE("accuracies, their standard errors and adjusted areas: published and reference numbers") {
  const CsvTable table = cases("accuracy_expected.csv");
  std::map<std::string, AreaAccuracy> found;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    const std::string name = c.text("case");
    INFO(c.place() << " " << c.text("class"));
    const AccuracySample sample = sample_of(name);
    if (!found.contains(name)) found[name] = area_accuracy(sample);
    const AreaAccuracy& result = found[name];
    const ClassAccuracy& k = result.classes.at(place_of(sample.classes, c.text("class")));
    CHECK(k.name == c.text("class"));
    double size = 0;
    for (const auto& stratum : sample.strata) size += stratum.size;
    const Interval area = interval({k.share.value * size, k.share.se * size}, 0.95);
    const std::vector<std::pair<std::string, double>> pairs = {
        {"ua", k.users.value},        {"ua_se", k.users.se},        {"pa", k.producers.value},
        {"pa_se", k.producers.se},    {"share", k.share.value},     {"share_se", k.share.se},
        {"oa", result.overall.value}, {"oa_se", result.overall.se}, {"half_width", (area.high - area.low) / 2}};
    for (const auto& [column, value] : pairs) {
      if (!c.has(column)) continue;
      INFO(column << " " << value);
      CHECK(c.agrees(value, c.number(column)));
    }
  }
  CHECK(found.size() == 5);
}

TEST_CASE("areas as the papers print them") {
  const CsvTable table = cases("accuracy_published_areas.csv");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    INFO(c.place() << " " << c.text("class"));
    const AccuracySample sample = sample_of(c.text("case"));
    double ha = 0;
    for (const auto& stratum : sample.strata) ha += stratum.size * c.number("per_size");
    const Estimate share = area_accuracy(sample).classes.at(place_of(sample.classes, c.text("class"))).share;
    const Estimate area{share.value * ha, share.se * ha};
    CHECK(c.agrees(area.value, c.number("area")));
    if (c.has("area_se")) CHECK(c.agrees(area.se, c.number("area_se")));
    CHECK(c.agrees(interval(area, 0.95).high - area.value, c.number("half_width")));
  }
}

TEST_CASE("the error matrix in shares of the area: empty cells are 0") {
  const CsvTable table = cases("accuracy_shares.csv");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    INFO(c.place() << " " << c.text("map") << " " << c.text("reference"));
    const AccuracySample sample = sample_of(c.text("case"));
    const AreaAccuracy result = area_accuracy(sample);
    const auto at = [&](const char* column) { return place_of(sample.classes, c.text(column)); };
    CHECK(c.agrees(result.shares[result.cell(at("map"), at("reference"))], c.number("share")));
    CHECK(std::accumulate(result.shares.begin(), result.shares.end(), 0.0) == Approx(1).epsilon(1e-12));
  }
}

/// Units of accuracy_clusters.csv, the reference in y and the map in x.
struct Clusters {
  explicit Clusters(bool finite) {
    const CsvTable table = cases("accuracy_clusters.csv");
    std::map<std::string, double> clusters;
    for (std::size_t r = 0; r < table.rows.size(); ++r) clusters[Case(table, r).text("stratum")] += 1;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const Case c(table, r);
      const std::string stratum = c.text("stratum");
      const double all = c.number("clusters_in_stratum"), inside = c.number("units_in_cluster");
      const std::size_t h = place_of(design.strata, stratum);
      if (h == design.strata.size()) {
        design.strata.push_back(stratum);
        design.psu_fraction.push_back(finite ? clusters[stratum] / all : 0);
      }
      double units = 0;
      for (const char* cell : {"ref1_map1", "ref1_map0", "ref0_map1", "ref0_map0"}) units += c.number(cell);
      design.unit_fraction.push_back(units / inside);
      for (const auto& [cell, ref, map] :
           {std::tuple{"ref1_map1", 1, 1}, {"ref1_map0", 1, 0}, {"ref0_map1", 0, 1}, {"ref0_map0", 0, 0}}) {
        for (int i = 0; i < static_cast<int>(c.number(cell)); ++i) {
          design.units.push_back({h, r, all / clusters[stratum] * inside / units});
          y.push_back(ref);
          x.push_back(map);
        }
      }
    }
  }
  ClusterDesign design;
  std::vector<double> y, x;
};

TEST_CASE("clusters: mean, total, ratio and ratio total, with and without replacement") {
  const CsvTable table = cases("accuracy_clusters_expected.csv");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Case c(table, r);
    INFO(c.place());
    const Clusters s(c.text("variance") == "fpc");
    const std::string quantity = c.text("quantity");
    const Estimate e = quantity == "mean"    ? cluster_mean(s.design, s.y)
                       : quantity == "total" ? cluster_total(s.design, s.y)
                       : quantity == "ratio" ? cluster_ratio(s.design, s.y, s.x)
                                             : cluster_ratio_total(s.design, s.y, s.x, c.number("x_total"));
    CHECK(c.agrees(e.value, c.number("estimate")));
    CHECK(c.agrees(e.se, c.number("se")));
  }
}

TEST_CASE("accuracy of a sample of clusters is the ratio over clusters") {
  for (const bool finite : {true, false}) {
    const Clusters s(finite);
    AccuracySample sample;
    sample.design = SampleDesign::clusters;
    sample.classes = {"0", "1"};
    sample.own_weights = finite;
    const std::map<std::string, double> clusters = {{"A", 120}, {"B", 300}, {"C", 80}};
    for (const auto& name : s.design.strata) sample.strata.push_back({name, clusters.at(name), 0});
    if (finite) {
      sample.psu_fraction = s.design.psu_fraction;
      sample.unit_fraction = s.design.unit_fraction;
    }
    for (std::size_t i = 0; i < s.y.size(); ++i) {
      const ClusterUnit& unit = s.design.units[i];
      sample.units.push_back({unit.stratum, s.x[i] > 0 ? 1UL : 0UL, s.y[i] > 0 ? 1UL : 0UL, unit.psu, unit.weight});
    }
    const AreaAccuracy result = area_accuracy(sample);
    const Estimate mean = cluster_mean(s.design, s.y);
    CHECK(result.classes[1].share.value == Approx(mean.value).epsilon(1e-12));
    CHECK(result.classes[1].share.se == Approx(mean.se).epsilon(1e-12));
    std::vector<double> both(s.y.size());
    for (std::size_t i = 0; i < both.size(); ++i) both[i] = s.y[i] * s.x[i];
    CHECK(result.classes[1].users.se == Approx(cluster_ratio(s.design, both, s.x).se).epsilon(1e-12));
    sample.units[0].stratum = 2;
    CHECK_THAT(tests::refusal(Error::Kind::input, [&] { area_accuracy(sample); }), Catch::Contains("--stratum-field"));
  }
}

TEST_CASE("a class that the map lacks, a class that nobody found, and the order of codes") {
  const Counts counts{{{"2", 900, "2", "2", 8}, {"2", 900, "2", "10", 2}, {"9", 100, "9", "2", 5}}};
  const AccuracySample sample = counts.sample();
  CHECK(sample.classes == std::vector<std::string>{"2", "9", "10"});
  const AreaAccuracy result = area_accuracy(sample);
  const ClassAccuracy &two = result.classes[0], &nine = result.classes[1], &ten = result.classes[2];
  CHECK(two.users.value == Approx(0.8));
  CHECK(two.share.value == Approx(0.82));
  CHECK(nine.users.value == 0);
  CHECK(nine.users.se == 0);
  CHECK(nine.share.value == 0);
  CHECK(std::isnan(nine.producers.value));
  CHECK(std::isnan(ten.users.value));
  CHECK(ten.producers.value == 0);
  CHECK(ten.share.value == Approx(0.18));
  CHECK(ten.share.se == Approx(0.9 * std::sqrt(0.8 * 0.2 / 9)));
  for (const double share : result.shares) CHECK_FALSE(std::isnan(share));
  CHECK(code_before("007", "10"));
  CHECK(code_before("10", "forest"));
  CHECK_FALSE(code_before("forest", "crop"));
}

TEST_CASE("strata without enough units are refused by name; one labelled whole is not") {
  const auto refused = [](const Counts& counts) {
    AccuracySample sample = counts.sample();
    return tests::refusal(Error::Kind::input, [&] { area_accuracy(sample); });
  };
  CHECK_THAT(refused({{{"1", 90, "1", "1", 5}, {"tea", 10, "2", "2", 0}}}),
             Catch::Contains("'tea' has no labelled unit"));
  CHECK_THAT(refused({{{"1", 90, "1", "1", 5}, {"tea", 10, "2", "2", 1}}}),
             Catch::Contains("'tea' has one labelled unit: a variance needs two"));
  CHECK_THAT(refused({{{"1", 90, "1", "1", 5}, {"tea", 0, "2", "2", 3}}}), Catch::Contains("no area"));
  CHECK_THAT(refused({{{"1", 90, "1", "1", 0}}}), Catch::Contains("no labelled unit"));
  const Counts whole{{{"1", 90, "1", "1", 5}, {"2", 3, "2", "1", 1}, {"2", 3, "2", "2", 2}, {"3", 1, "3", "1", 1}}};
  const AreaAccuracy result = area_accuracy(whole.sample());
  CHECK(result.overall.value == Approx(92.0 / 94));
  CHECK(result.overall.se == 0);
  CHECK_NOTHROW(area_accuracy(Counts{{{"1", 90, "1", "1", 5}, {"2", 0, "2", "2", 0}}}.sample()));
}

TEST_CASE("normal quantiles to the last digits") {
  CHECK(z_of_level(0.95) == Approx(1.9599639845400545).epsilon(1e-14));
  CHECK(z_of_level(0.99) == Approx(2.5758293035489004).epsilon(1e-14));
  CHECK(z_of_level(0.5) == Approx(0.67448975019608171).epsilon(1e-14));
  CHECK(z_of_level(0.01) == Approx(0.012533469508069276).epsilon(1e-13));
  CHECK(normal_quantile(1e-10) == Approx(-6.3613409024040557).epsilon(1e-13));
  CHECK(normal_quantile(0.5) == 0);
  CHECK_THAT(tests::refusal(Error::Kind::usage, [] { z_of_level(95); }), Catch::Contains("--level"));
}

}  // namespace
}  // namespace sink
