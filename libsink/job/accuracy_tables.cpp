// SPDX-License-Identifier: Apache-2.0
#include "job/accuracy_tables.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// A class in the units that people read.
struct ClassRow {
  std::string name;
  double mapped_ha = not_known;
  Estimate area_ha;
  Interval ha;
};

ClassRow row_of(const AccuracyReport& report, std::size_t k) {
  const ClassAccuracy& found = report.result->classes[k];
  const double all = report.strata->area_ha;
  ClassRow row;
  const auto name = report.strata->class_names.find(found.name);
  if (name != report.strata->class_names.end()) row.name = name->second;
  const auto& mapped = report.strata->mapped_area_ha;
  if (!mapped.empty()) row.mapped_ha = mapped.contains(found.name) ? mapped.at(found.name) : 0;
  row.area_ha = {found.share.value * all, found.share.se * all};
  row.ha = interval(row.area_ha, report.job->level);
  return row;
}

/// NaN where a class is not on the map: a ratio to nothing.
double ratio_of(double adjusted, double mapped) {
  return mapped > 0 ? adjusted / mapped : not_known;
}

Json number_json(double value) {
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

Json estimate_json(const Estimate& estimate, double level) {
  const Interval ends = interval(estimate, level);
  return {{"value", number_json(estimate.value)},
          {"se", number_json(estimate.se)},
          {"ci_low", number_json(ends.low)},
          {"ci_high", number_json(ends.high)}};
}

}  // namespace

std::string estimator_text(const AccuracySample& sample) {
  const std::string finite = sample.finite_population ? ", with finite population correction" : "";
  switch (sample.design) {
    case SampleDesign::poststratified:
      return "post-stratified random sample: Särndal et al. 1992, ch. 7.10" + finite;
    case SampleDesign::clusters:
      return sample.own_weights ? "two-stage sample of clusters, combined ratio: Särndal et al. 1992, ch. 4.3"
                                : "sample of clusters, combined ratio, variance as with replacement: GFOI 2020";
    case SampleDesign::stratified:
      break;
  }
  return "stratified random sample: Olofsson et al. 2013, 2014; Stehman 2014" + finite;
}

Table accuracy_table(const AccuracyReport& report) {
  using enum Column::Type;
  Table table;
  table.add_column("class", text);
  table.add_column("class_name", text);
  table.add_column("n", integer);
  table.add_column("n_reference", integer);
  for (const auto* name :
       {"ua", "ua_se", "pa", "pa_se", "mapped_area_ha", "adjusted_area_ha", "adjusted_area_se_ha", "ci_low_ha",
        "ci_high_ha", "adjusted_to_mapped", "adjusted_share", "adjusted_share_se", "oa", "oa_se"})
    table.add_column(name);
  double mapped_ha = 0;
  for (std::size_t k = 0; k < report.result->classes.size(); ++k) {
    const ClassAccuracy& found = report.result->classes[k];
    const ClassRow c = row_of(report, k);
    mapped_ha += c.mapped_ha;
    RowBuilder row(table);
    row.set("class", found.name).set("class_name", c.name).set("n", found.units_mapped);
    row.set("n_reference", found.units_reference).set("ua", found.users.value).set("ua_se", found.users.se);
    row.set("pa", found.producers.value).set("pa_se", found.producers.se).set("mapped_area_ha", c.mapped_ha);
    row.set("adjusted_area_ha", c.area_ha.value).set("adjusted_area_se_ha", c.area_ha.se);
    row.set("ci_low_ha", c.ha.low).set("ci_high_ha", c.ha.high);
    row.set("adjusted_to_mapped", ratio_of(c.area_ha.value, c.mapped_ha));
    row.set("adjusted_share", found.share.value).set("adjusted_share_se", found.share.se);
    table.rows.push_back(row.take());
  }
  const auto units = static_cast<std::int64_t>(report.sample->units.size());
  RowBuilder row(table);
  row.set("class", std::string("total")).set("n", units).set("n_reference", units).set("mapped_area_ha", mapped_ha);
  row.set("adjusted_area_ha", report.strata->area_ha).set("adjusted_share", 1.0);
  row.set("oa", report.result->overall.value).set("oa_se", report.result->overall.se);
  table.rows.push_back(row.take());
  return table;
}

Table error_matrix_table(const AccuracyReport& report) {
  using enum Column::Type;
  const AreaAccuracy& result = *report.result;
  const std::size_t classes = result.classes.size();
  Table table;
  table.add_column("map_class", text);
  table.add_column("reference_class", text);
  table.add_column("n", integer);
  table.add_column("proportion");
  table.add_column("area_ha");
  // Place `classes` is the total.
  for (std::size_t i = 0; i <= classes; ++i) {
    for (std::size_t j = 0; j <= classes; ++j) {
      std::int64_t n = 0;
      double share = 0;
      for (std::size_t a = i < classes ? i : 0; a < (i < classes ? i + 1 : classes); ++a) {
        for (std::size_t b = j < classes ? j : 0; b < (j < classes ? j + 1 : classes); ++b) {
          n += result.counts[result.cell(a, b)];
          share += result.shares[result.cell(a, b)];
        }
      }
      RowBuilder row(table);
      row.set("map_class", i < classes ? result.classes[i].name : "total");
      row.set("reference_class", j < classes ? result.classes[j].name : "total");
      row.set("n", n).set("proportion", share).set("area_ha", share * report.strata->area_ha);
      table.rows.push_back(row.take());
    }
  }
  return table;
}

std::string accuracy_json(const AccuracyReport& report) {
  const AreaAccuracy& result = *report.result;
  const double level = report.job->level;
  Json json = {{"estimator", estimator_text(*report.sample)},
               {"level", level},
               {"z", z_of_level(level)},
               {"units", report.sample->units.size()},
               {"units_without_label", report.unlabelled.rows},
               {"area_ha", number_json(report.strata->area_ha)},
               {"overall_accuracy", estimate_json(result.overall, level)}};
  json["classes"] = Json::array();
  for (std::size_t k = 0; k < result.classes.size(); ++k) {
    const ClassAccuracy& found = result.classes[k];
    const ClassRow row = row_of(report, k);
    json["classes"].push_back({{"class", found.name},
                               {"name", row.name},
                               {"n", found.units_mapped},
                               {"n_reference", found.units_reference},
                               {"users_accuracy", estimate_json(found.users, level)},
                               {"producers_accuracy", estimate_json(found.producers, level)},
                               {"share", estimate_json(found.share, level)},
                               {"mapped_area_ha", number_json(row.mapped_ha)},
                               {"adjusted_area_ha", estimate_json(row.area_ha, level)},
                               {"adjusted_to_mapped", number_json(ratio_of(row.area_ha.value, row.mapped_ha))}});
  }
  Json counts = Json::array(), shares = Json::array();
  for (std::size_t i = 0; i < result.classes.size(); ++i) {
    const auto row = static_cast<std::ptrdiff_t>(result.cell(i, 0)),
               end = static_cast<std::ptrdiff_t>(result.cell(i + 1, 0));
    counts.push_back(std::vector(result.counts.begin() + row, result.counts.begin() + end));
    shares.push_back(std::vector(result.shares.begin() + row, result.shares.begin() + end));
  }
  json["error_matrix"] = {{"rows", "map"}, {"columns", "reference"}, {"counts", counts}, {"proportions", shares}};
  json["strata"] = Json::array();
  for (std::size_t h = 0; h < report.sample->strata.size(); ++h) {
    const AccuracyStratum& stratum = report.sample->strata[h];
    json["strata"].push_back(
        {{"stratum", stratum.name}, {"size", stratum.size}, {"pixels", stratum.pixels}, {"n", result.units_in[h]}});
  }
  json["warnings"] = report.warnings;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string accuracy_text(const AccuracyReport& report) {
  const AreaAccuracy& result = *report.result;
  const auto percent = [](const Estimate& e) {
    return std::isnan(e.value) ? std::string("-")
                               : with_commas(100 * e.value, 1) + " +/- " + with_commas(100 * e.se, 1);
  };
  const bool areas = !std::isnan(report.strata->area_ha);
  const std::string unit = areas ? "ha" : "%";
  std::vector<std::vector<std::string>> rows = {
      {"class", "name", "n", "UA % (SE)", "PA % (SE)", "mapped " + unit, "adjusted " + unit, "low", "high"}};
  const double all = areas ? 1 : 100;
  for (std::size_t k = 0; k < result.classes.size(); ++k) {
    const ClassAccuracy& found = result.classes[k];
    ClassRow c = row_of(report, k);
    if (!areas) {
      c.area_ha = {found.share.value * all, found.share.se * all};
      c.ha = interval(c.area_ha, report.job->level);
    }
    const auto shown = [&](double value) { return std::isnan(value) ? std::string("-") : with_commas(value, 1); };
    rows.push_back({found.name, c.name, std::to_string(found.units_mapped), percent(found.users),
                    percent(found.producers), shown(c.mapped_ha), shown(c.area_ha.value), shown(c.ha.low),
                    shown(c.ha.high)});
  }
  return to_terminal(rows, 2) + "overall accuracy " + percent(result.overall) + " % (SE), " +
         std::to_string(report.sample->units.size()) + " units; low and high at " +
         with_commas(100 * report.job->level, 1) + " %\n";
}

}  // namespace sink
