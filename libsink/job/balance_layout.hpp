// SPDX-License-Identifier: Apache-2.0
// Which sums the balance keeps for every zone, and where each stands: areas [ha] and carbon [t C].
#pragma once

#include <cstddef>

#include "core/pools.hpp"
#include "method/growth.hpp"
#include "method/period_balance.hpp"

namespace sink {

/// Why a pixel with a rate has no gain-loss: the reasons of GrowthGap, and two disturbances at one place.
inline constexpr std::size_t balance_gaps = (growth_gaps - 1) + 1;

class BalanceLayout {
 public:
  /// Sums of a period and method; gains and losses are of living biomass.
  enum Sum : std::size_t {
    rate_area,
    rate_change,  ///< pixels with a rate: the stock difference
    modelled_area,
    modelled_change,  ///< those of them that gain-loss can follow
    growth,
    regrowth,
    cover,
    lost_harvest,
    lost_fire,
    lost_other,
    lost_conversion,
    fuel,               ///< dry matter that fires reached [t d.m.]
    carried_area,       ///< not followed, with pools that an earlier change left under way
    soil_unknown_area,  ///< converted to or from a use whose soil is not modelled
    gap_area,           ///< balance_gaps of them
    pool_flows = gap_area + balance_gaps,
    sums = pool_flows + balance_pools * 6
  };
  enum PoolSum : std::size_t { opening, gained, received, given, emitted, closing };
  /// Sums of a period by the provincial method.
  enum ProvincialSum : std::size_t {
    provincial_area,
    provincial_growth,
    provincial_cover,
    provincial_unmodelled,
    provincial_sums
  };

  BalanceLayout(std::size_t periods, std::size_t methods) : periods_(periods), methods_(methods) {}
  [[nodiscard]] std::size_t at(std::size_t period, std::size_t method, std::size_t sum) const noexcept {
    return (period * methods_ + method) * sums + sum;
  }
  [[nodiscard]] static constexpr std::size_t pool(std::size_t pool, PoolSum sum) noexcept {
    return pool_flows + pool * 6 + sum;
  }
  [[nodiscard]] std::size_t provincial(std::size_t period, ProvincialSum sum) const noexcept {
    return at(periods_, 0, 0) + period * provincial_sums + sum;
  }
  [[nodiscard]] std::size_t size() const noexcept { return provincial(periods_, provincial_area); }
  [[nodiscard]] std::size_t periods() const noexcept { return periods_; }
  [[nodiscard]] std::size_t methods() const noexcept { return methods_; }

 private:
  std::size_t periods_, methods_;
};

}  // namespace sink
