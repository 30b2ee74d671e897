// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>

#include "core/error.hpp"
#include "job/choices.hpp"
#include "option_facts.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct StockCommand {
  int year = 0;
  std::map<std::string, std::string> layers;  ///< by name, blank where not given
  StockOptions stock;
  std::string land_use_from = "forest_type";
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};

/// An option per map that a method may read: forest_type is --forest-type.
void declare_maps(CLI::App& app, StockCommand& options) {
  for (const LayerInfo& info : input_layers()) {
    std::string name(info.name);
    std::replace(name.begin(), name.end(), '_', '-');
    std::string help(info.meaning);
    help += info.unit == "class" ? ", class codes" : ", " + std::string(info.unit);
    auto* map = app.add_option("--" + name, options.layers[std::string(info.name)], help)->type_name("RASTER");
    with_unit(map, std::string(info.unit));
  }
}

void declare_method(CLI::App& app, StockCommand& options) {
  StockOptions& stock = options.stock;
  auto* method = app.add_option("--method", stock.methods, "one, or several side by side with commas");
  limit_to(method, stock_method_names())
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str("bef")
      ->type_name("NAMES");
  limit_to_years(app.add_option("--year", options.year, "year of the maps"))->required()->type_name("YEAR");
  declare_maps(app, options);
  app.add_option("--densities", stock.densities, "carbon pools by class (InVEST's CSV), for lookup")->type_name("CSV");
  limit_to(app.add_option("--pools", stock.pools, "pools to count"), pool_names())
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str("agb,bgb")
      ->type_name("NAMES");
  limit_to(app.add_option("--bcef-zone", stock.bcef_zone, "for bcef"), bcef_zone_names())->type_name("NAME");
  app.add_flag("--bcef-interpolate", stock.bcef_interpolate, "BCEF without steps between volume classes");
  app.add_option("--regression-set", stock.regression_set, "lines to use, for regression")
      ->capture_default_str()
      ->type_name("NAME");
  limit_to(app.add_option("--land-use-from", options.land_use_from, "which map says what is forest"),
           land_use_sources())
      ->capture_default_str()
      ->type_name("NAME");
}

Job job_of(const StockCommand& options, const std::string& command_line) {
  Job job;
  DateInputs date;
  date.year = options.year;
  for (const auto& [name, path] : options.layers) {
    if (!path.empty()) date.layers[name] = path;
  }
  if (date.layers.empty()) throw usage_error("no map: give --volume and --forest-type, or what the method reads");
  job.dates.push_back(std::move(date));
  job.stock = options.stock;
  job.land_use_from = options.land_use_from;
  job.legend = options.parameters.legend;
  job.landcover_legend = options.parameters.landcover_legend;
  job.parameter_files = options.parameters.parameters;
  job.zones = zone_sources(options.zones);
  job.output = options.output;
  job.run = options.run;
  job.command_line = command_line;
  return job;
}

}  // namespace

Command stock_command() {
  return {"stock", "the carbon stock of one date from stand maps, a biomass map or land cover",
          "sinkcalc stock --method bef --forest-type type.tif --volume volume.tif --legend legend.csv \\\n"
          "           --year 2020 --zones counties.gpkg --zone-id code -o out/stock",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<StockCommand>();
            declare_method(app, *options);
            declare_directory(app, options->output);
            declare_rasters(app, options->output);
            declare(app, options->zones, true);
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
