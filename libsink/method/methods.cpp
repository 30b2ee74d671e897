// SPDX-License-Identifier: Apache-2.0
#include "method/methods.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {

const std::vector<MethodInfo>& all_methods() {
  static const std::vector<MethodInfo> methods = {
#define SINK_METHOD(name, summary, source) {#name, summary, source, &make_##name, &derive_##name},
#include "method/methods.def"
#undef SINK_METHOD
  };
  return methods;
}

const MethodInfo& method_called(std::string_view name) {
  const auto& methods = all_methods();
  const auto at = std::find_if(methods.begin(), methods.end(), [&](const auto& info) { return info.name == name; });
  if (at != methods.end()) return *at;
  std::vector<std::string> names;
  for (const MethodInfo& info : methods) names.emplace_back(info.name);
  throw usage_error("no such method '" + std::string(name) + "': did you mean " + nearest_name(name, names) + "?");
}

Method shape_of(const MethodInfo& info) {
  const ParameterTable parameters;
  const Legend legend;
  const CarbonPools pools;
  const BcefGroups groups = {{"any", {}}};
  return info.make({.parameters = parameters,
                    .forest_types = &legend,
                    .landcover = info.name == "lookup" ? &legend : nullptr,
                    .pools = &pools,
                    .bcef_groups = &groups,
                    .bcef_zone = "any"});
}

}  // namespace sink
