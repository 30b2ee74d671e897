// SPDX-License-Identifier: Apache-2.0
// What a change command must say beside its numbers: closures, warnings, and run.json.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "job/change_pass.hpp"
#include "job/run_record.hpp"

namespace sink {

/// Two counts of the same pixels that must agree exactly.
struct CountClosure {
  std::string name;
  std::int64_t left = 0, right = 0;
};
/// Rows and columns against what was counted another way. `intervals_meet`: what an interval has at its end the next
/// one has at its start, which patches taken out of each interval break. Throws Error::check where one fails.
std::vector<CountClosure> change_closures(const ChangeSetup& setup, const ChangeSums& sums, bool intervals_meet = true);

/// What a person should know; throws Error::input where two maps share no class and no legend says that they should.
std::vector<std::string> change_warnings(const ChangeSetup& setup, const ChangeSums& sums);

/// Maps, legend, parameters and zones, each file once.
std::vector<std::string> files_read(const ChangeSetup& setup);

struct ChangeRun {
  std::string program;  ///< "sinkchange map"
  const OutputOptions& output;
  std::string command_line;
  StartTime started;
  std::string carbon_json = {};  ///< an object for `carbon`; blank: none
};
std::string change_record(const ChangeSetup& setup, const ChangeRun& run, const std::vector<CountClosure>& closures,
                          const std::map<std::string, std::string>& hashes, const JobResult& result);

}  // namespace sink
