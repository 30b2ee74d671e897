// SPDX-License-Identifier: Apache-2.0
// The run record of `run_stands`.
#pragma once

#include <map>
#include <string>

#include "job/record_end.hpp"
#include "job/stand_tables.hpp"

namespace sink {

/// What the record tells of.
struct StandRun {
  const StandsJob& job;
  const StandSet& set;
  const Grid& grid;
  const std::vector<StandLayer>& layers;
  const StandPixels& pixels;
  const std::vector<StandCheck>& checks;
  const std::vector<StandFinding>& findings;
  std::int64_t off_grid = 0;
};

std::string stands_record(const StandRun& run, const std::map<std::string, std::string>& hashes,
                          const JobResult& result, StartTime started);

}  // namespace sink
