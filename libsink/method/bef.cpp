// SPDX-License-Identifier: Apache-2.0
// Stock from volume by biomass expansion: AGB = V x D x BEF, BGB = AGB x R, carbon = biomass x CF.
// BEF is above-ground over stem biomass, without roots. Source: IPCC 2006 V4 Equation 2.8b with BCEF = D x BEF.
// Parameters: bef [1], wood_density [t/m3], root_shoot [1], carbon_fraction [1], by forest type.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct Bef {
  ClassTable agb_t_m3, root_shoot, carbon_fraction;
  LivingStock operator()(ClassIndex type, double volume_m3_ha) const noexcept {
    const double agb_t_ha = possible(volume_m3_ha) * agb_t_m3[type];
    return living_stock(agb_t_ha, agb_t_ha * root_shoot[type], carbon_fraction[type]);
  }
};

}  // namespace

Method make_bef(const MethodSetup& setup) {
  const Legend& types = needed_forest_types(setup, "bef");
  Bef kernel;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    if (!goes_by_volume(setup.parameters, types[type])) continue;
    const auto found =
        all_of(setup.parameters, types[type].key, "bef", "wood_density", "root_shoot", "carbon_fraction");
    if (!found) continue;
    const auto [bef, wood_density_t_m3, root_shoot, carbon_fraction] = *found;
    kernel.agb_t_m3.set(type, wood_density_t_m3 * bef);
    kernel.root_shoot.set(type, root_shoot);
    kernel.carbon_fraction.set(type, carbon_fraction);
  }
  return pixel_method(kernel, in(layer::forest_type, layer::volume), living_stock_layers);
}

Derivation derive_bef(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = forest_by_volume(d, setup, pixel);
  if (row == nullptr) return d;
  d.measure("V", layer::volume, pixel);
  d.parameter("D", setup.parameters, row->key, "wood_density");
  d.parameter("BEF", setup.parameters, row->key, "bef");
  d.parameter("R", setup.parameters, row->key, "root_shoot");
  d.parameter("CF", setup.parameters, row->key, "carbon_fraction");
  d.step("agb", "V * D * BEF", "t d.m./ha");
  d.step("bgb", "agb * R", "t d.m./ha");
  d.living_carbon();
  return d;
}

}  // namespace sink
