// SPDX-License-Identifier: Apache-2.0
// One run from beginning to end: set up, one pass over the pixels, tables, record, publication.
#include <nlohmann/json.hpp>

#include "job/finish_run.hpp"
#include "job/job.hpp"
#include "job/run_files.hpp"
#include "job/sha256.hpp"

namespace sink {

JobResult run_job(const Job& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const RunSetup setup(job);
  const std::vector<std::string> paths = input_paths(setup);
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup), paths);
  const RunPlan plan = plan_run(setup);
  BackgroundHashes hashes(paths);
  RunPass pass(setup, plan, [&](const OutputLayer& output) { return directory.working(output.file + ".working"); });
  pass.over_pixels(progress);
  return finish_run(
      setup, plan, pass, directory, [&] { return hashes.get(); }, progress, started, nullptr);
}

}  // namespace sink
