// SPDX-License-Identifier: Apache-2.0
// Reduces the columns of a block into a zone's sums, run by run.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "account/layout.hpp"
#include "core/fixed_sum.hpp"

namespace sink {

/// A density column [per ha] and the sum it goes to; NaN adds nothing.
struct DensityColumn {
  const double* density = nullptr;
  std::size_t sum = 0;
};

/// The flow of every pixel in one period and method, and the changes that are summed by it [t C/ha].
struct FlowColumns {
  const Flow* flow = nullptr;
  const double* carbon_change = nullptr;
  const double* above_change = nullptr;  ///< may be null
  const double* dead_change = nullptr;   ///< may be null
  std::size_t period = 0, method = 0;
};

/// What a block sums: everything over pixels [from, from + n) goes into `sums`.
struct Reduction {
  const AccountLayout* layout = nullptr;
  const double* area_ha = nullptr;
  std::vector<DensityColumn> densities;
  std::vector<FlowColumns> flows;

  void add(std::size_t from, std::size_t n, std::span<FixedSum> sums) const {
    sums[layout->area()].add(area_ha + from, n);
    for (const auto& column : densities) sums[column.sum].add_products(column.density + from, area_ha + from, n);
    for (const auto& columns : flows) add_flows(columns, from, n, sums);
  }

 private:
  void add_flows(const FlowColumns& columns, std::size_t from, std::size_t n, std::span<FixedSum> sums) const {
    const std::size_t end = from + n;
    for (std::size_t begin = from; begin < end;) {
      const Flow kind = columns.flow[begin];
      std::size_t to = begin + 1;
      while (to < end && columns.flow[to] == kind) ++to;
      const std::size_t first = layout->flow(columns.period, columns.method, kind, AccountLayout::flow_area);
      const auto add_change = [&](const double* change, AccountLayout::FlowSum sum) {
        if (change != nullptr) sums[first + sum].add_products(change + begin, area_ha + begin, to - begin);
      };
      sums[first].add(area_ha + begin, to - begin);
      add_change(columns.carbon_change, AccountLayout::flow_carbon);
      add_change(columns.above_change, AccountLayout::flow_above);
      add_change(columns.dead_change, AccountLayout::flow_dead);
      begin = to;
    }
  }
};

}  // namespace sink
