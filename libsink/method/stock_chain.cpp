// SPDX-License-Identifier: Apache-2.0
#include "method/stock_chain.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "method/methods.hpp"

namespace sink {
namespace {

struct Chain {
  std::string_view method;
  std::vector<std::string_view> links;
};

const std::vector<Chain>& chains() {
  static const std::vector<Chain> all = {
      {"bef", {"bef", "culms_by_age", "culms", "area_density", "no_stock"}},
      {"regression", {"regression", "bef", "culms_by_age", "culms", "area_density", "no_stock"}},
      {"bcef", {"bcef", "culms_by_age", "culms", "area_density", "no_stock"}},
      {"agb", {"agb", "culms_by_age", "culms", "area_density", "no_stock"}},
      {"lookup", {"lookup"}},
      {"given", {"given"}},
  };
  return all;
}

/// Whether a link that fills gaps has the maps it reads.
bool can_fill(std::string_view link, const MethodSetup& setup) {
  if (link == "culms_by_age" && !setup.culm_ages_given) return false;
  if (link == "culms" || link == "culms_by_age") return setup.culms_given && setup.forest_types != nullptr;
  if (link == "bef") return setup.forest_types != nullptr;
  return setup.forest_types != nullptr || setup.landcover != nullptr;
}

}  // namespace

std::vector<std::string> stock_methods() {
  std::vector<std::string> names;
  for (const Chain& chain : chains()) names.emplace_back(chain.method);
  return names;
}

std::vector<ChainLink> stock_chain(std::string_view method, const MethodSetup& setup) {
  const auto chain =
      std::find_if(chains().begin(), chains().end(), [&](const Chain& known) { return known.method == method; });
  if (chain == chains().end())
    throw usage_error("no such stock method '" + std::string(method) + "': did you mean " +
                      nearest_name(method, stock_methods()) + "?");
  std::vector<ChainLink> links;
  for (const std::string_view link : chain->links)
    if (links.empty() || can_fill(link, setup)) links.push_back({std::string(link), method_called(link).make(setup)});
  return links;
}

}  // namespace sink
