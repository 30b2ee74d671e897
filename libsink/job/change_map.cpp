// SPDX-License-Identifier: Apache-2.0
#include "job/change_map.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "job/carbon_tables.hpp"
#include "job/change_pass.hpp"
#include "job/change_record.hpp"
#include "job/change_tables.hpp"
#include "job/filter_run.hpp"
#include "job/sha256.hpp"
#include "report/change_charts.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

/// Every file that may be published.
std::vector<std::string> result_names(const ChangeSetup& setup, const std::optional<FilterRun>& filter) {
  std::vector<std::string> names = {"matrix.csv",       "matrix.json", "classes.csv",
                                    "trajectories.csv", "carbon.csv",  "run.json"};
  if (filter) {
    for (auto& name : filter->result_names()) names.push_back(std::move(name));
  }
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    const IntervalFiles files(setup, t);
    for (const auto& name : {files.raster(), files.names(), files.style(), files.sankey(), files.heat_map()}) {
      names.push_back(name);
    }
  }
  return names;
}

void write_charts(const ChangeSetup& setup, const ChangeSums& sums, const OutputDirectory& directory,
                  std::vector<ResultFile>& files) {
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    if (zone.set != 0 || !zone.total) return;
    for (std::size_t t = 0; t < setup.intervals(); ++t) {
      ChangeChart chart{
          "Land-use change " + setup.year(t) + "–" + setup.year(t + 1), setup.year(t), setup.year(t + 1), {}, {}};
      for (auto& label : labels_of(setup, t + 1)) chart.colours.push_back(std::move(label.colour));
      for (std::size_t from = 0; from <= setup.classes(); ++from) {
        chart.classes.push_back(label_of(setup.maps.legend(), from).name);
        std::vector<double>& row = chart.area_ha.emplace_back();
        for (std::size_t to = 0; to <= setup.classes(); ++to)
          row.push_back(zone.intervals[t].at(from, to).area_ha.value());
      }
      // What nobody knows at either date, the land outside the maps' region above all, would dwarf the rest.
      chart.area_ha.back().back() = 0;
      const IntervalFiles names(setup, t);
      directory.write_text(names.sankey(), sankey_svg(chart));
      directory.write_text(names.heat_map(), heat_map_svg(chart));
      files.push_back({names.sankey(), "what became of each class, as bands"});
      files.push_back({names.heat_map(), "the matrix as a heat map"});
    }
  });
}

void write_tables(const ChangeMapJob& job, const ChangeSetup& setup, const ChangeSums& sums,
                  const OutputDirectory& directory, std::vector<ResultFile>& files) {
  const bool bom = job.output.csv_bom;
  directory.write_text("matrix.csv", to_csv(matrix_table(setup, sums), bom));
  directory.write_text("matrix.json", matrix_json(setup, sums));
  directory.write_text("classes.csv", to_csv(class_table(setup, sums), bom));
  files.push_back({"matrix.csv", "transitions by zone, pixels and hectares"});
  files.push_back({"matrix.json", "the same as matrices"});
  files.push_back({"classes.csv", "gain, loss, swap, quantity, exchange, shift by class"});
  if (!setup.with_trajectories) return;
  directory.write_text("trajectories.csv", to_csv(trajectory_table(setup, sums), bom));
  files.push_back({"trajectories.csv", "sequences of classes over all dates"});
}

/// carbon.csv where carbon is known; gives its part of the record.
std::string write_carbon(const ChangeMapJob& job, const ChangeSetup& setup, const ChangeSums& sums,
                         const CarbonRows& carbon, const OutputDirectory& directory, JobResult& result) {
  if (!setup.carbon.given()) return "";
  for (auto& warning : carbon_warnings(setup, sums, carbon)) result.warnings.push_back(std::move(warning));
  directory.write_text("carbon.csv", to_csv(carbon_table(setup, sums, carbon), job.output.csv_bom));
  result.files.push_back({"carbon.csv", "carbon that each transition moved, by zone"});
  return carbon_record(setup, sums, carbon).dump();
}

}  // namespace

JobResult run_change_map(const ChangeMapJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_filters(job.filter, job.maps.maps.size());
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const ChangeSetup setup(job.maps, job.zones, job.trajectories, job.carbon);
  const CarbonRows carbon(setup);
  std::optional<FilterRun> filter;
  std::vector<std::string> inputs = files_read(setup);
  if (job.filter.any()) {
    filter.emplace(job.filter, setup);
    for (auto& file : filter->files()) inputs.push_back(std::move(file));
  }
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup, filter), inputs);
  BackgroundHashes hashes(inputs);
  std::optional<ChangeRasters> rasters;
  WriteCodes write;
  if (job.rasters) {
    const auto columns = filter ? setup.maps.grid().columns : setup.plan.window.columns;
    const auto rows = filter ? filter->rows_at_once() : setup.plan.window.rows;
    rasters.emplace(setup, job.output, directory, columns, rows, filter.has_value());
    write = rasters->writer();
    if (filter) filter->write_maps(job.output, directory);
  }
  const ChangeSums sums = filter ? filter->run(true, write, progress) : count_changes(setup, write, progress);
  carbon.demand_same_maps(sums);
  JobResult result;
  result.warnings = change_warnings(setup, sums);
  const auto closures = change_closures(setup, sums, !filter || !filter->filters_intervals());
  if (rasters) rasters->finish(sums.seen, progress, result.files);
  if (filter) filter->finish(job.output, directory, progress, result);
  write_tables(job, setup, sums, directory, result.files);
  write_charts(setup, sums, directory, result.files);
  const std::string carbon_json = write_carbon(job, setup, sums, carbon, directory, result);
  result.files.push_back({"run.json", "the run record"});
  const std::string record = change_record(
      setup, {job.rasters ? "sinkchange map" : "sinkchange matrix", job.output, job.command_line, started, carbon_json},
      closures, hashes.get(), result);
  result.summary_json = filter ? filter->with_filters(record) : record;
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  const auto pixels = setup.maps.grid().pixels();
  if (progress && !progress({pixels, pixels, "finishing"})) throw Error(Error::Kind::interrupted, "stopped");
  directory.publish(names);
  result.county_table = change_text(setup, sums);
  if (setup.carbon.given()) result.county_table += carbon_text(setup, sums, carbon);
  return result;
}

}  // namespace sink
