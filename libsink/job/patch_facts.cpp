// SPDX-License-Identifier: Apache-2.0
#include "job/patch_facts.hpp"

#include <algorithm>
#include <limits>

#include "core/nodata.hpp"

namespace sink {

PatchSums& PatchSums::operator+=(const PatchSums& other) {
  pixels += other.pixels;
  stock_pixels += other.stock_pixels;
  felled_pixels += other.felled_pixels;
  forest_again_pixels += other.forest_again_pixels;
  confidence_pixels += other.confidence_pixels;
  area_ha += other.area_ha;
  stock_t += other.stock_t;
  stock_area_ha += other.stock_area_ha;
  confidence += other.confidence;
  for (const auto& [place, shared] : other.pixels_in) pixels_in[place] += shared;
  return *this;
}

std::size_t PatchSums::bytes() const noexcept {
  // A node of a tree and its links, as measured with libstdc++.
  return sizeof *this + 64 * pixels_in.size();
}

std::string patch_kind(const PatchSearch& search, const PatchFacts& facts) {
  if (!search.world.land_uses) return "";
  if (2 * facts.sums.felled_pixels > facts.patch.pixels) return "harvest";
  const LandUse from = search.world.legend[facts.from].land_use, to = search.world.legend[facts.to].land_use;
  if (!is_forest(from)) return "conversion";
  if (to == LandUse::forest_unstocked) return from == to ? "" : "harvest";
  if (is_forest(to)) return "";
  if (to != LandUse::grassland && to != LandUse::other) return "deforestation";
  if (2 * facts.sums.forest_again_pixels >= facts.patch.pixels) return "harvest";
  const auto& years = search.world.years;
  return years.back() - years[facts.interval + 1] >= years_to_return ? "deforestation" : "unresolved";
}

double patch_confidence(const PatchFacts& facts) {
  const auto pixels = static_cast<double>(facts.sums.confidence_pixels);
  return pixels > 0 ? facts.sums.confidence.value() / pixels : no_value;
}

bool reaches(const PatchSearch& search, const PatchFacts& facts, std::size_t overlay) {
  return facts.sums.pixels_in.count({search.zones().size() + overlay, 0}) > 0;
}

double legal_weight(const PatchSearch& search, const PatchFacts& facts) {
  double weight = -1;
  for (std::size_t o = 0; o < search.overlays.size(); ++o) {
    if (reaches(search, facts, o)) weight = std::max(weight, search.weights[o]);
  }
  return weight < 0 ? 1 : weight;
}

std::int32_t main_zone(const PatchFacts& facts, std::size_t set) {
  std::int64_t most = 0;
  std::int32_t zone = -1;
  constexpr auto first = std::numeric_limits<std::int32_t>::min();
  for (auto at = facts.sums.pixels_in.lower_bound({set, first});
       at != facts.sums.pixels_in.end() && at->first.first == set; ++at) {
    if (at->second <= most) continue;
    most = at->second;
    zone = at->first.second;
  }
  return zone;
}

}  // namespace sink
