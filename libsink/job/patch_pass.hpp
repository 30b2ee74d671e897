// SPDX-License-Identifier: Apache-2.0
// The one pass of `sinkchange patches`: maps and the rasters beside them, window by window.
#pragma once

#include <vector>

#include "job/change_pass.hpp"
#include "job/change_patches.hpp"
#include "job/patch_collection.hpp"

namespace sink {

/// The rasters of a job that are read beside the maps.
std::vector<std::string> patch_rasters(const ChangePatchesJob& job);

/// Throws Error::usage where there are not as many rasters as there must be, Error::input where one is not on the maps'
/// grid.
void check_patch_rasters(const ChangePatchesJob& job, const ChangeSetup& setup);

/// The patches that `search` asks for, by interval and first pixel. Throws Error of every kind, for stray codes and
/// impossible values too.
std::vector<PatchFacts> find_patches(const ChangePatchesJob& job, const ChangeSetup& setup, const PatchSearch& search,
                                     const ProgressCallback& progress);

}  // namespace sink
