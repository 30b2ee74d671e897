// SPDX-License-Identifier: Apache-2.0
#include "account/causes.hpp"

namespace sink {

const std::array<CauseWords, causes>& cause_words() noexcept {
  constexpr std::string_view cleared = "forest at the first date only: the land use of the second date";
  // Green: land became forest, or it grew; blue and violet: forest that stays; warm: forest lost, by destination.
  static constexpr std::array<CauseWords, causes> words = {{
      {"growth", "", "生长", "#2e7444",
       "forest at both dates, no event, volume (bamboo: culms) not falling; or forest again after a clearing"},
      {"afforestation", "", "新增森林", "#6ad961", "forest at the second date only"},
      {"harvest", "", "采伐", "#395ecc", "felled while the land use stays forest, or an event of harvest"},
      {"fire", "", "火灾", "#972122", "an event of fire"},
      {"other_disturbance", "", "其他干扰", "#89589d", "another event"},
      {"degradation", "", "退化", "#6eacf2", "forest at both dates, not felled, volume (bamboo: culms) falling"},
      {"deforestation", "cropland", "毁林 → 耕地", "#f5cf2b", cleared},
      {"deforestation", "cropland_perennial", "毁林 → 园地", "#ff2d5b", cleared},
      {"deforestation", "grassland", "毁林 → 草地", "#bca583", cleared},
      {"deforestation", "wetland", "毁林 → 湿地", "#ed8e2f", cleared},
      {"deforestation", "settlement", "毁林 → 建设用地", "#ba190d", cleared},
      {"deforestation", "other", "毁林 → 其他土地", "#4c1300", cleared},
      {"unresolved", "", "去向未明", "#ebecb1",
       "cleared to grass or bare land and not seen again: harvest or deforestation"},
      {"unexplained", "", "原因不明", "#b4b4b4",
       "nothing tells: volume not known at both dates, or events that overlap"},
  }};
  return words;
}

}  // namespace sink
