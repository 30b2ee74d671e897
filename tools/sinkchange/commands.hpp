// SPDX-License-Identifier: Apache-2.0
// The commands of sinkchange, one file each, and what several of them share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "job/class_maps.hpp"
#include "job/filter_options.hpp"
#include "run_tool.hpp"
#include "shared_options.hpp"
#include "tell.hpp"

namespace sink::tools {

Command map_command();
Command matrix_command();
Command intensity_command();
Command filter_command();
Command patches_command();
Command sample_command();
Command accuracy_command();

/// MAP …, --years, --legend, --unknown-code, --parameters and what belongs to a run (--threads, --align, …). `needed`:
/// the command cannot do without maps.
void declare_maps(CLI::App& app, ClassMapInputs& maps, bool needed);

/// The words of filters as they are typed.
struct FilterWords {
  FilterOptions options;
  std::vector<std::string> model;
  int connectivity = 0;
  /// What they mean.
  [[nodiscard]] FilterOptions chosen() const;
};
/// --hmm, --majority, --sieve, --mmu, --impossible, --connectivity.
void declare_filters(CLI::App& app, FilterWords& words);

/// `run_and_tell_as` this program.
inline int run_and_tell(const std::function<JobResult(const ProgressCallback&)>& run, const OutputOptions& output,
                        const ConsoleOptions& console) {
  return run_and_tell_as("sinkchange", run, output, console);
}

}  // namespace sink::tools
