// SPDX-License-Identifier: Apache-2.0
// RunPlan: the windows of a run and how many may be alive, from the files' blocks and the memory budget.
#pragma once

#include "job/run_setup.hpp"
#include "pipeline/block_plan.hpp"

namespace sink {

struct RunPlan {
  BlockPlan blocks;
  std::size_t live_blocks = 1;
};

RunPlan plan_run(const RunSetup& setup);

/// The same for a part of the grid: `areas` of whole blocks of the outputs, along a Z-order of the blocks. Blocks that
/// are too large for the budget are cut into strips.
RunPlan plan_areas(const RunSetup& setup, const std::vector<Window>& areas, BlockShape block);

/// Worker threads: as wanted, or 0 for all that this process may use.
int threads_of(int wanted);

}  // namespace sink
