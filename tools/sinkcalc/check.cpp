// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "console.hpp"
#include "progress.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

constexpr int findings_exit = 5;

std::string level_name(Finding::Level level) {
  return level == Finding::Level::error ? "error" : level == Finding::Level::warning ? "warning" : "note";
}

int check(const Job& job, const ConsoleOptions& console) {
  CheckReport report;
  {
    ProgressReporter reporter(progress_style(console.progress, console.quiet));
    report = check_job(job, reporter.callback());
  }
  int serious = 0;
  std::string findings;
  for (const Finding& finding : report.findings) {
    if (finding.level != Finding::Level::note) ++serious;
    findings += one_line(level_name(finding.level) + ": " + (finding.file.empty() ? "" : finding.file + ": ") +
                         finding.what + (finding.fix.empty() ? "" : ": " + finding.fix)) +
                "\n";
  }
  if (console.json) {
    print(report.json + (report.json.ends_with('\n') ? "" : "\n"));
  } else {
    print(report.text + findings +
          (serious == 0 ? "Ready to run.\n" : std::to_string(serious) + " to be mended before a run.\n"));
  }
  return serious == 0 ? 0 : findings_exit;
}

}  // namespace

Command check_command() {
  struct CheckCommand {
    std::string inventory;
    RunOptions run;
    ConsoleOptions console;
  };
  return {
      "check", "opens everything an inventory names and tells what would stop or distort a run",
      "sinkcalc check raster_samples/inventory.toml", [](CLI::App& app) -> CommandBody {
        const auto options = std::make_shared<CheckCommand>();
        app.add_option("INVENTORY", options->inventory, "inventory file (TOML)")->required()->type_name("INVENTORY");
        declare(app, options->run);
        declare(app, options->console);
        return [options](const std::string& command_line) {
          Job job = read_inventory(options->inventory);
          job.run = options->run;
          job.command_line = command_line;
          return check(job, options->console);
        };
      }};
}

}  // namespace sink::tools
