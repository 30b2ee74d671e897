// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct RunCommand {
  std::string inventory;
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

/// What was typed goes before what the inventory says; zone sets and parameters are added to its own.
Job job_of(const RunCommand& options, const std::string& command_line) {
  Job job = inventory_job(options.inventory, options.zones, options.parameters);
  std::vector<std::string> layers = std::move(job.output.layers);
  const double precision = job.output.precision;
  job.output = options.output;
  job.output.precision = precision;
  if (job.output.layers.empty()) job.output.layers = std::move(layers);
  job.run = options.run;
  job.command_line = command_line;
  return job;
}

}  // namespace

Command run_command() {
  return {
      "run", "a whole inventory: stocks, sink, zones, benchmarks and targets in one pass",
      "sinkcalc run raster_samples/inventory.toml -o out/sample", [](CLI::App& app) -> CommandBody {
        const auto options = std::make_shared<RunCommand>();
        app.add_option("INVENTORY", options->inventory, "inventory file (TOML)")->required()->type_name("INVENTORY");
        declare_directory(app, options->output);
        declare_rasters(app, options->output);
        declare(app, options->zones, false);
        declare(app, options->parameters);
        declare_legends(app, options->parameters);
        declare(app, options->run);
        declare_strict(app, options->run);
        declare(app, options->console);
        return [options](const std::string& command_line) {
          const Job job = job_of(*options, command_line);
          return run_and_tell([&](const ProgressCallback& progress) { return run_job(job, progress); }, job.output,
                              options->console);
        };
      }};
}

}  // namespace sink::tools
