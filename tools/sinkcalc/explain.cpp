// SPDX-License-Identifier: Apache-2.0
#include "job/explain.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "console.hpp"
#include "core/error.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

struct ExplainCommand {
  std::string inventory;
  std::optional<double> x, y;
  std::vector<double> lonlat;
  ZoneOptions zones;
  ParameterOptions parameters;
  RunOptions run;
  bool json = false;
};

Explanation explain(const ExplainCommand& options) {
  if (options.x && !options.lonlat.empty()) throw usage_error("X Y and --lonlat are both given: keep one");
  if (options.x && !options.y) throw usage_error("X without Y: give X Y, or --lonlat LON LAT");
  if (!options.x && options.lonlat.empty()) {
    throw usage_error("no pixel: give X Y in the CRS of the grid, or --lonlat LON LAT");
  }
  Job job = inventory_job(options.inventory, options.zones, options.parameters);
  job.run = options.run;
  Explainer explainer(std::move(job));
  return options.lonlat.empty() ? explainer.at(*options.x, *options.y)
                                : explainer.at_lonlat(options.lonlat[0], options.lonlat[1]);
}

}  // namespace

Command explain_command() {
  return {
      "explain", "one pixel: all inputs, every number and equation on the way to its stock and sink",
      "sinkcalc explain raster_samples/inventory.toml 580850 2973650", [](CLI::App& app) -> CommandBody {
        const auto options = std::make_shared<ExplainCommand>();
        app.add_option("INVENTORY", options->inventory, "inventory file (TOML)")->required()->type_name("INVENTORY");
        app.add_option("X", options->x, "to the east, in the CRS of the grid")->type_name("NUMBER");
        app.add_option("Y", options->y, "to the north")->type_name("NUMBER");
        app.add_option("--lonlat", options->lonlat, "longitude and latitude instead, WGS 84 degrees")
            ->expected(2)
            ->type_name("DEGREES");
        declare(app, options->zones, false);
        declare(app, options->parameters);
        declare_legends(app, options->parameters);
        declare(app, options->run);
        declare_json(app, options->json);
        return [options](const std::string&) {
          const Explanation explanation = explain(*options);
          print(options->json ? explanation_json(explanation) : explanation_text(explanation));
          return 0;
        };
      }};
}

}  // namespace sink::tools
