// SPDX-License-Identifier: Apache-2.0
// Stock from volume by regression: B = a V + b, roots inside, split by root:shoot. Below V0 the line goes through the
// origin, B = V (a V0 + b) / V0: a stand just planted does not hold b, and growing past V0 makes no step.
// Source: Fang et al. 2001, Science 292:2320; the sets are rows "<set>/<key>", a user's row "<key>" wins over them.
// Parameters: regression_a [t/m3], regression_b [t/ha], root_shoot [1], carbon_fraction [1] by forest type;
// regression_v0 [m3/ha] of ANY.
#include <set>

#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct Regression {
  ClassTable a_t_m3, b_t_ha, root_shoot, carbon_fraction;
  double v0_m3_ha = no_value;
  LivingStock operator()(ClassIndex type, double volume_m3_ha) const noexcept {
    const double v = possible(volume_m3_ha), a = a_t_m3[type], b = b_t_ha[type];
    const double biomass_t_ha = v < v0_m3_ha ? v * (a * v0_m3_ha + b) / v0_m3_ha : a * v + b;
    return split_stock(biomass_t_ha, root_shoot[type], carbon_fraction[type]);
  }
};

void require_set(const ParameterTable& parameters, const std::string& set) {
  std::set<std::string> sets;
  for (const ParameterRow& row : parameters.rows())
    if (const auto slash = row.key.find('/'); row.parameter == "regression_a" && slash != std::string::npos)
      sets.insert(row.key.substr(0, slash));
  if (sets.contains(set)) return;
  std::string names;
  for (const std::string& name : sets) names += (names.empty() ? "" : ", ") + name;
  throw usage_error("no regression set '" + set + "': use one of " + names);
}

/// The key that a forest type's regression rows stand under.
std::string regression_key(const MethodSetup& setup, const std::string& key) {
  const bool own_a = setup.parameters.has(key, "regression_a"), own_b = setup.parameters.has(key, "regression_b");
  if (own_a != own_b)
    throw Error(Error::Kind::input, "parameters of " + key +
                                        ": regression_a and regression_b belong to one line: "
                                        "give both");
  return own_a ? key : setup.regression_set + "/" + key;
}

}  // namespace

Method make_regression(const MethodSetup& setup) {
  const Legend& types = needed_forest_types(setup, "regression");
  if (types.size() > 0) require_set(setup.parameters, setup.regression_set);
  Regression kernel;
  bool in_use = false;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    const std::string& key = types[type].key;
    if (!goes_by_volume(setup.parameters, types[type])) continue;
    const std::string line_key = regression_key(setup, key);
    if (!setup.parameters.has(line_key, "regression_a") || !setup.parameters.has(line_key, "regression_b")) continue;
    const auto split = all_of(setup.parameters, key, "root_shoot", "carbon_fraction");
    if (!split) continue;
    kernel.a_t_m3.set(type, *setup.parameters.find(line_key, "regression_a"));
    kernel.b_t_ha.set(type, *setup.parameters.find(line_key, "regression_b"));
    kernel.root_shoot.set(type, (*split)[0]);
    kernel.carbon_fraction.set(type, (*split)[1]);
    in_use = true;
  }
  if (in_use) {
    const auto v0 = setup.parameters.find("ANY", "regression_v0");
    if (!v0) throw Error(Error::Kind::input, "parameters: no row ANY,regression_v0: the regression needs it");
    kernel.v0_m3_ha = *v0;
  }
  return pixel_method(kernel, in(layer::forest_type, layer::volume), living_stock_layers);
}

Derivation derive_regression(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = forest_by_volume(d, setup, pixel);
  if (row == nullptr) return d;
  const std::string line_key = regression_key(setup, row->key);
  d.measure("V", layer::volume, pixel);
  d.parameter("a", setup.parameters, line_key, "regression_a");
  d.parameter("b", setup.parameters, line_key, "regression_b");
  d.parameter("V0", setup.parameters, "ANY", "regression_v0");
  d.parameter("R", setup.parameters, row->key, "root_shoot");
  d.parameter("CF", setup.parameters, row->key, "carbon_fraction");
  const bool low = *d.value("V") < d.value("V0").value_or(no_value);
  d.step("biomass", low ? "V * (a * V0 + b) / V0" : "a * V + b", "t d.m./ha");
  d.split();
  d.living_carbon();
  return d;
}

}  // namespace sink
