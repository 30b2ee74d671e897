// SPDX-License-Identifier: Apache-2.0
// How every run record ends: what was written, what the reader must know, and the part that is not compared.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/parameters.hpp"
#include "job/job.hpp"

namespace sink {

using StartTime = std::chrono::steady_clock::time_point;

/// What `timings` tells: the only part of a record that may differ between runs of the same inputs.
struct RunTimings {
  const RunOptions& run;
  const OutputOptions& output;
  const std::string& command_line;
  int threads;
  std::string blocks;  ///< shape of the windows: "512 x 512"
  StartTime started;
  const nlohmann::ordered_json* tiles = nullptr;  ///< what is known of the tiles of a merged run; or null
};

/// Rows of parameters in use: value, sd, status, source.
nlohmann::ordered_json parameters_json(const std::vector<ParameterRow>& rows);

/// The record with `warnings`, `outputs` and `timings`, as text. Bytes that are not UTF-8, as a file name may hold, are
/// replaced.
std::string closed_record(nlohmann::ordered_json record, const JobResult& result, const RunTimings& timings);

}  // namespace sink
