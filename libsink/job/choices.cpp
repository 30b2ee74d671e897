// SPDX-License-Identifier: Apache-2.0
#include "job/choices.hpp"

#include "method/stock_chain.hpp"

namespace sink {

std::vector<LayerInfo> input_layers() {
  return {layer::forest_type, layer::volume,      layer::age,     layer::culms,    layer::culms_age_1,
          layer::culms_age_3, layer::culms_age_5, layer::agb_map, layer::landcover};
}

std::vector<std::string> stock_method_names() {
  std::vector<std::string> names = stock_methods();
  std::erase(names, "given");  // two ready maps: `sinkcalc sink`, not a method to choose
  return names;
}

std::vector<std::string> pool_names() {
  return {"agb", "bgb", "dead", "soil"};
}

std::vector<std::string> bcef_zone_names() {
  return {"temperate", "subtropical", "humid_tropical"};
}

std::vector<std::string> land_use_sources() {
  return {"forest_type", "landcover"};
}

}  // namespace sink
