// SPDX-License-Identifier: Apache-2.0
#include "job/change_patches.hpp"

#include <memory>

#include "core/error.hpp"
#include "sinkchange/commands.hpp"

namespace sink::tools {
namespace {

struct PatchesCommand {
  ChangePatchesJob job;
  ZoneOptions zones;
  ConsoleOptions console;
  std::vector<std::string> overlays;
  int connectivity = 8;
};

CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help, const char* type) {
  return app.add_option(name, values, help)->allow_extra_args(false)->type_name(type);
}

void declare_own(CLI::App& app, PatchesCommand& options) {
  ChangePatchesJob& job = options.job;
  add_repeated(app, "--transition", job.transitions, "changes to find, FROM:TO, each a code, land use, key or any",
               "CHANGE");
  limit_to(add_repeated(app, "--preset", job.presets, "tea: forest to tea; building: forest or cropland to settlement",
                        "NAME"),
           {"tea", "building"});
  add_repeated(app, "--mmu", job.minimum_units, "leave out smaller patches: 10px, 667m2, 1mu, 0.5ha; or FROM:TO=SIZE",
               "SIZE");
  limit_to(app.add_option("--connectivity", options.connectivity, "pixels that touch: 4 by edges, 8 by corners too"),
           {"4", "8"})
      ->type_name("N")
      ->capture_default_str();
  add_repeated(app, "--overlay", options.overlays, "polygons of interest: a column that is 1 where a patch reaches in",
               "NAME=FILE");
  add_repeated(app, "--stock", job.stocks, "carbon before the change, t C/ha: one map, or one for each interval",
               "RASTER");
  app.add_option("--impossible", job.impossible, "CSV from,to,reason[,within_years]: a column with the reason")
      ->type_name("FILE");
}

int run(PatchesCommand& options, const std::string& command_line) {
  ChangePatchesJob& job = options.job;
  for (const std::string& overlay : options.overlays) {
    const auto equals = overlay.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == overlay.size()) {
      throw usage_error("--overlay " + overlay + ": write NAME=FILE, such as park=national_park.gpkg");
    }
    job.overlays.emplace_back(overlay.substr(0, equals), overlay.substr(equals + 1));
  }
  job.zones = zone_sources(options.zones);
  job.connectivity = static_cast<Connectivity>(options.connectivity);
  job.command_line = command_line;
  return run_and_tell([&](const ProgressCallback& progress) { return run_change_patches(job, progress); }, job.output,
                      options.console);
}

}  // namespace

Command patches_command() {
  return {"patches", "polygons of chosen changes for inspectors: where, how large, in which zone, how much carbon",
          "sinkchange patches lc_2015.tif lc_2020.tif --years 2015 2020 --legend sample --preset tea --mmu 1mu \\\n"
          "           --zones counties.gpkg --zone-id code --overlay park=national_park.gpkg -o out/tea",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<PatchesCommand>();
            declare_maps(app, options->job.maps, true);
            declare_own(app, *options);
            declare(app, options->zones, false);
            declare_directory(app, options->job.output);
            declare(app, options->console);
            return [options](const std::string& command_line) { return run(*options, command_line); };
          }};
}

}  // namespace sink::tools
