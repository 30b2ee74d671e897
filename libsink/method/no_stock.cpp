// SPDX-License-Identifier: Apache-2.0
// Land that is known not to be forest and has no biomass density holds no living stock: forest that becomes cropland
// loses all of it. Forest without parameters stays NaN, which is unmodelled, not empty.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct NoStock {
  ClassTable nothing;  ///< 0 where there is no stock, NaN elsewhere
  LivingStock operator()(ClassIndex type) const noexcept {
    const double zero = nothing[type];
    return {zero, zero, zero, zero};
  }
};

}  // namespace

Method make_no_stock(const MethodSetup& setup) {
  return class_method(setup, "no_stock", [&](const Legend& legend, Classes) {
    NoStock kernel;
    for (ClassIndex type = 0; type < legend.size(); ++type)
      if (!is_forest(legend[type].land_use) && !setup.parameters.has(legend[type].key, "biomass_density"))
        kernel.nothing.set(type, 0);
    return kernel;
  });
}

Derivation derive_no_stock(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = class_of(d, setup, pixel);
  if (row == nullptr) return d;
  if (is_forest(row->land_use)) d.nothing("forest without a stock is unmodelled, not empty");
  if (setup.parameters.has(row->key, "biomass_density")) d.nothing("the class has a biomass_density");
  if (!d.because().empty()) return d;
  d.number("nothing", 0, "t d.m./ha", "land that is not forest and has no biomass density holds nothing");
  for (const LayerInfo& layer : living_stock_layers)
    d.step(std::string(layer.name), "nothing", std::string(layer.unit));
  d.step("carbon", "carbon_above + carbon_below", "t C/ha");
  return d;
}

}  // namespace sink
