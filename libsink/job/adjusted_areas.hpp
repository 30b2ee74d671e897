// SPDX-License-Identifier: Apache-2.0
// Error-adjusted areas of from-to codes, as `sinkchange accuracy` wrote them for the sample of a change map.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "account/estimate.hpp"

namespace sink {

struct AdjustedAreas {
  struct Row {
    double mapped_ha = 0;
    Estimate area_ha;
  };
  std::string file;
  double z = 0;  ///< half-width of the file's intervals in standard errors
  std::map<std::uint32_t, Row> codes;
};

/// Reads an accuracy.csv whose classes are codes from 1 to `codes`. Throws Error::input for other classes and for
/// areas that are blank.
AdjustedAreas read_adjusted_areas(const std::string& file, std::uint32_t codes);

/// Throws Error::input where the file is of another map: a code that it lacks, or a mapped area beyond 1e-6 of ours.
/// `mapped_ha`: of every code that the map has.
void demand_same_map(const AdjustedAreas& areas, const std::map<std::uint32_t, double>& mapped_ha,
                     const std::string& map);

}  // namespace sink
