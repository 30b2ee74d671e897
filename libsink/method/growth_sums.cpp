// SPDX-License-Identifier: Apache-2.0
#include "method/growth_sums.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/wide.hpp"

namespace sink {
namespace {

constexpr std::size_t flush = 2048;  // FixedParts of so many pixels, four nodes each, keep within 64 bits

/// Adds the weights of pixels that grow to their nodes; returns how many are too large.
SINK_WIDE std::int64_t add_weights(const std::int32_t* nodes, const double* weights, const double* area_ha,
                                   std::size_t n, std::int64_t* high, std::int64_t* low) {
  std::int64_t too_large = 0;
  for (std::size_t p = 0; p < n; ++p) {
    if (nodes[p] < 0) continue;
    std::int64_t *h = high + nodes[p] - 1, *l = low + nodes[p] - 1;
    for (std::size_t j = 0; j < 4; ++j) {
      const double x = weights[4 * p + j] * area_ha[p];
      const bool fits = std::abs(x) <= FixedSum::pixel_limit;
      const FixedParts parts = fixed_parts(fits ? x : 0);
      h[j] += parts.high;
      l[j] += parts.low;
      too_large += fits ? 0 : 1;
    }
  }
  return too_large;
}

}  // namespace

void GrowthColumns::compute(const GrowthCurves& curves, int years, const GrowthInputs& inputs, std::size_t pixels) {
  states_.resize(pixels);
  nodes_.resize(pixels);
  weights_.resize(4 * pixels);
  for (std::size_t p = 0; p < pixels; ++p) {
    nodes_[p] = -1;
    states_[p] = not_forest;
    if (inputs.forest[p] == 0) continue;
    const ClassIndex type = inputs.type[p];
    const double biomass = inputs.agb_t_ha == nullptr ? no_value : inputs.agb_t_ha[p] + inputs.bgb_t_ha[p];
    Growth growth = curves.start(type, inputs.age_yr[p], biomass, inputs.carbon_t_ha[p]);
    if (growth.gap == GrowthGap::none && growth.age_yr + years > curves.last_age_yr(type))
      growth.gap = GrowthGap::beyond_curve;
    states_[p] = static_cast<std::uint8_t>(growth.gap);
    if (growth.gap != GrowthGap::none) continue;
    const GrowthCurves::Place place = curves.place(type, growth.age_yr);
    nodes_[p] = place.node;
    for (std::size_t j = 0; j < 4; ++j) weights_[4 * p + j] = place.weights[j] * growth.scale;
  }
}

GrowthSums::GrowthSums(const GrowthCurves& curves, int years)
    : years_(years),
      stride_(curves.table().size() / GrowthCurves::nodes_per_yr + 1),
      table_(stride_ * GrowthCurves::nodes_per_yr, 0),
      high_(curves.table().size(), 0),
      low_(high_),
      is_found_(high_.size(), 0) {
  for (std::size_t node = 0; node < curves.table().size(); ++node) {
    table_[node % GrowthCurves::nodes_per_yr * stride_ + node / GrowthCurves::nodes_per_yr] = curves.table()[node];
  }
}

void GrowthSums::add(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n,
                     std::span<FixedSum> by_year) {
  for (std::size_t end = from + n; from < end; from += flush) {
    collect(columns, area_ha, from, std::min(flush, end - from));
    for (const std::int32_t node : found_) {
      is_found_[static_cast<std::size_t>(node)] = 0;
      for (std::int32_t near = node - 1; near <= node + 2; ++near) spread(near, by_year);
    }
    found_.clear();
  }
}

void GrowthSums::collect(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n) {
  std::int32_t last = -1;
  for (std::size_t p = from; p < from + n; ++p) {
    const std::int32_t node = columns.nodes_[p];
    if (node == last || node < 0) continue;
    last = node;
    std::uint8_t& is_found = is_found_[static_cast<std::size_t>(node)];
    if (is_found == 0) found_.push_back(node);
    is_found = 1;
  }
  const std::int64_t too_large = add_weights(columns.nodes_.data() + from, columns.weights_.data() + 4 * from,
                                             area_ha + from, n, high_.data(), low_.data());
  if (too_large == 0) return;
  throw Error(Error::Kind::input,
              "a pixel would grow from more than 2^30 ha of its curve: look for an undeclared nodata value or a wrong "
              "unit in age and stock");
}

void GrowthSums::spread(std::int32_t node, std::span<FixedSum> by_year) {
  const auto at = static_cast<std::size_t>(node);
  if (high_[at] == 0 && low_[at] == 0) return;
  const FixedSum weight(FixedParts{high_[at], low_[at]});
  high_[at] = low_[at] = 0;
  const std::int64_t* units =
      table_.data() + at % GrowthCurves::nodes_per_yr * stride_ + at / GrowthCurves::nodes_per_yr;
  for (std::size_t year = 0; year <= static_cast<std::size_t>(years_); ++year)
    by_year[year].add_times(units[year], weight);
}

}  // namespace sink
