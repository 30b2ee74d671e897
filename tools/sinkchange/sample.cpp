// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "job/sample_draw.hpp"
#include "sinkchange/commands.hpp"

namespace sink::tools {
namespace {

struct SampleCommand {
  SampleJob job;
  ZoneOptions zones;
  ConsoleOptions console;
  std::string design = "stratified", allocation = "proportional";
};

/// A list option that takes values with commas between, and may be given again: no positional argument is swallowed.
void add_numbers(CLI::App& app, const std::string& name, std::vector<std::string>& values, const std::string& type,
                 const std::string& help) {
  app.add_option(name, values, help)->allow_extra_args(false)->delimiter(',')->type_name(type);
}

void declare_options(CLI::App& app, SampleCommand& options) {
  SampleJob& job = options.job;
  app.add_option("MAP", job.map, "class map to sample, FILE or FILE:BAND; a folder of GeoTIFFs is one map")
      ->required()
      ->type_name("MAP");
  app.add_option("--n", job.n, "units in all")->type_name("N");
  add_numbers(app, "--n-per-stratum", job.per_stratum, "CLASS=N",
              "units of each stratum: 1=100,2=50, or 50 for all others");
  app.add_option("--se-overall", job.se_overall, "as many as give the overall accuracy this standard error")
      ->type_name("SE");
  add_numbers(app, "--expected-ua", job.expected_ua, "CLASS=U",
              "user's accuracies that you expect: 1=0.8,2=0.95, or 0.9");
  limit_to(app.add_option("--allocation", options.allocation, "of --n and --se-overall to strata"),
           {"proportional", "neyman", "equal"})
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--min", job.at_least, "least units of a stratum with --n and --se-overall")
      ->capture_default_str()
      ->type_name("N");
  limit_to(app.add_option("--design", options.design, "systematic: a square grid with a random start"),
           {"stratified", "systematic"})
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--seed", job.seed, "another seed, another sample")->capture_default_str()->type_name("N");
  app.add_option("--legend", job.legend, "legend of the map: a CSV file or a built-in name")
      ->type_name("LEGEND")
      ->group("Parameters");
  declare(app, options.zones, false);
  app.get_option("--zones")->description("strata are classes within these: polygons (FILE[:LAYER]) or class raster");
  declare_directory(app, job.output);
  declare(app, job.run);
  declare(app, options.console);
}

}  // namespace

Command sample_command() {
  return {"sample", "draw pixels of a class map to label: sample size, allocation, points",
          "sinkchange sample change.tif --se-overall 0.01 --expected-ua 3=0.7,0.9 -o out/sample",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<SampleCommand>();
            declare_options(app, *options);
            return [options](const std::string& command_line) {
              SampleJob& job = options->job;
              job.design =
                  options->design == "systematic" ? SampleJob::Design::systematic : SampleJob::Design::stratified;
              job.allocation = allocation_called(options->allocation);
              job.zones = zone_sources(options->zones);
              job.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_sample(job, progress); },
                                  job.output, options->console);
            };
          }};
}

}  // namespace sink::tools
