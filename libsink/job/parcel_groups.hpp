// SPDX-License-Identifier: Apache-2.0
// Which parcels of a target are summed over for which period.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "job/job.hpp"
#include "raster/parcels.hpp"

namespace sink {

/// The parcels of a target that were done by some year, as one zone: each pixel once.
struct ParcelGroup {
  /// `done`: by the period's end. `counted`: by its start, so that the period's sink came after the measure.
  enum class Of { done, counted };
  Of of = Of::done;
  std::size_t target = 0, period = 0;
  PolygonZones zones;
};

/// The parcels done between a target's start and its deadline, and not after `year`.
inline std::vector<std::size_t> done_by(const Parcels& parcels, const Target& target, int year) {
  return parcels.done(target.start, std::min(target.by, year));
}

struct RunSetup;

/// Adds the groups of the target at `index` for every period of the run; a group without parcels is left out.
void add_parcel_groups(const Parcels& parcels, std::size_t index, const RunSetup& setup,
                       std::vector<ParcelGroup>& groups);

}  // namespace sink
