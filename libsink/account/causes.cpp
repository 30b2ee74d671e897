// SPDX-License-Identifier: Apache-2.0
#include "account/causes.hpp"

namespace sink {

const std::array<CauseWords, causes>& cause_words() noexcept {
  constexpr std::string_view cleared = "forest at the first date only: the land use of the second date";
  static constexpr std::array<CauseWords, causes> words = {{
      {"growth", "", "#1b7837",
       "forest at both dates, no event, volume (bamboo: culms) not falling; or forest again after a clearing"},
      {"afforestation", "", "#7fbf7b", "forest at the second date only"},
      {"harvest", "", "#d8b365", "felled while the land use stays forest, or an event of harvest"},
      {"fire", "", "#e31a1c", "an event of fire"},
      {"other_disturbance", "", "#984ea3", "another event"},
      {"degradation", "", "#fd8d3c", "forest at both dates, not felled, volume (bamboo: culms) falling"},
      {"deforestation", "cropland", "#ffd92f", cleared},
      {"deforestation", "cropland_perennial", "#e7298a", cleared},
      {"deforestation", "grassland", "#c2a5cf", cleared},
      {"deforestation", "wetland", "#377eb8", cleared},
      {"deforestation", "settlement", "#4d4d4d", cleared},
      {"deforestation", "other", "#8c510a", cleared},
      {"unresolved", "", "#f4a582", "cleared to grass or bare land and not seen again: harvest or deforestation"},
      {"unexplained", "", "#bdbdbd", "nothing tells: volume not known at both dates, or events that overlap"},
  }};
  return words;
}

}  // namespace sink
