// SPDX-License-Identifier: Apache-2.0
#include "job/change_map.hpp"

#include <memory>

#include "sinkchange/commands.hpp"

namespace sink::tools {
namespace {

struct MapCommand {
  ChangeMapJob job;
  ZoneOptions zones;
  ConsoleOptions console;
  FilterWords filter;
  bool no_trajectories = false;
};

void declare_carbon(CLI::App& app, ChangeCarbonInputs& carbon) {
  app.add_option("--stock", carbon.stocks,
                 "living carbon, t C/ha: a map for each date, or for the start of each interval")
      ->allow_extra_args(false)
      ->type_name("RASTER")
      ->group("Carbon");
  app.add_option("--densities", carbon.densities, "carbon pools by class (InVEST's CSV): what a class holds")
      ->type_name("CSV")
      ->group("Carbon");
  app.add_option("--accuracy", carbon.accuracies, "accuracy.csv of each interval's change map: adjusted areas")
      ->allow_extra_args(false)
      ->type_name("CSV")
      ->group("Carbon");
}

CommandBody declare_change(CLI::App& app, bool rasters) {
  const auto options = std::make_shared<MapCommand>();
  declare_maps(app, options->job.maps, true);
  app.add_flag("--no-trajectories", options->no_trajectories, "no table of sequences of classes over all dates");
  declare_filters(app, options->filter);
  declare_carbon(app, options->job.carbon);
  declare(app, options->zones, false);
  declare_directory(app, options->job.output);
  if (rasters) {
    declare_rasters(app, options->job.output);
    app.remove_option(app.get_option("--layers"));  // there is one layer
  }
  declare(app, options->console);
  return [options, rasters](const std::string& command_line) {
    ChangeMapJob& job = options->job;
    job.zones = zone_sources(options->zones);
    job.filter = options->filter.chosen();
    job.rasters = rasters;
    job.trajectories = !options->no_trajectories;
    job.command_line = command_line;
    return run_and_tell([&](const ProgressCallback& progress) { return run_change_map(job, progress); }, job.output,
                        options->console);
  };
}

}  // namespace

Command map_command() {
  return {"map", "rasters and tables of what became what between class maps",
          "sinkchange map landcover_2015.tif landcover_2020.tif --years 2015 2020 --legend sample \\\n"
          "           --zones counties.gpkg --zone-id code -o out/change",
          [](CLI::App& app) { return declare_change(app, true); }};
}

Command matrix_command() {
  return {"matrix", "the tables and charts of `map` without rasters",
          "sinkchange matrix landcover_2015.tif landcover_2020.tif --years 2015 2020 --legend sample -o out/matrix",
          [](CLI::App& app) { return declare_change(app, false); }};
}

}  // namespace sink::tools
