// SPDX-License-Identifier: Apache-2.0
#include "job/change_patches.hpp"

#include <charconv>
#include <memory>

#include "core/error.hpp"
#include "sinkchange/commands.hpp"

namespace sink::tools {
namespace {

struct PatchesCommand {
  ChangePatchesJob job;
  ZoneOptions zones;
  ConsoleOptions console;
  std::vector<std::string> overlays, weights;
  int connectivity = 8;
};

CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help, const char* type) {
  return app.add_option(name, values, help)->allow_extra_args(false)->type_name(type);
}

void declare_search(CLI::App& app, PatchesCommand& options) {
  PatchOptions& find = options.job.find;
  add_repeated(app, "--transition", find.transitions, "changes to find, FROM:TO, each a code, land use, key or any",
               "CHANGE");
  limit_to(add_repeated(app, "--preset", find.presets,
                        "tea: forest to tea; building: forest or cropland to settlement; harvest: felled forest that "
                        "stays forest",
                        "NAME"),
           patch_presets());
  add_repeated(app, "--mmu", find.minimum_units, "leave out smaller patches: 10px, 667m2, 1mu, 0.5ha; or FROM:TO=SIZE",
               "SIZE");
  limit_to(app.add_option("--connectivity", options.connectivity, "pixels that touch: 4 by edges, 8 by corners too"),
           {"4", "8"})
      ->type_name("N")
      ->capture_default_str();
  add_repeated(app, "--overlay", options.overlays, "polygons of interest: a column that is 1 where a patch reaches in",
               "NAME=FILE");
  add_repeated(app, "--weight", options.weights, "legal weight of an overlay in the score (1 where not given)",
               "NAME=W");
  app.add_option("--impossible", find.impossible, "CSV from,to,reason[,within_years]: a column with the reason")
      ->type_name("CSV");
}

void declare_rasters_beside(CLI::App& app, ChangePatchesJob& job) {
  add_repeated(app, "--stock", job.stocks, "carbon before the change, t C/ha: one map, or one for each interval",
               "RASTER");
  add_repeated(app, "--age", job.ages, "stand age, one for each date: forest that grew younger was felled", "RASTER");
  add_repeated(app, "--volume", job.volumes,
               "growing stock, one for each date: forest that lost more than half was felled", "RASTER");
  add_repeated(app, "--confidence", job.confidences,
               "probability of the class, one for each date, or of the change, one for each interval", "RASTER");
}

/// The two sides of NAME=VALUE.
std::pair<std::string, std::string> name_and_value(const std::string& option, const std::string& text,
                                                   const std::string& example) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw usage_error(option + " " + text + ": write " + example);
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::pair<std::string, double> weight_of(const std::string& text) {
  const auto [name, number] = name_and_value("--weight", text, "NAME=W, such as park=3");
  double weight = 0;
  const auto [rest, failure] = std::from_chars(number.data(), number.data() + number.size(), weight);
  if (failure != std::errc() || rest != number.data() + number.size()) {
    throw usage_error("--weight " + text + ": '" + number + "' is no number");
  }
  return {name, weight};
}

int run(PatchesCommand& options, const std::string& command_line) {
  ChangePatchesJob& job = options.job;
  for (const std::string& overlay : options.overlays) {
    job.find.overlays.push_back(name_and_value("--overlay", overlay, "NAME=FILE, such as park=national_park.gpkg"));
  }
  for (const std::string& weight : options.weights) job.find.weights.push_back(weight_of(weight));
  job.zones = zone_sources(options.zones);
  job.find.connectivity = static_cast<Connectivity>(options.connectivity);
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
            declare_search(app, *options);
            declare_rasters_beside(app, options->job);
            declare(app, options->zones, false);
            declare_directory(app, options->job.output);
            declare(app, options->console);
            return [options](const std::string& command_line) { return run(*options, command_line); };
          }};
}

}  // namespace sink::tools
