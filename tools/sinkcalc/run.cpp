// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "console.hpp"
#include "job/tiles.hpp"
#include "progress.hpp"
#include "sinkcalc/commands.hpp"
#include "sinkcalc/tile_index.hpp"

namespace sink::tools {
namespace {

struct RunCommand {
  std::string inventory, tile;
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

/// Everything that says what comes out is fixed in the plan.
void refuse_fixed_options(const CLI::App& app) {
  static const std::vector<std::string> free = {"INVENTORY", "--tile",   "--output", "--overwrite", "--threads",
                                                "--memory",  "--config", "--json",   "--quiet",     "--progress"};
  static const std::vector<std::string> never = {"--io", "--allow-driver"};  // sinkcalc tiles refuses them
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name(), dashed = option->get_positional() ? name : "--" + name;
    if (option->count() == 0 || std::find(free.begin(), free.end(), dashed) != free.end()) continue;
    if (std::find(never.begin(), never.end(), dashed) != never.end()) {
      throw usage_error(dashed + ": tiles are read and written in one way, by the workers: leave it out");
    }
    throw usage_error(dashed + ": is fixed in the plan: leave it out, or give it to sinkcalc tiles");
  }
}

int compute_tile(const RunCommand& options, const CLI::App& app, const std::string& command_line) {
  refuse_fixed_options(app);
  const PlannedTileName tile = planned_tile(options.tile);
  const bool chosen = app.get_option("--threads")->count() > 0;
  const TileRun run{options.output.directory, options.output.overwrite,
                    chosen ? options.run.threads : threads_of_task(options.run.threads), options.run.memory_bytes,
                    command_line};
  TileResult result;
  {
    ProgressReporter reporter(progress_style(options.console.progress, options.console.quiet));
    result = run_tile(tile.plan, tile.index, options.inventory, run, reporter.callback());
  }
  if (options.console.json) print(result.summary_json);
  if (!options.console.quiet) {
    tell(one_line("tile " + std::to_string(tile.index) + ": " + result.part +
                  (result.was_there ? " was there already" : "")));
  }
  return 0;
}

}  // namespace

Command run_command() {
  return {"run", "a whole inventory: stocks, sink, zones, benchmarks and targets in one pass",
          "sinkcalc run raster_samples/inventory.toml -o out/sample", [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<RunCommand>();
            auto* inventory =
                app.add_option("INVENTORY", options->inventory, "inventory file (TOML); --tile needs none")
                    ->required()
                    ->type_name("INVENTORY");
            // The plan knows its inventories.
            app.add_option_function<std::string>(
                   "--tile",
                   [options, inventory](const std::string& tile) {
                     options->tile = tile;
                     inventory->required(false);
                   },
                   "only a tile of a plan, PLAN or PLAN:INDEX (sinkcalc tiles; then merge)")
                ->type_name("PLAN");
            declare_directory(app, options->output);
            declare_rasters(app, options->output);
            declare(app, options->zones, false);
            declare(app, options->parameters);
            declare_legends(app, options->parameters);
            declare(app, options->run);
            declare_strict(app, options->run);
            declare(app, options->console);
            return [options, &app](const std::string& command_line) {
              // Even where it is blank, as an unset variable of a script is: else every task would do the whole run.
              if (app.get_option("--tile")->count() > 0) return compute_tile(*options, app, command_line);
              Job job =
                  inventory_job(options->inventory, options->zones, options->parameters, options->output, options->run);
              job.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_job(job, progress); }, job.output,
                                  options->console);
            };
          }};
}

}  // namespace sink::tools
