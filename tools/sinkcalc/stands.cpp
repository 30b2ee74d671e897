// SPDX-License-Identifier: Apache-2.0
#include "job/stands.hpp"

#include <memory>

#include "table/stands.hpp"

#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct StandsCommand {
  StandsJob job;
  ParameterOptions parameters;
  ConsoleOptions console;
};

std::string joined(const std::vector<std::string>& words) {
  return CLI::detail::join(words, ", ");
}

void declare_inputs(CLI::App& app, StandsJob& job) {
  app.add_option("FILE", job.files, "stand polygons, FILE[:LAYER]: GeoPackage, Shapefile, GeoJSON")
      ->required()
      ->type_name("POLYGONS");
  limit_to_years(app.add_option("--year", job.year, "year of the survey"))->required()->type_name("YEAR");
  app.add_option("--like", job.like, "raster whose grid is taken")->type_name("RASTER");
  app.add_option("--resolution", job.resolution, "or: pixel size, units of the CRS")->type_name("SIZE");
  app.add_option("--crs", job.crs, "with --resolution: EPSG:4548; else that of the polygons")->type_name("CRS");
  app.add_option("--where", job.where, "only stands with this value of a field")->type_name("FIELD=VALUE");
}

void declare_fields(CLI::App& app, StandsJob& job) {
  app.add_option("--field", job.fields, "a field under another name: volume=XU_JI; blank: none")
      ->allow_extra_args(false)
      ->type_name("USE=NAME");
  limit_to(app.add_option("--area-unit", job.area_unit, "what the area is in"), area_units())
      ->default_str("ha")
      ->type_name("NAME");
  limit_to(app.add_option("--volume-unit", job.volume_unit, "what the volume is for"), volume_units())
      ->default_str("per_ha")
      ->type_name("NAME");
  limit_to(app.add_option("--canopy-unit", job.canopy_unit, "what the canopy density is in"), canopy_units())
      ->default_str("fraction")
      ->type_name("NAME");
  app.add_option("--encoding", job.encoding, "of a Shapefile's text: GBK, UTF-8; else as it says")->type_name("NAME");
}

}  // namespace

Command stands_command() {
  return {"stands", "stand polygons (小班) to rasters of an inventory, their fields checked",
          "sinkcalc stands xiaoban.shp --year 2020 --like dem.tif --legend legend.csv -o out/stands\n"
          "         sinkcalc check out/stands/inventory.toml",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<StandsCommand>();
            declare_inputs(app, options->job);
            declare_fields(app, options->job);
            declare_directory(app, options->job.output);
            declare_rasters(app, options->job.output);
            app.get_option("--layers")->description("rasters to write, of " + joined(stand_layer_names()));
            options->parameters.legend = options->job.legend;
            options->parameters.landcover_legend = options->job.landcover_legend;
            declare(app, options->parameters);
            declare_legends(app, options->parameters);
            app.get_option("--legend")->capture_default_str();
            app.get_option("--landcover-legend")->capture_default_str();
            declare(app, options->job.run);
            declare(app, options->console);
            return [options](const std::string& command_line) {
              StandsJob& job = options->job;
              job.legend = options->parameters.legend;
              job.landcover_legend = options->parameters.landcover_legend;
              job.parameter_files = options->parameters.parameters;
              job.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_stands(job, progress); },
                                  job.output, options->console);
            };
          }};
}

}  // namespace sink::tools
