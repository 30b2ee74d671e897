// SPDX-License-Identifier: Apache-2.0
// Stock from a map of above-ground biomass: BGB = AGB x R, carbon = biomass x CF. Factors are those of the forest type;
// without forest types those of UNKNOWN_TREE, on the forest of the land cover, or everywhere where there is none.
// The map sees bamboo too. Source: IPCC 2006 V4 Equation 2.8b.
// Parameters: root_shoot [1], carbon_fraction [1], by forest type or of UNKNOWN_TREE.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

constexpr std::string_view unknown_tree = "UNKNOWN_TREE";

struct AgbAnywhere {
  double root_shoot, carbon_fraction;
  LivingStock operator()(double agb_t_ha) const noexcept {
    const double agb = possible(agb_t_ha);
    return living_stock(agb, agb * root_shoot, carbon_fraction);
  }
};

struct AgbByClass {
  ClassTable root_shoot, carbon_fraction;
  LivingStock operator()(ClassIndex type, double agb_t_ha) const noexcept {
    const bool has_factors = !std::isnan(root_shoot[type]);
    return AgbAnywhere{root_shoot[type], carbon_fraction[type]}(has_factors ? agb_t_ha : no_value);
  }
};

AgbByClass by_class(const ParameterTable& parameters, const Legend& legend, bool know_types, bool culms_given) {
  AgbByClass kernel;
  for (ClassIndex type = 0; type < legend.size(); ++type) {
    if (!is_forest(legend[type].land_use)) continue;
    if (know_types && culms_given && goes_by_culms(parameters, legend[type])) continue;
    const std::string_view key = know_types ? std::string_view(legend[type].key) : unknown_tree;
    const auto found = all_of(parameters, key, "root_shoot", "carbon_fraction");
    if (!found) continue;
    kernel.root_shoot.set(type, (*found)[0]);
    kernel.carbon_fraction.set(type, (*found)[1]);
  }
  return kernel;
}

}  // namespace

Method make_agb(const MethodSetup& setup) {
  const ParameterTable& parameters = setup.parameters;
  if (setup.forest_types != nullptr)
    return pixel_method(by_class(parameters, *setup.forest_types, true, setup.culms_given),
                        in(layer::forest_type, layer::agb_map), living_stock_layers);
  if (setup.landcover != nullptr)
    return pixel_method(by_class(parameters, *setup.landcover, false, false), in(layer::landcover, layer::agb_map),
                        living_stock_layers);
  const auto found = all_of(parameters, unknown_tree, "root_shoot", "carbon_fraction");
  if (!found)
    throw Error(Error::Kind::input,
                "parameters: no root_shoot and carbon_fraction of UNKNOWN_TREE: agb without forest "
                "types needs them");
  return pixel_method(AgbAnywhere{(*found)[0], (*found)[1]}, in(layer::agb_map), living_stock_layers);
}

Derivation derive_agb(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  std::string_view key = unknown_tree;
  const Legend* legend = setup.forest_types != nullptr ? setup.forest_types : setup.landcover;
  if (legend != nullptr) {
    const LegendRow* row = class_at(d, *legend, setup.forest_types != nullptr ? pixel.forest_type : pixel.landcover);
    if (row == nullptr) return d;
    if (!is_forest(row->land_use)) d.nothing("not forest");
    if (setup.forest_types != nullptr) {
      if (setup.culms_given && goes_by_culms(setup.parameters, *row)) d.nothing("bamboo goes by culms");
      key = row->key;
    }
    if (!d.because().empty()) return d;
  }
  d.measure("AGB", layer::agb_map, pixel);
  d.parameter("R", setup.parameters, key, "root_shoot");
  d.parameter("CF", setup.parameters, key, "carbon_fraction");
  d.step("agb", "AGB", "t d.m./ha");
  d.step("bgb", "agb * R", "t d.m./ha");
  d.living_carbon();
  return d;
}

}  // namespace sink
