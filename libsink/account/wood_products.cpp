// SPDX-License-Identifier: Apache-2.0
#include "account/wood_products.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace sink {

std::vector<WoodProduct> wood_products(const ParameterTable& parameters) {
  static const std::string prefix = "PRODUCTS/";
  std::vector<WoodProduct> products;
  double sum = 0;
  for (const ParameterRow& row : parameters.rows()) {
    if (row.parameter != "half_life" || !row.key.starts_with(prefix)) continue;
    products.push_back({row.key.substr(prefix.size()), parameters.need(row.key, "half_life"),
                        parameters.need(row.key, "inflow_share")});
    sum += products.back().inflow_share;
  }
  if (products.empty()) static_cast<void>(parameters.need(prefix + "sawnwood", "half_life"));  // says what to add
  if (!(std::abs(sum - 1) <= 1e-9))
    throw Error(Error::Kind::input, "parameters: the rows PRODUCTS/…,inflow_share sum to " + std::to_string(sum) +
                                        ", not to 1: give a share for every product");
  return products;
}

ProductYear product_year(const WoodProduct& product, double start_tc, double inflow_tc) noexcept {
  const double k = std::numbers::ln2 / product.half_life_yr;
  const double gone = -std::expm1(-k);  // 1 - e^-k
  // Decay is what the equation leaves out, so that the balance closes: of the inflow 1 - (1 - e^-k)/k.
  const double decay_tc = start_tc * gone + inflow_tc * (1 - gone / k);
  return {start_tc, inflow_tc, decay_tc, start_tc + inflow_tc - decay_tc};
}

std::vector<ProductYear> product_series(std::span<const WoodProduct> products, std::span<const double> inflow_tc_yr,
                                        std::span<const double> start_tc) {
  if (!start_tc.empty() && start_tc.size() != products.size())
    throw usage_error("there are " + std::to_string(products.size()) + " wood products and " +
                      std::to_string(start_tc.size()) + " stocks to start from: give one a product or none");
  std::vector<double> in_use_tc(start_tc.begin(), start_tc.end());
  in_use_tc.resize(products.size(), 0);
  std::vector<ProductYear> years;
  for (const double inflow_tc : inflow_tc_yr) {
    ProductYear total;
    for (std::size_t i = 0; i < products.size(); ++i) {
      const ProductYear year = product_year(products[i], in_use_tc[i], inflow_tc * products[i].inflow_share);
      in_use_tc[i] = year.end_tc;
      total.start_tc += year.start_tc;
      total.inflow_tc += year.inflow_tc;
      total.decay_tc += year.decay_tc;
      total.end_tc += year.end_tc;
    }
    years.push_back(total);
  }
  return years;
}

}  // namespace sink
