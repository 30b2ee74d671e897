// SPDX-License-Identifier: Apache-2.0
// What a program says of a run that is done.
#pragma once

#include <functional>
#include <string>

#include "job/job.hpp"
#include "shared_options.hpp"

namespace sink::tools {

/// Runs a job and tells what came of it: warnings and the list of files to stderr, the table or the JSON object to
/// stdout. Returns the exit code.
int run_and_tell_as(const std::string& program, const std::function<JobResult(const ProgressCallback&)>& run,
                    const OutputOptions& output, const ConsoleOptions& console);

}  // namespace sink::tools
