// SPDX-License-Identifier: Apache-2.0
// The commands of sinkcalc, one file each, and what several of them share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "run_tool.hpp"
#include "shared_options.hpp"

namespace sink::tools {

Command run_command();
Command stock_command();
Command sink_command();
Command zonal_command();
Command check_command();
Command methods_command();
Command parameters_command();

/// Runs a job and tells what came of it: warnings and the list of files to stderr, the table or the JSON object to
/// stdout. Returns the exit code.
int run_and_tell(const std::function<JobResult(const ProgressCallback&)>& run, const OutputOptions& output,
                 const ConsoleOptions& console);

}  // namespace sink::tools
