// SPDX-License-Identifier: Apache-2.0
// The layer `patches`: a row and a shape for each patch, in order of rank.
#pragma once

#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/patch_facts.hpp"
#include "raster/polygon_layer.hpp"

namespace sink {

struct PatchLayer {
  Table table;
  std::vector<PolygonFeature> features;  ///< one for each row
};
/// Ranks by score: confidence (1 where unknown) x carbon lost where a stock is known, else area [ha], x legal weight. A
/// patch without a known stock counts as none lost, so those that gained carbon come last.
PatchLayer patch_layer(const PatchSearch& search, std::vector<PatchFacts> facts);

/// Throws Error::usage where an overlay or a zone set would take the name of another column.
void demand_distinct_columns(const PatchSearch& search);

/// Patches and areas by transition, for a terminal.
std::string patch_text(const PatchLayer& layer);

}  // namespace sink
