// SPDX-License-Identifier: Apache-2.0
// Disturbance: which share of each pool goes where when forest is cut, burnt, blown down or cleared.
// Source of the form: the disturbance matrices of CBM-CFS3 (Kurz et al. 2009, Ecol. Model. 220:480). Each row sums to
// one, so that carbon is moved and never made or lost.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/pools.hpp"

namespace sink {

/// One line of a table of proportions: `disturbance,from_pool,to_pool,share,status,source`. What stays is a line from a
/// pool to itself.
struct DisturbanceRow {
  std::string disturbance, from_pool, to_pool;
  double share = 0;
  std::string status;  ///< "verified" or "unverified"
  std::string source;
  std::string file, place;  ///< file, and file and line, for messages
};

/// Carbon that went from each pool on the land to each pool, what stayed included [t C/ha].
struct PoolMoves {
  std::array<std::array<double, pool_count>, land_pool_count> tc_ha{};
  /// What a pool has afterwards: what stayed in it and what came.
  [[nodiscard]] double into(Pool to) const noexcept {
    double sum = 0;
    for (const auto& from : tc_ha) sum += from[static_cast<std::size_t>(to)];
    return sum;
  }
};

/// The shares of one disturbance. Trivially copyable, so a kernel holds it.
class DisturbanceMatrix {
 public:
  /// Every pool stays as it is.
  DisturbanceMatrix() noexcept;
  /// Shares of the land pool `from`; they are scaled to sum to one exactly.
  void set(Pool from, const std::array<double, pool_count>& shares) noexcept;
  /// Where the carbon of a hectare goes. Of each pool the largest share takes what the others leave, so that nothing is
  /// lost to rounding. A stock that is NaN makes NaN of whatever it reaches.
  [[nodiscard]] PoolMoves moves(const PoolStock& stock) const noexcept;
  /// The shares of this disturbance with `next` after it in the same year.
  [[nodiscard]] DisturbanceMatrix then(const DisturbanceMatrix& next) const noexcept;
  [[nodiscard]] double share(Pool from, Pool to) const noexcept {
    return shares_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }

 private:
  std::array<std::array<double, pool_count>, land_pool_count> shares_{};
  std::array<std::size_t, land_pool_count> largest_{};
};

/// The disturbances that a run knows, by name.
class DisturbanceTable {
 public:
  /// Throws Error::input, with the place: a pool that is unknown or that a disturbance cannot take from, a share
  /// outside [0, 1], a line that stands twice, a status that is none, shares of a pool that do not sum to one within
  /// 1e-9.
  explicit DisturbanceTable(const std::vector<DisturbanceRow>& rows);
  /// A user's table: each disturbance that it names is replaced as a whole, or new. Throws as the constructor.
  void override_with(const std::vector<DisturbanceRow>& rows);

  [[nodiscard]] std::vector<std::string> names() const;
  /// Throws Error::usage for an unknown name, with the nearest that is known.
  [[nodiscard]] const DisturbanceMatrix& called(std::string_view name) const;
  /// The lines of one disturbance, for the record. Throws as `called`.
  [[nodiscard]] const std::vector<DisturbanceRow>& rows_of(std::string_view name) const;

 private:
  struct Entry {
    std::string name;
    std::vector<DisturbanceRow> rows;
    DisturbanceMatrix matrix;
  };
  [[nodiscard]] const Entry& entry(std::string_view name) const;
  std::vector<Entry> entries_;
};

}  // namespace sink
