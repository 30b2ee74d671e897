// SPDX-License-Identifier: Apache-2.0
// Carbon in harvested wood products in use: first-order decay.
// Source: IPCC 2006 V4 equation 12.1 and IPCC 2013 KP Supplement equation 2.8.5:
//   C(i+1) = e^-k C(i) + (1 - e^-k)/k x inflow(i),  k = ln 2 / half-life,
// which is exact for an inflow that is even over the year. What decays goes to the air in the year in which it does.
// Parameters: half_life [yr], inflow_share [1] of "PRODUCTS/<product>".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/parameters.hpp"

namespace sink {

struct WoodProduct {
  std::string name;
  double half_life_yr = 0;
  double inflow_share = 0;  ///< of the carbon that goes into products
};
/// The products that the parameters have, by name. Throws Error::input where there is none, one lacks a row or the
/// shares do not sum to one within 1e-9.
std::vector<WoodProduct> wood_products(const ParameterTable& parameters);

/// A year of the pool [t C]. start_tc + inflow_tc == end_tc + decay_tc.
struct ProductYear {
  double start_tc = 0, inflow_tc = 0, decay_tc = 0, end_tc = 0;
  [[nodiscard]] double change_tc() const noexcept { return end_tc - start_tc; }
};
/// A year of one product that starts with `start_tc` in use.
ProductYear product_year(const WoodProduct& product, double start_tc, double inflow_tc) noexcept;

/// The whole pool year by year from an inflow per year [t C/yr], all products together. `start_tc` has the stock in use
/// of each product at the beginning, or is empty for none. Throws Error::usage for another number of stocks.
std::vector<ProductYear> product_series(std::span<const WoodProduct> products, std::span<const double> inflow_tc_yr,
                                        std::span<const double> start_tc = {});

}  // namespace sink
