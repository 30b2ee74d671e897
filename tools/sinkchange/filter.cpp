// SPDX-License-Identifier: Apache-2.0
#include "job/change_filter.hpp"

#include <memory>

#include "sinkchange/commands.hpp"

namespace sink::tools {

Command filter_command() {
  struct FilterCommand {
    ChangeFilterJob job;
    ConsoleOptions console;
    std::vector<std::string> model;
    int connectivity = 0;
  };
  return {"filter", "class maps and changes without noise: small patches, flicker over the years, what cannot be",
          "sinkchange filter lc_2015.tif lc_2020.tif --years 2015 2020 --legend sample \\\n"
          "           --mmu 1mu --mmu any:settlement=200m2 -o out/filtered",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<FilterCommand>();
            ChangeFilterJob& job = options->job;
            declare_maps(app, job.maps, true);
            app.add_option("--mmu", job.minimum_units,
                           "smaller patches of change become no change: 10px, 667m2, 1mu, 0.5ha; or FROM:TO=SIZE")
                ->allow_extra_args(false)
                ->type_name("SIZE");
            app.add_option("--sieve", job.sieve_pixels,
                           "patches of each map below N pixels go to their largest neighbour, as gdal_sieve does")
                ->type_name("N");
            app.add_option("--hmm", options->model,
                           "most probable classes over the years: TRANSITIONS.csv EMISSIONS.csv")
                ->expected(2)
                ->type_name("FILE");
            app.add_flag("--majority", job.majority, "majority of each year and its neighbours");
            app.add_option("--impossible", job.impossible, "CSV from,to,reason[,within_years]: flagged in filter.csv")
                ->type_name("FILE");
            limit_to(app.add_option("--connectivity", options->connectivity,
                                    "pixels that touch: 4 by edges, 8 by corners too (sieve 4, changes 8)"),
                     {"4", "8"})
                ->type_name("N");
            declare_directory(app, job.output);
            declare_rasters(app, job.output);
            app.remove_option(app.get_option("--layers"));
            declare(app, options->console);
            return [options](const std::string& command_line) {
              ChangeFilterJob& todo = options->job;
              if (!options->model.empty()) {
                todo.transitions = options->model[0];
                todo.emissions = options->model[1];
              }
              if (options->connectivity != 0) todo.connectivity = static_cast<Connectivity>(options->connectivity);
              todo.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_change_filter(todo, progress); },
                                  todo.output, options->console);
            };
          }};
}

}  // namespace sink::tools
