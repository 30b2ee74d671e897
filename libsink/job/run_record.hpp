// SPDX-License-Identifier: Apache-2.0
// run.json: everything a verifier needs to check a run. All of it but `timings` is the same for the same inputs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "account/results.hpp"
#include "job/census.hpp"
#include "job/job.hpp"
#include "job/record_end.hpp"
#include "job/run_plan.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// Why our rates may not be held against the job's benchmarks without a caveat; empty where they may.
std::vector<std::string> not_comparable_because(const Job& job);

/// The caveat itself, in both languages.
inline constexpr std::string_view benchmark_caveat =
    "method and boundary of the benchmark unknown: indicative only / 基准口径未公布，仅供参考";

/// `tiles`: what `timings` say of the tiles that the run was computed in; null where it was in one piece.
std::string run_record(const RunSetup& setup, const RunPlan& plan, const Census& census,
                       const std::vector<Closure>& closures, const std::map<std::string, std::string>& hashes,
                       const JobResult& result, StartTime started, const nlohmann::ordered_json& tiles);

}  // namespace sink
