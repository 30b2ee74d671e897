// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "console.hpp"
#include "job/tiles.hpp"
#include "progress.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct MergeCommand {
  std::string plan, from;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

/// Prints the indices of tiles that are to be computed again, and says why.
void demand_all_tiles(const MergeCommand& options, bool read_all) {
  std::vector<UnusableTile> unusable;
  {
    ProgressReporter reporter(progress_style(options.console.progress, options.console.quiet));
    unusable = unusable_tiles(options.plan, options.from, read_all, reporter.callback());
  }
  if (unusable.empty()) return;
  print(ranges_of(unusable) + "\n");
  const bool foreign = std::any_of(unusable.begin(), unusable.end(), [](const auto& tile) { return tile.foreign; });
  throw Error(Error::Kind::input,
              options.from + ": " + std::to_string(unusable.size()) + " of " + std::to_string(tiles_of(options.plan)) +
                  " tiles cannot be used (tile " + std::to_string(unusable.front().index) + " " + unusable.front().why +
                  "): run those printed on stdout, as with sbatch --array=" +
                  (foreign ? " (with --overwrite what is of another plan)" : "") + ", and merge again");
}

}  // namespace

Command merge_command() {
  return {
      "merge", "puts the tiles of a plan together: the files of runs without tiles, byte for byte",
      "sinkcalc merge plan.jsonl --from out/tiles -o out/merged", [](CLI::App& app) -> CommandBody {
        const auto options = std::make_shared<MergeCommand>();
        app.add_option("PLAN", options->plan,
                       "the plan that sinkcalc tiles made; several inventories get a folder each")
            ->required()
            ->type_name("FILE");
        app.add_option("--from", options->from, "folder that the tiles were run into")->required()->type_name("DIR");
        declare_output(app, options->output);
        declare_effort(app, options->run);
        declare(app, options->console);
        return [options](const std::string& command_line) {
          const TileRun run{options->output.directory, options->output.overwrite, options->run.threads,
                            options->run.memory_bytes, command_line};
          {
            ProgressReporter reporter(progress_style(options->console.progress, options->console.quiet));
            demand_place_for_merge(options->plan, run, reporter.callback());
          }
          demand_all_tiles(*options, false);
          const auto merge = [&](const ProgressCallback& progress) {
            return merge_tiles(options->plan, options->from, run, progress);
          };
          try {
            return run_and_tell(merge, options->output, options->console);
          } catch (const DamagedPart&) {
            demand_all_tiles(*options, true);
            throw;
          }
        };
      }};
}

}  // namespace sink::tools
