// SPDX-License-Identifier: Apache-2.0
// What the tiles of a plan and their merge will take, from a sample of blocks that are computed while the plan is made.
#pragma once

#include "job/tile_plan.hpp"

namespace sink {

/// Fills in the estimates of `plan`. Memory is an upper bound for the threads and the --memory of `setup`, with what is
/// not in the sample added by its size: sums of zones, blocks kept for later windows, overview tiles, patches (which
/// are known by the sample only). Core seconds are `set_up_s`, what making the setup took, and the sample's by pixel.
void estimate(TilePlan& plan, const RunSetup& setup, double set_up_s, const ProgressCallback& progress);

}  // namespace sink
