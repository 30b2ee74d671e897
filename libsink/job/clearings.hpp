// SPDX-License-Identifier: Apache-2.0
// Clearings: forest that became grass or bare land, followed over the dates of a run, so that every account tells a
// harvest from a change of land use alike (account/causes.hpp).
#pragma once

#include <optional>
#include <vector>

#include "account/causes.hpp"
#include "job/run_setup.hpp"
#include "job/side_account.hpp"

namespace sink {

class Clearings {
 public:
  explicit Clearings(const RunSetup& setup);
  /// Whether a pixel is grass or bare land at a date.
  [[nodiscard]] bool cleared(const PartView& part, std::size_t date, std::size_t pixel) const noexcept {
    const PartView::Date& d = part.dates[date];
    return d.known[pixel] != 0 && d.forest[pixel] == 0 && is_clearing_[d.type[pixel]];
  }
  /// What the dates after a period say of a pixel that was cleared in it.
  [[nodiscard]] SeenLater seen_later(const PartView& part, std::size_t period, std::size_t pixel) const noexcept;
  /// The date at which the forest stood that is to return to a pixel, where one without trees at `date` is still
  /// forest land: cleared, and by sink::stays_forest no change of land use. Dates of nodata say nothing.
  [[nodiscard]] std::optional<std::size_t> waits_since(const PartView& part, std::size_t date,
                                                       std::size_t pixel) const noexcept;

 private:
  std::vector<int> years_;         ///< of the dates
  std::vector<bool> is_clearing_;  ///< by class and `no_class`
};

}  // namespace sink
