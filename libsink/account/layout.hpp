// SPDX-License-Identifier: Apache-2.0
// Which sums an account keeps for every zone, and where each stands. Every sum is of masses [t] or areas [ha].
#pragma once

#include <cstddef>
#include <cstdint>

namespace sink {

/// What became of a pixel's stock between two dates. The values with a rate come first.
enum class Flow : std::uint8_t {
  stable,       ///< forest at both dates, stock at both
  gain,         ///< forest at the second date only, stock at both
  loss,         ///< forest at the first date only, stock at both
  neither,      ///< forest at neither date, stock at both
  first_only,   ///< stock at the first date only
  second_only,  ///< stock at the second date only
  unknown,      ///< stock at neither
};
inline constexpr std::size_t flow_kinds = 7;

/// What is known of a pixel at one date.
struct PixelStock {
  bool known = false, forest = false;
};
constexpr Flow flow_of(PixelStock first, PixelStock second) noexcept {
  if (first.known && second.known) {
    if (first.forest) return second.forest ? Flow::stable : Flow::loss;
    return second.forest ? Flow::gain : Flow::neither;
  }
  if (first.known) return Flow::first_only;
  return second.known ? Flow::second_only : Flow::unknown;
}

struct AccountShape {
  std::size_t dates = 0, methods = 0;
  [[nodiscard]] std::size_t periods() const noexcept { return dates > 0 ? dates - 1 : 0; }
};

/// Index of every sum in a flat vector.
class AccountLayout {
 public:
  /// Sums of a date, whatever the method.
  enum DateSum : std::size_t { forest_area, volume, date_sums };
  /// Sums of a date and method; masses in t d.m. and t C.
  enum StockSum : std::size_t { unmodelled_area, agb, bgb, carbon_above, carbon_below, carbon, dead, soil, stock_sums };
  /// Sums of a period, whatever the method.
  enum PeriodSum : std::size_t { volume_change, forest_gained_area, forest_lost_area, harvest_area, period_sums };
  /// Sums of a period and method for each flow; carbon in t C, signed.
  enum FlowSum : std::size_t { flow_area, flow_carbon, flow_above, flow_dead, flow_sums };

  explicit AccountLayout(AccountShape shape) : shape_(shape) {}
  [[nodiscard]] const AccountShape& shape() const noexcept { return shape_; }

  [[nodiscard]] std::size_t area() const noexcept { return 0; }
  [[nodiscard]] std::size_t date(std::size_t d, DateSum sum) const noexcept { return 1 + d * date_sums + sum; }
  [[nodiscard]] std::size_t stock(std::size_t d, std::size_t m, StockSum sum) const noexcept {
    return 1 + shape_.dates * date_sums + (d * shape_.methods + m) * stock_sums + sum;
  }
  [[nodiscard]] std::size_t period(std::size_t p, PeriodSum sum) const noexcept {
    return stock(shape_.dates, 0, StockSum{}) + p * period_sums + sum;
  }
  [[nodiscard]] std::size_t flow(std::size_t p, std::size_t m, Flow flow, FlowSum sum) const noexcept {
    return flows_from() + ((p * shape_.methods + m) * flow_kinds + static_cast<std::size_t>(flow)) * flow_sums + sum;
  }
  /// Area that is forest at either date but has no rate.
  [[nodiscard]] std::size_t no_rate_area(std::size_t p, std::size_t m) const noexcept {
    return flow(shape_.periods(), 0, Flow{}, FlowSum{}) + p * shape_.methods + m;
  }
  [[nodiscard]] std::size_t size() const noexcept { return no_rate_area(shape_.periods(), 0); }

 private:
  [[nodiscard]] std::size_t flows_from() const noexcept { return period(shape_.periods(), PeriodSum{}); }
  AccountShape shape_;
};

}  // namespace sink
