// SPDX-License-Identifier: Apache-2.0
#include "job/change_filter.hpp"

#include <memory>

#include "sinkchange/commands.hpp"

namespace sink::tools {

Command filter_command() {
  struct FilterCommand {
    ChangeFilterJob job;
    ConsoleOptions console;
    FilterWords filter;
  };
  return {"filter", "class maps and changes without noise: small patches, flicker over the years, what cannot be",
          "sinkchange filter lc_2015.tif lc_2020.tif --years 2015 2020 --legend sample \\\n"
          "           --mmu 1mu --mmu any:settlement=200m2 -o out/filtered",
          [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<FilterCommand>();
            ChangeFilterJob& job = options->job;
            declare_maps(app, job.maps, true);
            declare_filters(app, options->filter);
            declare_directory(app, job.output);
            declare_rasters(app, job.output);
            app.remove_option(app.get_option("--layers"));
            declare(app, options->console);
            return [options](const std::string& command_line) {
              ChangeFilterJob& todo = options->job;
              todo.filter = options->filter.chosen();
              todo.command_line = command_line;
              return run_and_tell([&](const ProgressCallback& progress) { return run_change_filter(todo, progress); },
                                  todo.output, options->console);
            };
          }};
}

}  // namespace sink::tools
