// SPDX-License-Identifier: Apache-2.0
#include "method_case.hpp"

#include <functional>

#include "core/quantity.hpp"
#include "table/shipped.hpp"

namespace sink::tests {
namespace {

ParameterTable parameters_of(const Case& row) {
  ParameterTable parameters = load_parameters({});
  std::vector<ParameterRow> own;
  for (const ParameterKind& kind : parameter_kinds())
    if (const std::string name(kind.name); row.has(name))
      own.push_back(
          {row.text("key"), name, row.number(name), std::string(kind.unit), 0, "unverified", "case", row.place()});
  parameters.override_with(own);
  return parameters;
}

Layer<ClassIndex> class_layer(const LayerInfo& info) {
  return {info};
}
Layer<double> measure_layer(const LayerInfo& info) {
  return {info};
}

void with_setup(const Case& row, const std::function<void(const MethodSetup&)>& make) {
  const ParameterTable parameters = parameters_of(row);
  const auto use = land_use_called(row.has("land_use") ? row.text("land_use") : "forest");
  const Legend legend("case", {{"1", row.text("key"), use.value(), "", ""}});
  CarbonPools pools{"case", {}};
  if (row.has("C_above"))
    pools.rows.push_back(
        {1, "", row.number("C_above"), row.number("C_below"), row.number("C_soil"), row.number("C_dead")});
  const BcefGroups groups = shipped_bcef_groups();
  const std::string classes = row.has("classes") ? row.text("classes") : "forest_type";
  MethodSetup setup{.parameters = parameters,
                    .forest_types = classes == "forest_type" ? &legend : nullptr,
                    .landcover = classes == "landcover" || row.has("C_above") ? &legend : nullptr,
                    .pools = &pools,
                    .bcef_groups = &groups,
                    .bcef_zone = row.text("bcef_zone"),
                    .bcef_interpolate = row.text("bcef_interpolate") == "1"};
  if (row.has("regression_set")) setup.regression_set = row.text("regression_set");
  make(setup);
}

}  // namespace

Method method_of(const MethodInfo& info, const Case& row) {
  Method method;
  with_setup(row, [&](const MethodSetup& setup) { method = info.make(setup); });
  return method;
}

Derivation derivation_of(const MethodInfo& info, const Case& row, const Pixel& inputs) {
  PixelInputs pixel;
  for (const auto& [name, value] : inputs) {
    if (name == layer::forest_type.name) {
      pixel.forest_type = static_cast<ClassIndex>(value);
    } else if (name == layer::landcover.name) {
      pixel.landcover = static_cast<ClassIndex>(value);
    } else {
      pixel.measures[name] = value;
    }
  }
  Derivation derivation;
  with_setup(row, [&](const MethodSetup& setup) { derivation = info.derive(setup, pixel); });
  return derivation;
}

Pixel inputs_of(const Method& method, const Case& row) {
  Pixel pixel;
  for (const LayerInfo& layer : method.inputs)
    pixel[std::string(layer.name)] = is_class(layer) ? 0 : row.number(std::string(layer.name));
  return pixel;
}

std::vector<Pixel> run(const Method& method, const std::vector<Pixel>& pixels, Write write, double before) {
  Block block(pixels.size());
  for (const LayerInfo& layer : method.inputs)
    for (std::size_t p = 0; p < pixels.size(); ++p) {
      const double value = pixels[p].at(std::string(layer.name));
      if (is_class(layer))
        block.column(class_layer(layer))[p] = static_cast<ClassIndex>(value);
      else
        block.column(measure_layer(layer))[p] = value;
    }
  for (const LayerInfo& layer : method.outputs)
    for (double& value : block.column(measure_layer(layer))) value = before;
  method.run(block, write);
  std::vector<Pixel> results(pixels.size());
  for (const LayerInfo& layer : method.outputs)
    for (std::size_t p = 0; p < pixels.size(); ++p)
      results[p][std::string(layer.name)] = block.column(measure_layer(layer))[p];
  return results;
}

void add_sums(Pixel& result) {
  if (result.contains("bgb")) result["biomass"] = result["agb"] + result["bgb"];
  if (result.contains("carbon_above")) result["carbon"] = result["carbon_above"] + result["carbon_below"];
  result["co2"] = to_co2(CarbonDensity(result["carbon"])).value();
  if (result.contains("soil")) result["all_pools"] = result["carbon"] + result["dead"] + result["soil"];
}

}  // namespace sink::tests
