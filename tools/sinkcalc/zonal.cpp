// SPDX-License-Identifier: Apache-2.0
#include "job/zonal.hpp"

#include <memory>

#include "sinkcalc/commands.hpp"

namespace sink::tools {

Command zonal_command() {
  struct ZonalCommand {
    ZonalJob job;
    ZoneOptions zones;
    ConsoleOptions console;
  };
  return {
      "zonal", "sums of density rasters (per hectare) over zones, with true pixel areas",
      "sinkcalc zonal carbon_2020.tif --zones counties.gpkg --zone-id code -o out/zonal",
      [](CLI::App& app) -> CommandBody {
        const auto options = std::make_shared<ZonalCommand>();
        app.add_option("RASTER", options->job.rasters,
                       "density rasters, FILE or FILE:BAND; a folder of GeoTIFFs is one raster")
            ->required()
            ->type_name("RASTER");
        app.add_option("--by", options->job.by, "class raster: sums per class within each zone")->type_name("RASTER");
        declare(app, options->zones, false);
        app.get_option("--zones")->required();
        declare_directory(app, options->job.output);
        declare(app, options->job.run);
        declare(app, options->console);
        return [options](const std::string& command_line) {
          ZonalJob& job = options->job;
          job.zones = zone_sources(options->zones);
          job.command_line = command_line;
          return run_and_tell([&](const ProgressCallback& progress) { return run_zonal(job, progress); }, job.output,
                              options->console);
        };
      }};
}

}  // namespace sink::tools
