// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "console.hpp"
#include "job/tiles.hpp"
#include "progress.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct TilesCommand {
  std::vector<std::string> inventories;
  std::string plan;
  TileDivision division;
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

int make_plan(const TilesCommand& options, bool to_file) {
  if ((options.division.side == 0) == options.division.by.empty()) {
    throw usage_error("tiles: how? Give either --tile N or --by ZONES");
  }
  if (to_file && options.plan.empty()) throw usage_error("-o: is blank: give the plan a name");
  if (to_file) demand_place_for_plan(options.plan, options.output.overwrite);
  std::vector<InventoryJob> jobs;
  for (const std::string& inventory : options.inventories) {
    jobs.push_back(
        {inventory, inventory_job(inventory, options.zones, options.parameters, options.output, options.run)});
  }
  std::string plan;
  {
    ProgressReporter reporter(progress_style(options.console.progress, options.console.quiet));
    plan = plan_tiles(jobs, options.division, reporter.callback());
  }
  if (!to_file) {
    print(plan);
    return 0;
  }
  write_plan(options.plan, plan);
  if (!options.console.quiet) {
    const std::size_t tiles = tiles_of(options.plan);
    const std::string of = jobs.size() > 1 ? " of " + std::to_string(jobs.size()) + " inventories" : "";
    tell(one_line(options.plan) + ": " + std::to_string(tiles) + " tiles" + of + ", 0 to " + std::to_string(tiles - 1));
  }
  return 0;
}

}  // namespace

Command tiles_command() {
  return {"tiles", "a plan that cuts a run into tiles for an array job: run --tile computes one, merge joins them",
          "sinkcalc tiles raster_samples/inventory.toml --tile 1024 -o plan.jsonl", [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<TilesCommand>();
            app.add_option("INVENTORY", options->inventories,
                           "inventory files (TOML): one plan for all, one array of tiles")
                ->required()
                ->type_name("INVENTORY");
            app.add_option("--tile", options->division.side, "square tiles of so many pixels a side")
                ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 30))
                ->type_name("N");
            app.add_option("--by", options->division.by, "a tile for each zone of this zone set")->type_name("NAME");
            app.add_option("-o,--output", options->plan, "the plan; without it, it is printed")->type_name("PLAN");
            app.add_flag("--overwrite", options->output.overwrite, "replace a plan that is there");
            app.add_flag("--csv-bom", options->output.csv_bom, "tables that Excel opens as UTF-8")->group("Output");
            declare_rasters(app, options->output);
            declare(app, options->zones, false);
            declare(app, options->parameters);
            declare_legends(app, options->parameters);
            declare(app, options->run);
            declare_strict(app, options->run);
            declare_voice(app, options->console);
            return [options, &app](const std::string&) {
              return make_plan(*options, app.get_option("--output")->count() > 0);
            };
          }};
}

}  // namespace sink::tools
