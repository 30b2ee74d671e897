// SPDX-License-Identifier: Apache-2.0
// A ready map of living carbon. It does not tell what is above and what below ground, so only the sum is given.
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct Given {
  std::array<double, 1> operator()(double carbon_tc_ha) const noexcept { return {possible(carbon_tc_ha)}; }
};

}  // namespace

Method make_given(const MethodSetup&) {
  return pixel_method(Given{}, in(layer::carbon_map), out(layer::carbon));
}

Derivation derive_given(const MethodSetup&, const PixelInputs& pixel) {
  Derivation d;
  d.measure("map", layer::carbon_map, pixel);
  d.step("carbon", "map", "t C/ha");
  return d;
}

}  // namespace sink
