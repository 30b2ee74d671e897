// SPDX-License-Identifier: Apache-2.0
#include "job/accuracy.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "job/accuracy_tables.hpp"
#include "job/output_directory.hpp"
#include "job/run_record.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"
#include "report/table.hpp"
#include "table/csv.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

const std::vector<ResultFile> result_files = {
    {"accuracy.csv", "accuracies and error-adjusted areas by class"},
    {"error_matrix.csv", "units and shares of the area by map and reference class"},
    {"accuracy.json", "both, with intervals, strata and warnings"},
    {"run.json", "the run record"}};

void check_job(const AccuracyJob& job) {
  z_of_level(job.level);
  if (job.map.empty() && job.strata.empty()) {
    throw usage_error("the sizes of the strata are unknown: give the map that was sampled with --map, or --strata");
  }
  if (!job.stratum_field.empty() && job.strata.empty() && job.design != SampleDesign::clusters) {
    throw usage_error("--stratum-field: the sizes of these strata are unknown: give --strata strata.csv");
  }
  const bool clusters = job.design == SampleDesign::clusters;
  if (clusters == job.psu_field.empty()) throw usage_error("--psu-field: clusters and --psu-field go together");
  if (job.psu_count_field.empty() != job.ssu_count_field.empty() || (!clusters && !job.psu_count_field.empty())) {
    throw usage_error("--psu-count-field and --ssu-count-field: give both, with --psu-field");
  }
}

std::vector<std::string> files_of(const AccuracyJob& job, const LabelledSample& sample,
                                  const std::optional<StrataMap>& map) {
  std::vector<std::string> files = {sample.file};
  if (map) {
    for (const auto& file : map->files()) files.push_back(file);
  }
  if (!job.strata.empty()) files.push_back(job.strata);
  const auto shipped = shipped_legends();
  const bool own = !job.legend.empty() && std::find(shipped.begin(), shipped.end(), job.legend) == shipped.end();
  if (own && !map) files.push_back(job.legend);
  return files;
}

/// Strata from the table where it is given, areas of the classes from the map where that is.
SampledStrata strata_of(const AccuracyJob& job, const std::optional<StrataMap>& map, const StrataPass& pass) {
  if (job.strata.empty()) return strata_of_map(*map, pass);
  SampledStrata strata = read_strata(job.strata);
  if (!map) return strata;
  const SampledStrata mapped = strata_of_map(*map, pass);
  strata.mapped_area_ha = mapped.mapped_area_ha;
  strata.map_classes = mapped.map_classes;
  for (const auto& [code, name] : mapped.class_names) {
    if (!name.empty()) strata.class_names[code] = name;
  }
  return strata;
}

void name_classes(const Legend& legend, SampledStrata& strata) {
  for (const LegendRow& row : legend.rows()) {
    auto& name = strata.class_names[plain_code(row.code)];
    if (name.empty()) name = row.name_en.empty() ? row.name_zh : row.name_en;
  }
}

void warn_of_sample(const AccuracyJob& job, const LabelledSample& rows, const SampledStrata& strata,
                    const AccuracyReport& report, std::vector<std::string>& warnings) {
  if (report.unlabelled.rows > 0) {
    warnings.push_back(std::to_string(report.unlabelled.rows) + " of " +
                       std::to_string(static_cast<std::size_t>(report.unlabelled.rows) + rows.rows.size()) +
                       " units have no label in '" + job.reference_field + "' and are left out (first: " +
                       report.unlabelled.first + "): the result is biased unless they are missing at random");
  }
  if (rows.repeated > 0) {
    warnings.push_back(std::to_string(rows.repeated) +
                       " units lie in the pixel of another: a pixel that was labelled twice counts twice");
  }
  if (!job.map.empty() && !rows.has_points) {
    warnings.push_back("the sample has no coordinates (columns x and y): it was not compared with the map");
  }
  if (strata.map_classes.empty()) return;
  for (const ClassAccuracy& found : report.result->classes) {
    if (std::find(strata.map_classes.begin(), strata.map_classes.end(), found.name) != strata.map_classes.end())
      continue;
    warnings.push_back("class " + found.name + " of the reference is not on the map (" +
                       std::to_string(found.units_reference) + (found.units_reference == 1 ? " unit)" : " units)"));
  }
}

std::string record_of(const AccuracyJob& job, const std::optional<StrataMap>& map, const StrataPass& pass,
                      const AccuracyReport& report, const std::map<std::string, std::string>& hashes,
                      const JobResult& result, StartTime started) {
  using Json = nlohmann::ordered_json;
  Json record = {{"program", "sinkchange accuracy"}, {"version", program_version()}, {"libraries", library_versions()}};
  if (map) {
    record["grid"] = {{"crs", map->grid().crs_name},
                      {"columns", map->grid().columns},
                      {"rows", map->grid().rows},
                      {"geotransform", map->grid().geotransform()},
                      {"pixel_areas", map->areas().description()}};
  }
  record["estimator"] = estimator_text(*report.sample);
  record["level"] = job.level;
  record["fields"] = {{"map", job.map_field},
                      {"reference", job.reference_field},
                      {"stratum", job.stratum_field},
                      {"psu", job.psu_field}};
  record["inputs"] = Json::array();
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  return closed_record(std::move(record), result,
                       {job.run, job.output, job.command_line, pass.threads, pass.blocks, started});
}

/// The estimators know no files: their complaints get the sample's name.
AreaAccuracy accuracy_of(const LabelledSample& rows, const AccuracySample& sample) {
  try {
    return area_accuracy(sample);
  } catch (const Error& error) {
    if (error.kind() != Error::Kind::input) throw;
    throw input_error(rows.file, error.what());
  }
}

/// Reads, checks and labels everything that is counted: rows without a label are gone afterwards.
Unlabelled prepare(const AccuracyJob& job, const std::optional<StrataMap>& map, const Legend& legend,
                   const SampledStrata& strata, LabelledSample& rows) {
  if (map && rows.has_points) take_map_classes(*map, rows);
  const auto& classes = strata.map_classes;
  const bool zero_is_a_class =
      std::find(classes.begin(), classes.end(), "0") != classes.end() ||
      (legend.size() > 0 && legend.index_of(0) != no_class) ||
      std::any_of(rows.rows.begin(), rows.rows.end(), [](const SampleRow& row) { return row.map_class == "0"; });
  const Unlabelled unlabelled = remove_unlabelled(job.unlabelled, zero_is_a_class, rows);
  if (rows.rows.empty()) {
    throw input_error(rows.file, "no unit has a label in field '" + job.reference_field + "': fill it");
  }
  if (legend.size() > 0) resolve_classes(legend, rows);
  return unlabelled;
}

}  // namespace

JobResult run_accuracy(const AccuracyJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_job(job);
  LabelledSample rows = read_sample(job);
  const Legend legend = job.legend.empty() ? Legend() : load_legend(job.legend, load_parameters({}));
  std::optional<StrataMap> map;
  if (!job.map.empty()) {
    StrataPlan plan;
    plan.map = job.map;
    plan.legend = job.legend;
    plan.run = job.run;
    map.emplace(plan);
  }
  const std::vector<std::string> files = files_of(job, rows, map);
  std::vector<std::string> names;
  for (const auto& file : result_files) names.push_back(file.name);
  OutputDirectory directory(job.output.directory, job.output.overwrite, names, files);
  BackgroundHashes hashes(files);
  const StrataPass pass = map ? run_strata_pass(*map, progress) : StrataPass{};
  SampledStrata strata = strata_of(job, map, pass);
  name_classes(legend, strata);
  AccuracyReport report;
  report.unlabelled = prepare(job, map, legend, strata, rows);
  if (job.design == SampleDesign::clusters && job.stratum_field.empty()) join_strata(strata);
  const AccuracySample sample = accuracy_sample(job, rows, strata);
  const AreaAccuracy accuracy = accuracy_of(rows, sample);
  report.job = &job;
  report.sample = &sample;
  report.result = &accuracy;
  report.strata = &strata;
  JobResult result;
  result.files = result_files;
  warn_of_sample(job, rows, strata, report, result.warnings);
  report.warnings = result.warnings;
  directory.write_text("accuracy.csv", to_csv(accuracy_table(report), job.output.csv_bom));
  directory.write_text("error_matrix.csv", to_csv(error_matrix_table(report), job.output.csv_bom));
  result.summary_json = accuracy_json(report);
  directory.write_text("accuracy.json", result.summary_json);
  directory.write_text("run.json", record_of(job, map, pass, report, hashes.get(), result, started));
  directory.publish(names);
  result.county_table = accuracy_text(report);
  return result;
}

}  // namespace sink
