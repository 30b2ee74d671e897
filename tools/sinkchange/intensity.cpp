// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "job/intensity_job.hpp"
#include "sinkchange/commands.hpp"

namespace sink::tools {

Command intensity_command() {
  struct IntensityCommand {
    IntensityJob job;
    ZoneOptions zones;
    ConsoleOptions console;
  };
  return {"intensity", "how fast intervals are, how active classes, what transitions target",
          "sinkchange intensity --matrix out/change/matrix.csv -o out/intensity", [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<IntensityCommand>();
            declare_maps(app, options->job.maps, false);
            app.add_option("--matrix", options->job.matrix, "instead of maps: matrix.csv, or OpenLand's long table")
                ->type_name("CSV");
            limit_to(app.add_option("--unit", options->job.unit, "sizes in; else ha where there are areas"),
                     {"ha", "pixels"})
                ->type_name("NAME");
            declare(app, options->zones, false);
            declare_directory(app, options->job.output);
            declare(app, options->console);
            return [options](const std::string& command_line) {
              IntensityJob& job = options->job;
              job.zones = zone_sources(options->zones);
              job.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_intensity(job, progress); },
                                  job.output, options->console);
            };
          }};
}

}  // namespace sink::tools
