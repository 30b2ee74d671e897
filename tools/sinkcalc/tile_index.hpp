// SPDX-License-Identifier: Apache-2.0
// Which tile of a plan a process of an array job computes.
#pragma once

#include <cstddef>
#include <string>

namespace sink::tools {

struct PlannedTileName {
  std::string plan;
  std::size_t index = 0;
};

/// "PLAN" or "PLAN:INDEX". Without an index it is SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX (PBS Pro), PBS_ARRAYID (Torque)
/// or SGE_TASK_ID (which counts from 1), the first that is set. Throws Error::usage, and Error::input where there is no
/// such plan.
PlannedTileName planned_tile(const std::string& typed);

/// Threads that the scheduler gave this task (SLURM_CPUS_PER_TASK), but no more than `available`.
int threads_of_task(int available);

}  // namespace sink::tools
