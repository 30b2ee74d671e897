// SPDX-License-Identifier: Apache-2.0
// Reduces the columns of a block into a zone's sums. Pixels that are alike in every flag (forest, stock known, …) lie
// in runs, so that an area is added once for all the sums that it belongs to, and what became of a stock is the
// difference of two sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "account/layout.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

/// Flags by pixel, 0 or 1. A null column means: nowhere.
using Flags = const std::uint8_t*;

/// One date, whatever the method. `volume` [m3/ha] may be null.
struct DateColumns {
  Flags known = nullptr, forest = nullptr, has_volume = nullptr;
  const double* volume = nullptr;
};

/// One date's stock by one method [t d.m./ha, t C/ha]; `has_stock` where `carbon` is not NaN. Others may be null.
struct StockColumns {
  Flags has_stock = nullptr;
  const double *agb = nullptr, *bgb = nullptr, *above = nullptr, *below = nullptr, *carbon = nullptr, *dead = nullptr,
               *soil = nullptr;
};

/// What a block sums.
class Reduction {
 public:
  /// `land_use`: something says what is forest; else every pixel with a stock counts as forest.
  Reduction(const AccountLayout& layout, bool land_use);

  std::vector<DateColumns> dates;
  std::vector<StockColumns> stocks;  ///< by date, then method
  std::vector<Flags> harvest;        ///< by period
  const double* area_ha = nullptr;
  bool blank = false;  ///< no stock is known anywhere: `add_brief` adds areas only

  /// Finds where runs begin; call it when the columns are filled. `pixels` is the length of the columns.
  void find_runs(std::size_t pixels);
  /// Adds pixels [from, from + n) to a zone's sums.
  void add(std::size_t from, std::size_t n, std::span<FixedSum> sums);
  /// Area and carbon only: what the closure of zones to the whole needs.
  void add_brief(std::size_t from, std::size_t n, std::span<FixedSum> sums) const;

 private:
  struct RunStock {
    bool known = false, forest = false;
    FixedSum carbon_t, above_t, dead_t;
  };
  struct RunDate {
    bool known = false, forest = false, has_volume = false;
    FixedSum volume_m3;
  };
  void add_run(std::size_t from, std::size_t n, std::span<FixedSum> sums);
  void add_date(std::size_t date, std::size_t from, std::size_t n, const FixedSum& area, std::span<FixedSum> sums);
  void add_stock(std::size_t date, std::size_t method, std::size_t from, std::size_t n, const FixedSum& area,
                 std::span<FixedSum> sums);
  void add_period(std::size_t period, std::size_t from, const FixedSum& area, std::span<FixedSum> sums) const;
  void add_flow(std::size_t period, std::size_t method, const FixedSum& area, std::span<FixedSum> sums) const;

  const AccountLayout* layout_;
  bool land_use_;
  std::vector<std::uint8_t> begins_;  ///< 1 where a run begins
  std::vector<RunDate> run_dates_;
  std::vector<RunStock> run_stocks_;
};

}  // namespace sink
