// SPDX-License-Identifier: Apache-2.0
// BalanceWorker: gain-loss and the provincial method of a part of a window. Forest that only grew is a few columns;
// what was disturbed or converted is a list of its own, pool by pool.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "job/balance_layout.hpp"
#include "job/balance_rules.hpp"
#include "job/clearings.hpp"
#include "job/side_account.hpp"

namespace sink {

class FactList;

class BalanceWorker : public SideWorker {
 public:
  BalanceWorker(const BalanceRules& rules, const BalanceLayout& layout, const RunSetup& setup)
      : rules_(rules), layout_(layout), setup_(setup), clearings_(setup) {}
  void compute(const PartView& part) override;
  void add(std::size_t from, std::size_t n, std::span<FixedSum> sums) override;
  [[nodiscard]] std::vector<SideFact> explain(std::size_t pixel) const override;

 private:
  /// A pixel in the account: 0 without a rate, 1 followed, 2 + gap not followed.
  using Status = std::uint8_t;
  static constexpr Status no_rate = 0, followed = 1, first_gap = 2;

  /// A pixel that changed in this period, or in an earlier one that gain-loss followed.
  struct Detail {
    std::size_t pixel = 0;
    UnderWay way;          ///< at the end of the period
    bool carried = false;  ///< gain-loss cannot follow it any more: its pools beside living biomass only
    PeriodBalance balance;
    LossCause cause = LossCause::other;
    double fuel_t_ha = 0;
    bool soil_unknown = false, converted = false;
    // For `explain`.
    PeriodEvents events;
    double soil_after_tc_ha = 0;
  };
  struct Columns {
    std::vector<Status> status;
    std::vector<double> rate_change, change;
    std::array<std::vector<double>, land_pool_count> opening;  ///< of followed pixels without an entry in `details`
    std::vector<double> grown_above, grown_below;              ///< of the same
    std::vector<Detail> details;                               ///< in order of pixel
  };
  /// One pixel's place in the part, a period and a method, and what the period before left there.
  struct Place {
    std::size_t pixel, period, method;
    const Detail* before = nullptr;
  };
  /// The land of a pixel at a date, or where that is nodata at the last before it. A clearing that waits for its forest
  /// is unstocked forest of the type that stood there.
  struct Land {
    ClassIndex type = no_class;
    bool forest = false, stocked = false;
    double soil_tc_ha = 0;  ///< of its use, in equilibrium; NaN: not modelled
  };

  void compute_gain_loss(std::size_t period, std::size_t method);
  void compute_provincial(std::size_t period);
  Status follow(const Place& at, Columns& columns);
  Status follow_change(const Place& at, const Growth& stand, Detail& detail);
  [[nodiscard]] PeriodEvents events_of(const Place& at, const Land& first, const Land& second, LossCause& cause) const;
  void carry(const Place& at, Columns& columns) const;
  [[nodiscard]] Land land(std::size_t date, std::size_t pixel) const;
  [[nodiscard]] bool changed(const Place& at, const Land& first, const Land& second) const;
  [[nodiscard]] int change_year(const Place& at, bool was_forest, bool planted) const;
  [[nodiscard]] PeriodFacts opening(const Place& at, const Land& land) const;
  void convert(const Place& at, const Land& second, PeriodFacts& facts, Detail& detail) const;
  void add_columns(const Columns& columns, std::size_t base, std::size_t from, std::size_t n,
                   std::span<FixedSum> sums) const;
  void explain_gain_loss(std::size_t index, std::size_t pixel, FactList& facts) const;
  void explain_curve(std::size_t index, std::size_t pixel, FactList& facts) const;
  void explain_change(const Detail& detail, FactList& facts) const;
  void explain_event(const Detail& detail, FactList& facts) const;
  void explain_rows(FactList& facts, const std::function<bool(const ParameterRow&)>& wanted) const;
  void explain_provincial(std::size_t period, std::size_t pixel, FactList& facts) const;
  void add_detail(const Detail& detail, std::size_t base, std::span<FixedSum> sums) const;

  const BalanceRules& rules_;
  const BalanceLayout& layout_;
  const RunSetup& setup_;
  Clearings clearings_;
  const PartView* part_ = nullptr;
  std::vector<Columns> columns_;  ///< by period, then method
  struct Provincial {
    std::vector<double> growth, cover;          ///< [t C/ha/yr]; NaN: none
    std::vector<std::uint8_t> has, unmodelled;  ///< by pixel: 1 where it counts
  };
  std::vector<Provincial> provincial_;
  std::vector<double> stand_, next_;
};

}  // namespace sink
