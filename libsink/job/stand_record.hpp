// SPDX-License-Identifier: Apache-2.0
// The run record of `run_stands`.
#pragma once

#include <map>
#include <string>

#include "job/record_end.hpp"
#include "job/stand_tables.hpp"

namespace sink {

std::string stands_record(const StandRun& run, const std::map<std::string, std::string>& hashes,
                          const JobResult& result, StartTime started);

}  // namespace sink
