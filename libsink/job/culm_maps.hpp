// SPDX-License-Identifier: Apache-2.0
// Which maps of bamboo culms a run has: one of all culms, or one of each age (method/bamboo.hpp), alike at every date.
#pragma once

#include <cstdint>
#include <vector>

namespace sink {

struct DateSetup;

enum class CulmMaps : std::uint8_t { none, total, by_age };

/// Throws Error::usage where dates differ (bamboo would go by one rule at one date and by another at the next: a sink
/// that is none), where a date has both kinds, or not all ages.
CulmMaps culm_maps(const std::vector<DateSetup>& dates);

}  // namespace sink
