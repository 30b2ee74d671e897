// SPDX-License-Identifier: Apache-2.0
#include "job/intensity_job.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "job/change_record.hpp"
#include "job/output_directory.hpp"
#include "job/row_builder.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"
#include "job/transition_source.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

void add_class_columns(Table& table) {
  using enum Column::Type;
  for (const auto* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
}

void set_classes(RowBuilder& row, const Transitions& transitions, std::size_t from, std::size_t to) {
  if (from != Intensity::no_class_given) {
    row.set("from_code", transitions.classes[from].code).set("from_name", transitions.classes[from].name);
  }
  if (to != Intensity::no_class_given) {
    row.set("to_code", transitions.classes[to].code).set("to_name", transitions.classes[to].name);
  }
}

Table intensity_table(const Transitions& transitions) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "level"}) table.add_column(name, text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, integer);
  add_class_columns(table);
  table.add_column("unit", text);
  for (const auto* name : {"change", "change_per_year", "size", "intensity_per_year", "uniform_per_year"}) {
    table.add_column(name);
  }
  table.add_column("behaviour", text);
  for (const auto& zone : transitions.zones) {
    for (const Intensity& found : intensity_analysis(zone.intervals)) {
      const IntervalChange& interval = zone.intervals[found.interval];
      RowBuilder row(table);
      row.set("zone_set", zone.zone_set).set("zone_id", zone.zone_id).set("level", std::string(name_of(found.level)));
      row.set("year_from", std::int64_t{interval.year_from}).set("year_to", std::int64_t{interval.year_to});
      set_classes(row, transitions, found.from, found.to);
      row.set("unit", transitions.unit).set("change", found.change).set("size", found.base);
      row.set("change_per_year", found.change / (interval.year_to - interval.year_from));
      row.set("intensity_per_year", found.intensity).set("uniform_per_year", found.uniform);
      row.set("behaviour", std::string(name_of(found.level, found.behaviour)));
      table.rows.push_back(row.take());
    }
  }
  return table;
}

Table stationarity_table(const Transitions& transitions) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "level"}) table.add_column(name, text);
  add_class_columns(table);
  for (const auto* name : {"intervals", "above", "below", "uniform"}) table.add_column(name, integer);
  table.add_column("stationary", text);
  for (const auto& zone : transitions.zones) {
    for (const Stationarity& found : stationarity(intensity_analysis(zone.intervals))) {
      if (found.intervals == 0) continue;
      RowBuilder row(table);
      row.set("zone_set", zone.zone_set).set("zone_id", zone.zone_id).set("level", std::string(name_of(found.level)));
      set_classes(row, transitions, found.from, found.to);
      row.set("intervals", static_cast<std::int64_t>(found.intervals));
      row.set("above", static_cast<std::int64_t>(found.above)).set("below", static_cast<std::int64_t>(found.below));
      row.set("uniform", static_cast<std::int64_t>(found.uniform));
      row.set("stationary", std::string(found.stationary() ? "yes" : "no"));
      table.rows.push_back(row.take());
    }
  }
  return table;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", 100 * share);
  return std::isnan(share) ? "" : text;
}

/// The first set's total (or the first zone): intervals and classes.
std::string intensity_text(const Transitions& transitions) {
  const auto total = std::find_if(transitions.zones.begin(), transitions.zones.end(),
                                  [](const auto& zone) { return zone.zone_id == "total"; });
  const ZoneTransitions& zone = total == transitions.zones.end() ? transitions.zones.front() : *total;
  std::vector<std::vector<std::string>> rows = {{"interval", "level", "class", "", "%/yr", "uniform"}};
  for (const Intensity& found : intensity_analysis(zone.intervals)) {
    if (found.level == IntensityLevel::transition_gain || found.level == IntensityLevel::transition_loss) continue;
    const IntervalChange& in = zone.intervals[found.interval];
    const std::size_t k = found.from != Intensity::no_class_given ? found.from : found.to;
    rows.push_back({std::to_string(in.year_from) + "-" + std::to_string(in.year_to), std::string(name_of(found.level)),
                    k == Intensity::no_class_given ? "" : transitions.classes[k].name,
                    std::string(name_of(found.level, found.behaviour)), percent(found.intensity),
                    percent(found.uniform)});
  }
  return to_terminal(rows, 4);
}

std::string table_record(const IntensityJob& job, const std::map<std::string, std::string>& hashes,
                         const JobResult& result, StartTime started) {
  Json record = {
      {"program", "sinkchange intensity"}, {"version", program_version()}, {"libraries", library_versions()}};
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  return closed_record(std::move(record), result, {job.maps.run, job.output, job.command_line, 1, "", started});
}

bool several_intervals(const Transitions& transitions) {
  return std::any_of(transitions.zones.begin(), transitions.zones.end(),
                     [](const auto& zone) { return zone.intervals.size() > 1; });
}

}  // namespace

JobResult run_intensity(const IntensityJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  if (job.maps.maps.empty() == job.matrix.empty()) {
    throw usage_error("give class maps with --years, or a table with --matrix: one of both");
  }
  std::optional<ChangeSetup> setup;
  std::vector<std::string> inputs = {job.matrix};
  if (job.matrix.empty()) {
    setup.emplace(job.maps, job.zones, false);
    inputs = files_read(*setup);
  }
  OutputDirectory directory(job.output.directory, job.output.overwrite,
                            {"intensity.csv", "stationarity.csv", "run.json"}, inputs);
  JobResult result;
  std::vector<CountClosure> closures;
  Transitions transitions;
  if (setup) {
    const ChangeSums sums = count_changes(*setup, {}, progress);
    result.warnings = change_warnings(*setup, sums);
    closures = change_closures(*setup, sums);
    transitions = transitions_of(*setup, sums, job.unit);
  } else {
    transitions = read_transitions(job.matrix, job.unit);
  }
  BackgroundHashes hashes(inputs);
  directory.write_text("intensity.csv", to_csv(intensity_table(transitions), job.output.csv_bom));
  result.files.push_back({"intensity.csv", "intensity of change by interval, class and transition"});
  if (several_intervals(transitions)) {
    directory.write_text("stationarity.csv", to_csv(stationarity_table(transitions), job.output.csv_bom));
    result.files.push_back({"stationarity.csv", "which of them were the same in all intervals"});
  }
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = setup ? change_record(*setup, {"sinkchange intensity", job.output, job.command_line, started},
                                              closures, hashes.get(), result)
                              : table_record(job, hashes.get(), result, started);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  directory.publish(names);
  result.county_table = intensity_text(transitions);
  return result;
}

}  // namespace sink
