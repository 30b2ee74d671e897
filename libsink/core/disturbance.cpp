// SPDX-License-Identifier: Apache-2.0
#include "core/disturbance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <type_traits>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {
namespace {

static_assert(std::is_trivially_copyable_v<PoolStock> && std::is_trivially_copyable_v<DisturbanceMatrix>);

constexpr double sum_tolerance = 1e-9;

std::string in_words(double value) {
  std::ostringstream text;
  text.precision(std::numeric_limits<double>::digits10);
  text << value;
  return text.str();
}

Pool pool_called(const DisturbanceRow& row, const std::string& name) {
  const auto at = std::find(pool_names.begin(), pool_names.end(), name);
  if (at != pool_names.end()) return static_cast<Pool>(at - pool_names.begin());
  throw input_error(row.place, "no such pool '" + name + "': did you mean " +
                                   nearest_name(name, {pool_names.begin(), pool_names.end()}) + "?");
}

Pool land_pool_called(const DisturbanceRow& row) {
  const Pool pool = pool_called(row, row.from_pool);
  if (pool == Pool::soil) {
    throw input_error(row.place,
                      "soil moves by the equations of land conversion, not by a disturbance: delete the row");
  }
  if (static_cast<std::size_t>(pool) < land_pool_count) return pool;
  throw input_error(row.place, row.from_pool + " only takes carbon: delete the row");
}

void check(const DisturbanceRow& row) {
  if (row.disturbance.empty()) throw input_error(row.place, "a row without a disturbance: name it");
  if (!(row.share >= 0 && row.share <= 1))
    throw input_error(row.place, "share " + in_words(row.share) + " is outside 0 to 1: write a share of the pool");
  if (row.status != "verified" && row.status != "unverified")
    throw input_error(row.place, "status '" + row.status + "' must be verified or unverified");
}

DisturbanceMatrix matrix_of(const std::vector<DisturbanceRow>& rows) {
  std::map<Pool, std::array<double, pool_count>> shares;
  for (const DisturbanceRow& row : rows)
    shares[land_pool_called(row)][static_cast<std::size_t>(pool_called(row, row.to_pool))] = row.share;
  DisturbanceMatrix matrix;
  for (const auto& [from, to] : shares) {
    double sum = 0;
    for (const double share : to) sum += share;
    if (!(std::abs(sum - 1) <= sum_tolerance))
      throw input_error(rows.front().file, "disturbance " + rows.front().disturbance + ", pool " +
                                               std::string(pool_names[static_cast<std::size_t>(from)]) +
                                               ": the shares sum to " + in_words(sum) +
                                               ", not to 1: what stays is a row from the pool to itself");
    matrix.set(from, to);
  }
  return matrix;
}

/// The rows of each disturbance, in the order in which they first stand.
std::vector<std::vector<DisturbanceRow>> blocks_of(const std::vector<DisturbanceRow>& rows) {
  std::vector<std::vector<DisturbanceRow>> blocks;
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (const DisturbanceRow& row : rows) {
    check(row);
    if (!seen.insert({row.disturbance, row.from_pool, row.to_pool}).second)
      throw input_error(row.place, row.disturbance + " from " + row.from_pool + " to " + row.to_pool +
                                       " stands twice: delete one of the rows");
    const auto block = std::find_if(blocks.begin(), blocks.end(),
                                    [&](const auto& known) { return known.front().disturbance == row.disturbance; });
    if (block == blocks.end()) {
      blocks.push_back({row});
    } else {
      block->push_back(row);
    }
  }
  return blocks;
}

}  // namespace

DisturbanceMatrix::DisturbanceMatrix() noexcept {
  for (std::size_t from = 0; from < land_pool_count; ++from) {
    shares_[from][from] = 1;
    largest_[from] = from;
  }
}

void DisturbanceMatrix::set(Pool from, const std::array<double, pool_count>& shares) noexcept {
  double sum = 0;
  for (const double share : shares) sum += share;
  auto& row = shares_[static_cast<std::size_t>(from)];
  for (std::size_t to = 0; to < pool_count; ++to) row[to] = shares[to] / sum;
  largest_[static_cast<std::size_t>(from)] =
      static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

PoolMoves DisturbanceMatrix::moves(const PoolStock& stock) const noexcept {
  const std::array<double, land_pool_count> before = {stock.above_tc_ha, stock.below_tc_ha, stock.dead_wood_tc_ha,
                                                      stock.litter_tc_ha, stock.soil_tc_ha};
  PoolMoves moves;
  for (std::size_t from = 0; from < land_pool_count; ++from) {
    double rest = before[from];
    for (std::size_t to = 0; to < pool_count; ++to) {
      // A share of nothing moves nothing: an unknown stock stays out of pools that it does not reach.
      if (to == largest_[from] || shares_[from][to] == 0) continue;
      moves.tc_ha[from][to] = before[from] * shares_[from][to];
      rest -= moves.tc_ha[from][to];
    }
    moves.tc_ha[from][largest_[from]] = rest;
  }
  return moves;
}

DisturbanceMatrix DisturbanceMatrix::then(const DisturbanceMatrix& next) const noexcept {
  DisturbanceMatrix both;
  for (std::size_t from = 0; from < land_pool_count; ++from) {
    std::array<double, pool_count> shares{};
    for (std::size_t by = 0; by < pool_count; ++by) {
      for (std::size_t to = 0; to < pool_count; ++to) {
        const bool takes_only = by >= land_pool_count;
        shares[to] += shares_[from][by] * (takes_only ? static_cast<double>(by == to) : next.shares_[by][to]);
      }
    }
    both.set(static_cast<Pool>(from), shares);
  }
  return both;
}

DisturbanceTable::DisturbanceTable(const std::vector<DisturbanceRow>& rows) {
  override_with(rows);
}

void DisturbanceTable::override_with(const std::vector<DisturbanceRow>& rows) {
  for (auto& block : blocks_of(rows)) {
    Entry own{block.front().disturbance, block, matrix_of(block)};
    const auto known =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.name == own.name; });
    if (known == entries_.end()) {
      entries_.push_back(std::move(own));
    } else {
      *known = std::move(own);
    }
  }
}

std::vector<std::string> DisturbanceTable::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  return names;
}

const DisturbanceTable::Entry& DisturbanceTable::entry(std::string_view name) const {
  for (const Entry& entry : entries_)
    if (entry.name == name) return entry;
  throw usage_error("no such disturbance '" + std::string(name) + "': did you mean " + nearest_name(name, names()) +
                    "?");
}

const DisturbanceMatrix& DisturbanceTable::called(std::string_view name) const {
  return entry(name).matrix;
}

const std::vector<DisturbanceRow>& DisturbanceTable::rows_of(std::string_view name) const {
  return entry(name).rows;
}

}  // namespace sink
