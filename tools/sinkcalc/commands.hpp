// SPDX-License-Identifier: Apache-2.0
// The commands of sinkcalc, one file each, and what several of them share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "run_tool.hpp"
#include "shared_options.hpp"
#include "tell.hpp"

namespace sink::tools {

Command run_command();
Command stock_command();
Command sink_command();
Command zonal_command();
Command stands_command();
Command check_command();
Command explain_command();
Command tiles_command();
Command merge_command();
Command methods_command();
Command parameters_command();

/// The job of an inventory: what was typed goes before what it says; zone sets and parameters are added to its own.
/// Throws Error::input and Error::usage.
Job inventory_job(const std::string& inventory, const ZoneOptions& zones, const ParameterOptions& parameters);
/// The same with how it is computed and written.
Job inventory_job(const std::string& inventory, const ZoneOptions& zones, const ParameterOptions& parameters,
                  const OutputOptions& output, const RunOptions& run);

/// `run_and_tell_as` this program.
inline int run_and_tell(const std::function<JobResult(const ProgressCallback&)>& run, const OutputOptions& output,
                        const ConsoleOptions& console) {
  return run_and_tell_as("sinkcalc", run, output, console);
}

}  // namespace sink::tools
