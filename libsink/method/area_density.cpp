// SPDX-License-Identifier: Apache-2.0
// Classes without a volume (tea, oil-camellia, orchard, shrub, other bamboo, bamboo whose culms are unknown): one
// biomass density of the whole plant. A class without root:shoot is all above ground.
// Source: NDRC 2011, provincial greenhouse gas inventory guideline, ch. 5 (science.md, section 1).
// Parameters: biomass_density [t/ha], root_shoot [1], carbon_fraction [1], by class.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct AreaDensity {
  ClassTable biomass_t_ha, root_shoot, carbon_fraction;
  LivingStock operator()(ClassIndex type) const noexcept {
    return split_stock(biomass_t_ha[type], root_shoot[type], carbon_fraction[type]);
  }
};

}  // namespace

Method make_area_density(const MethodSetup& setup) {
  return class_method(setup, "area_density", [&](const Legend& legend, Classes classes) {
    AreaDensity kernel;
    for (ClassIndex type = 0; type < legend.size(); ++type) {
      const LegendRow& row = legend[type];
      if (classes == Classes::not_forest && is_forest(row.land_use)) continue;
      const auto found = all_of(setup.parameters, row.key, "biomass_density", "carbon_fraction");
      if (!found) continue;
      kernel.biomass_t_ha.set(type, (*found)[0]);
      kernel.root_shoot.set(type, setup.parameters.find(row.key, "root_shoot").value_or(0));
      kernel.carbon_fraction.set(type, (*found)[1]);
    }
    return kernel;
  });
}

Derivation derive_area_density(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = class_of(d, setup, pixel);
  if (row == nullptr) return d;
  if (!setup.parameters.has(row->key, "biomass_density")) {
    d.nothing("no biomass_density of this class");
    return d;
  }
  d.parameter("biomass_density", setup.parameters, row->key, "biomass_density");
  d.root_shoot_or_none(setup.parameters, row->key);
  d.parameter("CF", setup.parameters, row->key, "carbon_fraction");
  d.step("biomass", "biomass_density", "t d.m./ha");
  d.split();
  d.living_carbon();
  return d;
}

}  // namespace sink
