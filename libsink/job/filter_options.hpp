// SPDX-License-Identifier: Apache-2.0
// FilterOptions: how noise is taken out of class maps and their changes, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "change/run_labels.hpp"

namespace sink {

/// Steps in this order, each where it is asked for: labels over the years, sieve of each map, minimum mapping unit of
/// each transition, impossible transitions.
struct FilterOptions {
  std::string transitions, emissions;        ///< CSVs of the hidden Markov model; both or none
  bool majority = false;                     ///< of three years, instead of the model
  std::int64_t sieve_pixels = 0;             ///< patches of a map below go to their largest neighbour; 0: none
  std::vector<std::string> minimum_units;    ///< "UNIT" or "FROM:TO=UNIT": smaller patches of change are no change
  std::string impossible;                    ///< CSV from,to,reason[,within_years]: flagged, never deleted
  std::optional<Connectivity> connectivity;  ///< none: edges for the sieve (as GDAL), corners for patches of change

  /// Whether there is anything to filter by.
  [[nodiscard]] bool any() const noexcept {
    return !transitions.empty() || majority || sieve_pixels > 1 || !minimum_units.empty() || !impossible.empty();
  }
};

/// Throws Error::usage for options that contradict each other or the number of maps.
void check_filters(const FilterOptions& options, std::size_t maps);

}  // namespace sink
