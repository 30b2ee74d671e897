// SPDX-License-Identifier: Apache-2.0
// The pools of the IPCC on one hectare, and where carbon may go from them. A run that does not model a pool gives it 0:
// what a disturbance brings into it is then counted all the same.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sink {

enum class Pool : std::uint8_t { above, below, dead_wood, litter, soil, products, atmosphere };
inline constexpr std::size_t pool_count = 7;
/// The first five are on the land; products and atmosphere only take.
inline constexpr std::size_t land_pool_count = 5;
inline constexpr std::array<std::string_view, pool_count> pool_names = {"above", "below",    "dead_wood", "litter",
                                                                        "soil",  "products", "atmosphere"};

/// Carbon on one hectare by pool [t C/ha].
struct PoolStock {
  double above_tc_ha = 0, below_tc_ha = 0, dead_wood_tc_ha = 0, litter_tc_ha = 0, soil_tc_ha = 0;
  [[nodiscard]] double total_tc_ha() const noexcept {
    return above_tc_ha + below_tc_ha + dead_wood_tc_ha + litter_tc_ha + soil_tc_ha;
  }
};

/// Years over which soil moves from the stock of one land use to that of the next (IPCC default D), and over which dead
/// matter builds up on new forest (T_on of a gain).
inline constexpr int transition_years = 20;

}  // namespace sink
