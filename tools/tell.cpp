// SPDX-License-Identifier: Apache-2.0
#include "tell.hpp"

#include <filesystem>

#include "console.hpp"
#include "progress.hpp"
#include "report/table.hpp"

namespace sink::tools {
namespace {

std::string with_line_end(const std::string& text) {
  return text.empty() || text.ends_with('\n') ? text : text + "\n";
}

}  // namespace

int run_and_tell_as(const std::string& program, const std::function<JobResult(const ProgressCallback&)>& run,
                    const OutputOptions& output, const ConsoleOptions& console) {
  JobResult result;
  {
    ProgressReporter reporter(progress_style(console.progress, console.quiet));
    result = run(reporter.callback());
  }
  if (!console.quiet) {
    for (const std::string& warning : result.warnings) tell(one_line(program + ": warning: " + warning));
  }
  if (console.json) {
    print(with_line_end(result.summary_json));
  } else if (!console.quiet) {
    print(with_line_end(result.county_table));
  }
  if (console.quiet) return 0;
  std::vector<std::vector<std::string>> files;
  for (const ResultFile& file : result.files) {
    files.push_back({"  " + one_line((std::filesystem::path(output.directory) / file.name).string()), file.meaning});
  }
  tell("\nWritten:\n" + to_terminal(files));
  return 0;
}

}  // namespace sink::tools
