// SPDX-License-Identifier: Apache-2.0
// The end of a run, the same whether its pixels were gone over in one process or in tiles: closures, rasters, tables,
// record, publication.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "job/output_directory.hpp"
#include "job/record_end.hpp"
#include "job/run_pass.hpp"

namespace sink {

/// SHA-256 of every input by path; called late, since they are taken while the run goes on. May throw Error::input.
using InputHashes = std::function<std::map<std::string, std::string>()>;

/// `tiles` is what the record's `timings` say of tiles, where there were any. Throws Error of every kind but usage.
JobResult finish_run(const RunSetup& setup, const RunPlan& plan, RunPass& pass, OutputDirectory& directory,
                     const InputHashes& hashes, const ProgressCallback& progress, StartTime started,
                     const nlohmann::ordered_json& tiles);

}  // namespace sink
