// SPDX-License-Identifier: Apache-2.0
#include "method/growth_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/wide.hpp"

namespace sink {
namespace {

constexpr std::size_t flush = 2048;  // FixedParts of so many pixels keep within 64 bits

/// Adds weights[0] x nodes[0][y] + … times the area to the sums of each year; returns how many are too large.
SINK_WIDE std::int64_t add_years(const std::array<const double*, 4>& nodes, const double* weights, double area_ha,
                                 std::size_t years, std::int64_t* __restrict high, std::int64_t* __restrict low) {
  const double *a = nodes[0], *b = nodes[1], *c = nodes[2], *d = nodes[3];
  const double wa = weights[0], wb = weights[1], wc = weights[2], wd = weights[3];
  std::int64_t too_large = 0;
  for (std::size_t y = 0; y < years; ++y) {  // vectorises
    const double x = (wa * a[y] + wb * b[y] + wc * c[y] + wd * d[y]) * area_ha;
    const bool fits = std::abs(x) <= FixedSum::pixel_limit;
    const FixedParts parts = fixed_parts(fits ? x : 0.0);
    high[y] += parts.high;
    low[y] += parts.low;
    too_large += fits ? 0 : 1;
  }
  return too_large;
}

/// What becomes of a pixel that has a stock.
GrowthGap gap_until_end(const GrowthCurves& curves, ClassIndex type, const Growth& growth, int years) {
  const bool ends = growth.gap == GrowthGap::none && growth.age_yr + years > curves.last_age_yr(type);
  return ends ? GrowthGap::beyond_curve : growth.gap;
}

}  // namespace

void GrowthColumns::compute(const GrowthCurves& curves, int years, const GrowthInputs& inputs, std::size_t pixels) {
  states_.assign(pixels, not_forest);
  nodes_.assign(pixels, -1);
  scales_.resize(pixels);
  weights_.resize(4 * pixels);
  curves.anchor() == Anchor::ratio ? compute_by_age(curves, years, inputs) : compute_by_biomass(curves, years, inputs);
}

void GrowthColumns::put(std::size_t pixel, const GrowthCurves::Place& place, double scale) {
  nodes_[pixel] = place.node;
  scales_[pixel] = place.weights[1] == 1 ? scale : no_value;
  for (std::size_t j = 0; j < 4; ++j) weights_[4 * pixel + j] = place.weights[j] * scale;
}

void GrowthColumns::compute_by_age(const GrowthCurves& curves, int years, const GrowthInputs& inputs) {
  // Pixels of a stand have one age: what does not depend on the stock is kept from pixel to pixel.
  ClassIndex type = no_class;
  double age_yr = no_value;
  Growth of_one;  // of a stock of 1 t C/ha
  GrowthCurves::Place place;
  GrowthGap gap = GrowthGap::no_curve;
  for (std::size_t p = 0; p < states_.size(); ++p) {
    if (inputs.forest[p] == 0) continue;
    if (inputs.type[p] != type || inputs.age_yr[p] != age_yr) {
      type = inputs.type[p];
      age_yr = inputs.age_yr[p];
      of_one = curves.start_of_one(type, age_yr);
      gap = gap_until_end(curves, type, of_one, years);
      place = curves.place(type, of_one.age_yr);
    }
    const double carbon = inputs.carbon_t_ha[p];
    GrowthGap found = gap == GrowthGap::no_curve || carbon > 0 ? gap : GrowthGap::no_stock;
    if (found == GrowthGap::none && !GrowthCurves::bounded(of_one.scale * carbon)) found = GrowthGap::beyond_curve;
    states_[p] = static_cast<std::uint8_t>(found);
    if (found == GrowthGap::none) put(p, place, of_one.scale * carbon);
  }
}

void GrowthColumns::compute_by_biomass(const GrowthCurves& curves, int years, const GrowthInputs& inputs) {
  for (std::size_t p = 0; p < states_.size(); ++p) {
    if (inputs.forest[p] == 0) continue;
    const ClassIndex type = inputs.type[p];
    const double biomass = inputs.agb_t_ha == nullptr ? no_value : inputs.agb_t_ha[p] + inputs.bgb_t_ha[p];
    const Growth growth = curves.start(type, inputs.age_yr[p], biomass, inputs.carbon_t_ha[p]);
    const GrowthGap gap = gap_until_end(curves, type, growth, years);
    states_[p] = static_cast<std::uint8_t>(gap);
    if (gap == GrowthGap::none) put(p, curves.place(type, growth.age_yr), growth.scale);
  }
}

GrowthSums::GrowthSums(const GrowthCurves& curves, int years)
    : years_(static_cast<std::size_t>(years) + 1),
      stride_(curves.table().size() / GrowthCurves::nodes_per_yr + 1),
      units_(stride_ * GrowthCurves::nodes_per_yr, 0),
      t_ha_(units_.size(), 0),
      high_(years_, 0),
      low_(years_, 0) {
  for (std::size_t node = 0; node < curves.table().size(); ++node) {
    const std::size_t at = row(static_cast<std::int32_t>(node));
    units_[at] = curves.table()[node];
    t_ha_[at] = static_cast<double>(units_[at]) / GrowthCurves::units_per_t;
  }
}

void GrowthSums::add(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n,
                     std::span<FixedSum> by_year) {
  const auto& nodes = columns.nodes_;
  const auto is_whole = [&](std::size_t p) { return !std::isnan(columns.scales_[p]); };
  const std::size_t end = from + n;
  bool any_between = false;
  for (std::size_t begin = from, next = from; begin < end; begin = next) {
    next = begin + 1;
    if (nodes[begin] < 0) continue;
    if (!is_whole(begin)) {
      any_between = true;
      continue;
    }
    while (next < end && nodes[next] == nodes[begin] && is_whole(next)) ++next;
    FixedSum weight;
    weight.add_products(columns.scales_.data() + begin, area_ha + begin, next - begin);
    const std::int64_t* units = units_.data() + row(nodes[begin]);
    for (std::size_t year = 0; year < years_; ++year) by_year[year].add_times(units[year], weight);
  }
  for (; any_between && from < end; from += flush) {
    add_between(columns, area_ha, from, std::min(flush, end - from), by_year);
  }
}

void GrowthSums::add_between(const GrowthColumns& columns, const double* area_ha, std::size_t from, std::size_t n,
                             std::span<FixedSum> by_year) {
  std::int64_t too_large = 0;
  for (std::size_t p = from; p < from + n; ++p) {
    const std::int32_t node = columns.nodes_[p];
    if (node < 0 || !std::isnan(columns.scales_[p])) continue;
    const std::array<const double*, 4> nodes = {t_ha_.data() + row(node - 1), t_ha_.data() + row(node),
                                                t_ha_.data() + row(node + 1), t_ha_.data() + row(node + 2)};
    too_large += add_years(nodes, &columns.weights_[4 * p], area_ha[p], years_, high_.data(), low_.data());
  }
  if (too_large > 0)
    throw Error(Error::Kind::input,
                "a pixel would grow to more than 2^30 t C: look for an undeclared nodata value or a wrong unit in age "
                "and stock");
  constexpr auto per_t = static_cast<std::int64_t>(GrowthCurves::units_per_t);
  for (std::size_t year = 0; year < years_; ++year) {
    by_year[year].add_times(per_t, FixedSum(FixedParts{high_[year], low_[year]}));
  }
  std::ranges::fill(high_, 0);
  std::ranges::fill(low_, 0);
}

}  // namespace sink
