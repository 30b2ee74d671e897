// SPDX-License-Identifier: Apache-2.0
#include "method/fire.hpp"

#include <string>

#include "core/error.hpp"

namespace sink {
namespace {

constexpr double kg_per_g = 1e-3;

}  // namespace

FireGases FireFactors::operator()(double fuel_t) const noexcept {
  const double burned_t = fuel_t * combustion_factor;
  return {burned_t * gef_co2_g_kg * kg_per_g, burned_t * gef_ch4_g_kg * kg_per_g, burned_t * gef_n2o_g_kg * kg_per_g};
}

FireFactors fire_factors(const ParameterTable& parameters, std::string_view what_burns, std::string_view forest) {
  const std::string fuel_key = "FIRE/" + std::string(what_burns), forest_key = "FIRE/" + std::string(forest);
  return {parameters.need(fuel_key, "combustion_factor"), parameters.need(forest_key, "gef_co2"),
          parameters.need(forest_key, "gef_ch4"), parameters.need(forest_key, "gef_n2o")};
}

WarmingPotentials warming_potentials(const ParameterTable& parameters, std::string_view set) {
  if (set != "AR5" && set != "AR6")
    throw usage_error("no warming potentials '" + std::string(set) + "': use AR5 or AR6");
  return {parameters.need(set, "gwp_ch4"), parameters.need(set, "gwp_n2o")};
}

}  // namespace sink
