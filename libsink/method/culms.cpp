// SPDX-License-Identifier: Apache-2.0
// Bamboo: culms per hectare x dry weight of a culm. The weight is that of the whole plant; root:shoot only splits it,
// and bamboo without one is all above ground. Source: culm weights of ChinaXiv-201704.00158 (science.md, section 3).
// Parameters: culm_kg [kg], root_shoot [1], carbon_fraction [1], by forest type.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

constexpr double kg_per_t = 1000;

struct Culms {
  ClassTable culm_t, root_shoot, carbon_fraction;
  LivingStock operator()(ClassIndex type, double culms_per_ha) const noexcept {
    return split_stock(possible(culms_per_ha) * culm_t[type], root_shoot[type], carbon_fraction[type]);
  }
};

}  // namespace

Method make_culms(const MethodSetup& setup) {
  const Legend& types = needed_forest_types(setup, "culms");
  Culms kernel;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    const LegendRow& row = types[type];
    if (!is_forest(row.land_use)) continue;
    const auto found = all_of(setup.parameters, row.key, "culm_kg", "carbon_fraction");
    if (!found) continue;
    kernel.culm_t.set(type, (*found)[0] / kg_per_t);
    kernel.root_shoot.set(type, setup.parameters.find(row.key, "root_shoot").value_or(0));
    kernel.carbon_fraction.set(type, (*found)[1]);
  }
  return pixel_method(kernel, in(layer::forest_type, layer::culms), living_stock_layers);
}

Derivation derive_culms(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = class_at(d, *setup.forest_types, pixel.forest_type);
  if (row == nullptr) return d;
  if (!is_forest(row->land_use) || !goes_by_culms(setup.parameters, *row)) {
    d.nothing("not a bamboo forest (no culm_kg of its key)");
    return d;
  }
  d.measure("N", layer::culms, pixel);
  d.parameter("culm_kg", setup.parameters, row->key, "culm_kg");
  d.root_shoot_or_none(setup.parameters, row->key);
  d.parameter("CF", setup.parameters, row->key, "carbon_fraction");
  d.step("biomass", "N * culm_kg / 1000", "t d.m./ha");
  d.split();
  d.living_carbon();
  return d;
}

}  // namespace sink
