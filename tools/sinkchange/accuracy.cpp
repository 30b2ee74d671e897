// SPDX-License-Identifier: Apache-2.0
#include "job/accuracy.hpp"

#include <memory>

#include "help.hpp"
#include "option_facts.hpp"
#include "sinkchange/commands.hpp"

namespace sink::tools {
namespace {

struct AccuracyCommand {
  AccuracyJob job;
  ConsoleOptions console;
  std::string design = "stratified", finite = "auto";
};

void declare_fields(CLI::App& app, AccuracyJob& job) {
  app.add_option("--map-field", job.map_field, "its class on the map; '': looked up in --map")
      ->capture_default_str()
      ->type_name("FIELD");
  app.add_option("--reference-field", job.reference_field, "its true class; blank: not labelled")
      ->capture_default_str()
      ->type_name("FIELD");
  app.add_option("--stratum-field", job.stratum_field, "the stratum it was drawn in, where that is not the map class")
      ->type_name("FIELD");
  app.add_option("--psu-field", job.psu_field, "the cluster it was drawn in")->type_name("FIELD");
  app.add_option("--psu-count-field", job.psu_count_field, "clusters there are in its stratum, sampled or not")
      ->type_name("FIELD");
  app.add_option("--ssu-count-field", job.ssu_count_field, "units there are in its cluster")->type_name("FIELD");
  for (CLI::Option* option : app.get_options()) {
    if (type_name_of(*option) == "FIELD") belongs_to(option, "SAMPLE");
  }
}

void declare_options(CLI::App& app, AccuracyCommand& options) {
  AccuracyJob& job = options.job;
  app.add_option("SAMPLE", job.sample, "labelled units: CSV, or points FILE[:LAYER]")->required()->type_name("SAMPLE");
  app.add_option("--map", job.map, "the map that was sampled: its classes are the strata")->type_name("MAP");
  app.add_option("--strata", job.strata, "table of the strata: stratum,pixels,area_ha,…")->type_name("CSV");
  declare_fields(app, job);
  limit_to(app.add_option("--design", options.design, "poststratified: drawn over the whole map, as a grid is"),
           {"stratified", "poststratified"})
      ->capture_default_str()
      ->type_name("NAME");
  limit_to(app.add_option("--fpc", options.finite, "finite population correction; auto: as the papers have it"),
           {"auto", "yes", "no"})
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--unlabelled", job.unlabelled, "labels that mean none, beside blank")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->type_name("LABELS");
  auto* level = app.add_option("--level", job.level, "confidence level of the intervals");
  with_range(level->capture_default_str()->type_name("LEVEL"), "0", "1");
  app.add_option("--legend", job.legend, "legend of the map: a CSV file or a built-in name")
      ->type_name("LEGEND")
      ->group("Parameters");
  declare_directory(app, job.output);
  declare(app, job.run);
  declare(app, options.console);
}

SampleDesign design_of(const AccuracyCommand& options) {
  if (!options.job.psu_field.empty()) return SampleDesign::clusters;
  return options.design == "poststratified" ? SampleDesign::poststratified : SampleDesign::stratified;
}

}  // namespace

Command accuracy_command() {
  return {"accuracy",
          "accuracy of a class map, and areas corrected for its errors with intervals",
          "sinkchange accuracy out/sample/sample.gpkg --map change.tif -o out/accuracy",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<AccuracyCommand>();
            declare_options(app, *options);
            return [options](const std::string& command_line) {
              AccuracyJob& job = options->job;
              job.design = design_of(*options);
              job.finite_population = options->finite == "auto"  ? AccuracyJob::Finite::automatic
                                      : options->finite == "yes" ? AccuracyJob::Finite::yes
                                                                 : AccuracyJob::Finite::no;
              job.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_accuracy(job, progress); },
                                  job.output, options->console);
            };
          },
          {{"overall_accuracy", "/overall_accuracy/value", "1", "share of the area that the map has right"},
           {"overall_accuracy_se", "/overall_accuracy/se", "1", "its standard error"},
           {"units", "/units", "1", "units with a label"},
           {"area_ha", "/area_ha", "ha", "area of the strata"}}};
}

}  // namespace sink::tools
