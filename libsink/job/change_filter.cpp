// SPDX-License-Identifier: Apache-2.0
#include "job/change_filter.hpp"

#include "job/change_record.hpp"
#include "job/filter_run.hpp"
#include "job/sha256.hpp"

namespace sink {
namespace {

std::vector<std::string> result_names(const ChangeSetup& setup, const FilterRun& filter) {
  std::vector<std::string> names = filter.result_names();
  names.emplace_back("run.json");
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    const IntervalFiles files(setup, t);
    for (const auto& name : {files.raster(), files.names(), files.style()}) names.push_back(name);
  }
  return names;
}

}  // namespace

JobResult run_change_filter(const ChangeFilterJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_filters(job.filter, job.maps.maps.size());
  if (!job.filter.any())
    throw usage_error("nothing to filter by: give --mmu, --sieve, --hmm, --majority or --impossible");
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const ChangeSetup setup(job.maps, {}, false);
  FilterRun filter(job.filter, setup);
  std::vector<std::string> inputs = files_read(setup);
  for (auto& file : filter.files()) inputs.push_back(std::move(file));
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup, filter), inputs);
  BackgroundHashes hashes(inputs);
  ChangeRasters rasters(setup, job.output, directory, setup.maps.grid().columns, filter.rows_at_once(), true);
  filter.write_maps(job.output, directory);
  const ChangeSums sums = filter.run(false, rasters.writer(), progress);
  JobResult result;
  rasters.finish(sums.seen, progress, result.files);
  filter.finish(job.output, directory, progress, result);
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = filter.with_filters(
      change_record(setup, {"sinkchange filter", job.output, job.command_line, started}, {}, hashes.get(), result));
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  directory.publish(names);
  return result;
}

}  // namespace sink
