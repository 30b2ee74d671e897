// SPDX-License-Identifier: Apache-2.0
#include "job/clearings.hpp"

namespace sink {

Clearings::Clearings(const RunSetup& setup) : is_clearing_(max_classes + 1, true) {
  for (const DateSetup& date : setup.dates) years_.push_back(date.year);
  const Legend& legend = setup.classes->joined();
  for (std::size_t type = 0; type < legend.size(); ++type) {
    is_clearing_[type] = sink::is_clearing(legend.rows()[type].land_use);
  }
}

SeenLater Clearings::seen_later(const PartView& part, std::size_t period, std::size_t pixel) const noexcept {
  for (std::size_t later = period + 2; later < years_.size(); ++later) {
    if (part.dates[later].known[pixel] == 0) continue;
    const int years = years_[later] - years_[period + 1];
    const bool in_time = years <= forest_returns_within_yr;
    if (part.dates[later].forest[pixel] != 0) return in_time ? SeenLater::forest_again : SeenLater::forest_no_longer;
    const bool time_is_over = years >= forest_returns_within_yr;
    if (time_is_over || !cleared(part, later, pixel)) return SeenLater::forest_no_longer;
  }
  return SeenLater::not_seen;
}

std::optional<std::size_t> Clearings::waits_since(const PartView& part, std::size_t date,
                                                  std::size_t pixel) const noexcept {
  if (!cleared(part, date, pixel)) return std::nullopt;
  std::size_t stood = date;
  while (stood > 0 && (part.dates[stood].known[pixel] == 0 || cleared(part, stood, pixel))) --stood;
  if (part.dates[stood].forest[pixel] == 0) return std::nullopt;
  const std::uint8_t* events = part.periods[stood].event;
  const std::uint8_t event = events == nullptr ? no_event : events[pixel];
  const bool named = event != no_event && event != overlapping_events;
  if (!stays_forest(seen_later(part, stood, pixel), named)) return std::nullopt;
  return stood;
}

}  // namespace sink
