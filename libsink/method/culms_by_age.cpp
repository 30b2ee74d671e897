// SPDX-License-Identifier: Apache-2.0
// Bamboo: culms per hectare of each age class x dry weight and carbon fraction of a culm of that age (bamboo.hpp).
// Parameters: culm_kg [kg] and carbon_fraction [1] of <key>/age_1, age_3 and age_5; root_shoot [1] of the forest type.
#include "method/bamboo.hpp"
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct CulmsByAge {
  std::array<ClassTable, culm_ages> culm_kg, carbon_fraction;
  ClassTable root_shoot;
  LivingStock operator()(ClassIndex type, double age_1, double age_3, double age_5) const noexcept {
    const std::array<double, culm_ages> culms_per_ha = {possible(age_1), possible(age_3), possible(age_5)};
    std::array<CulmAgeClass, culm_ages> classes;
    for (std::size_t i = 0; i < culm_ages; ++i) classes[i] = {culm_kg[i][type], carbon_fraction[i][type]};
    const BambooStock stock = bamboo_stock(classes, culms_per_ha);
    const double mean_fraction = stock.biomass_t_ha > 0 ? stock.carbon_tc_ha / stock.biomass_t_ha : 0;
    return split_stock(stock.biomass_t_ha, root_shoot[type], mean_fraction);
  }
};

}  // namespace

Method make_culms_by_age(const MethodSetup& setup) {
  const Legend& types = needed_forest_types(setup, "culms_by_age");
  CulmsByAge kernel;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    const LegendRow& row = types[type];
    if (!is_forest(row.land_use) || !has_culm_ages(setup.parameters, row.key)) continue;
    const auto classes = culm_age_classes(setup.parameters, row.key);
    for (std::size_t i = 0; i < culm_ages; ++i) {
      kernel.culm_kg[i].set(type, classes[i].culm_kg);
      kernel.carbon_fraction[i].set(type, classes[i].carbon_fraction);
    }
    kernel.root_shoot.set(type, setup.parameters.find(row.key, "root_shoot").value_or(0));
  }
  return pixel_method(kernel, in(layer::forest_type, layer::culms_age_1, layer::culms_age_3, layer::culms_age_5),
                      living_stock_layers);
}

Derivation derive_culms_by_age(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = class_at(d, *setup.forest_types, pixel.forest_type);
  if (row == nullptr) return d;
  if (!is_forest(row->land_use) || !has_culm_ages(setup.parameters, row->key)) {
    d.nothing("not a bamboo forest with culm weights by age (no rows " + row->key + "/age_1,culm_kg, …)");
    return d;
  }
  for (std::size_t i = 0; i < culm_ages; ++i) {
    const std::string age = std::to_string(culm_ages_yr[i]), key = row->key + "/age_" + age;
    d.measure("N" + age, *culm_layers[i], pixel);
    d.parameter("culm_kg_" + age, setup.parameters, key, "culm_kg");
    d.parameter("CF_" + age, setup.parameters, key, "carbon_fraction");
  }
  d.root_shoot_or_none(setup.parameters, row->key);
  d.step("biomass", "(N1 * culm_kg_1 + N3 * culm_kg_3 + N5 * culm_kg_5) / 1000", "t d.m./ha");
  d.step("whole_carbon", "(N1 * culm_kg_1 * CF_1 + N3 * culm_kg_3 * CF_3 + N5 * culm_kg_5 * CF_5) / 1000", "t C/ha");
  d.split();
  if (d.value("biomass").value_or(no_value) > 0) {
    d.step("CF", "whole_carbon / biomass", "1");
  } else {
    d.number("CF", 0, "1", "nothing stands");
  }
  d.living_carbon();
  return d;
}

}  // namespace sink
