// SPDX-License-Identifier: Apache-2.0
// The layer `patches`: a row and a shape for each patch, in order of rank.
#pragma once

#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/patch_pass.hpp"
#include "raster/polygon_layer.hpp"

namespace sink {

struct PatchLayer {
  Table table;
  std::vector<PolygonFeature> features;  ///< one for each row
};
/// Ranks by carbon lost where a stock map is given, else by area.
PatchLayer patch_layer(const ChangePatchesJob& job, const ChangeSetup& setup, std::vector<PatchFacts> facts);

/// Harvest, deforestation or unresolved (change.md e), `conversion` where no forest is cleared; blank without a legend.
std::string patch_kind(const ChangeSetup& setup, const PatchFacts& facts);

/// Patches and areas by transition, for a terminal.
std::string patch_text(const PatchLayer& layer);

}  // namespace sink
