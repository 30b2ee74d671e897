// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "core/error.hpp"
#include "core/layer.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct SinkCommand {
  std::string from, to, quantity = "carbon";
  std::vector<int> years;
  std::vector<std::string> landcover;
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

void declare_inputs(CLI::App& app, SinkCommand& options) {
  app.add_option("--from", options.from, "carbon map of the first year")->required()->type_name("RASTER");
  app.add_option("--to", options.to, "carbon map of the second year")->required()->type_name("RASTER");
  limit_to_years(app.add_option("--years", options.years, "the two years"))->expected(2)->required()->type_name("YEAR");
  limit_to(app.add_option("--quantity", options.quantity, "what the maps hold, t/ha of"), {"carbon", "co2"})
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--landcover", options.landcover, "land cover of the two years: says what is forest")
      ->expected(2)
      ->type_name("RASTER");
}

Job job_of(const SinkCommand& options, const std::string& command_line) {
  if (options.years[0] >= options.years[1]) {
    throw usage_error("--years: " + std::to_string(options.years[0]) + " " + std::to_string(options.years[1]) +
                      " are not in ascending order: swap --from and --to with their years");
  }
  Job job;
  const std::string maps[] = {options.from, options.to};
  for (std::size_t i = 0; i < 2; ++i) {
    DateInputs date;
    date.year = options.years[i];
    date.layers[std::string(layer::carbon_map.name)] = maps[i];
    if (!options.landcover.empty()) date.layers[std::string(layer::landcover.name)] = options.landcover[i];
    job.dates.push_back(std::move(date));
  }
  job.stock.methods = {"given"};
  job.given_quantity = options.quantity;
  job.landcover_legend = options.parameters.landcover_legend;
  job.zones = zone_sources(options.zones);
  job.output = options.output;
  job.run = options.run;
  job.command_line = command_line;
  return job;
}

}  // namespace

Command sink_command() {
  return {"sink", "the sink between two ready carbon maps",
          "sinkcalc sink --from carbon_2015.tif --to carbon_2020.tif --years 2015 2020 \\\n"
          "           --zones counties.gpkg --zone-id code -o out/sink",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<SinkCommand>();
            declare_inputs(app, *options);
            declare_directory(app, options->output);
            declare_rasters(app, options->output);
            declare(app, options->zones, true);
            declare_landcover_legend(app, options->parameters);
            declare(app, options->run);
            declare(app, options->console);
            return [options](const std::string& command_line) {
              const Job job = job_of(*options, command_line);
              return run_and_tell([&](const ProgressCallback& progress) { return run_job(job, progress); }, job.output,
                                  options->console);
            };
          }};
}

}  // namespace sink::tools
