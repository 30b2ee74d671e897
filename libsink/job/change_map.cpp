// SPDX-License-Identifier: Apache-2.0
#include "job/change_map.hpp"

#include "job/change_pass.hpp"
#include "job/change_record.hpp"
#include "job/change_tables.hpp"
#include "job/output_directory.hpp"
#include "job/sha256.hpp"
#include "report/category_files.hpp"
#include "report/change_charts.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

/// Names of one interval's files.
struct IntervalFiles {
  explicit IntervalFiles(const ChangeSetup& setup, std::size_t t) : years(setup.year(t) + "_" + setup.year(t + 1)) {}
  std::string years;
  [[nodiscard]] std::string raster() const { return "change_" + years + ".tif"; }
  [[nodiscard]] std::string names() const { return raster() + ".aux.xml"; }
  [[nodiscard]] std::string style() const { return "change_" + years + ".qml"; }
  [[nodiscard]] std::string sankey() const { return "sankey_" + years + ".svg"; }
  [[nodiscard]] std::string heat_map() const { return "matrix_" + years + ".svg"; }
};

/// Every file that may be published.
std::vector<std::string> result_names(const ChangeSetup& setup) {
  std::vector<std::string> names = {"matrix.csv", "matrix.json", "classes.csv", "trajectories.csv", "run.json"};
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    const IntervalFiles files(setup, t);
    for (const auto& name : {files.raster(), files.names(), files.style(), files.sankey(), files.heat_map()}) {
      names.push_back(name);
    }
  }
  return names;
}

std::string meaning_of(const ChangeSetup& setup, std::size_t t) {
  return "Class at " + setup.year(t) + " and at " + setup.year(t + 1) + ", from-to code";
}

/// The rasters of a run in the making; none where the job wants none.
class ChangeRasters {
 public:
  ChangeRasters(const ChangeMapJob& job, const ChangeSetup& setup, const OutputDirectory& directory)
      : job_(job), setup_(setup), directory_(directory) {
    const RasterFormat format{job.output.format == OutputFormat::cog, job.output.creation_options, setup.threads};
    const std::int64_t waiting_bytes =
        waiting_tile_bytes(job.maps.run.memory_bytes, static_cast<std::int64_t>(setup.intervals()));
    for (std::size_t t = 0; t < setup.intervals() && job.rasters; ++t) {
      writers_.emplace_back(directory.working(IntervalFiles(setup, t).raster() + ".working"), setup.maps.grid(),
                            setup.plan.window.columns, setup.plan.window.rows, RasterWords{meaning_of(setup, t), ""},
                            format, setup.code_pixels(), waiting_bytes);
    }
  }
  [[nodiscard]] WriteCodes write() {
    if (writers_.empty()) return {};
    const auto write = [this](TileScratch& scratch, const Window& window,
                              const std::vector<std::vector<std::uint32_t>>& codes) {
      for (std::size_t t = 0; t < writers_.size(); ++t) writers_[t].write(scratch, window, std::span(codes[t]));
    };
    return {write, writers_.front().in_any_order()};  // all are of one kind
  }
  void finish(const ChangeSums& sums, const ProgressCallback& progress, std::vector<ResultFile>& files) {
    for (std::size_t t = 0; t < writers_.size(); ++t) {
      const IntervalFiles names(setup_, t);
      const std::string stage = "writing " + names.raster();
      const auto go_on = [&](double fraction) {
        const auto total = setup_.maps.grid().pixels();
        return !progress || progress({static_cast<std::int64_t>(fraction * static_cast<double>(total)), total, stage});
      };
      writers_[t].finish(directory_.working(names.raster()), {}, go_on);
      const auto categories = change_categories(setup_.maps.legend(), sums.seen[t]);
      directory_.write_text(names.names(), category_aux_xml(categories));
      directory_.write_text(names.style(), category_qml(categories));
      files.push_back({names.raster(), meaning_of(setup_, t)});
      files.push_back({names.names(), "names of its codes"});
      files.push_back({names.style(), "its style for QGIS"});
    }
  }

 private:
  const ChangeMapJob& job_;
  const ChangeSetup& setup_;
  const OutputDirectory& directory_;
  std::vector<RasterOutput> writers_;
};

void write_charts(const ChangeSetup& setup, const ChangeSums& sums, const OutputDirectory& directory,
                  std::vector<ResultFile>& files) {
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    if (zone.set != 0 || !zone.total) return;
    for (std::size_t t = 0; t < setup.intervals(); ++t) {
      ChangeChart chart{
          "Land-use change " + setup.year(t) + "–" + setup.year(t + 1), setup.year(t), setup.year(t + 1), {}, {}};
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

}  // namespace

JobResult run_change_map(const ChangeMapJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const ChangeSetup setup(job.maps, job.zones, job.trajectories);
  const std::vector<std::string> inputs = files_read(setup);
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup), inputs);
  BackgroundHashes hashes(inputs);
  ChangeRasters rasters(job, setup, directory);
  const ChangeSums sums = count_changes(setup, rasters.write(), progress);
  JobResult result;
  result.warnings = change_warnings(setup, sums);
  const auto closures = change_closures(setup, sums);
  rasters.finish(sums, progress, result.files);
  write_tables(job, setup, sums, directory, result.files);
  write_charts(setup, sums, directory, result.files);
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = change_record(
      setup, {job.rasters ? "sinkchange map" : "sinkchange matrix", job.output, job.command_line, started}, closures,
      hashes.get(), result);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  const auto pixels = setup.maps.grid().pixels();
  if (progress && !progress({pixels, pixels, "finishing"})) throw Error(Error::Kind::interrupted, "stopped");
  directory.publish(names);
  result.county_table = change_text(setup, sums);
  return result;
}

}  // namespace sink
