// SPDX-License-Identifier: Apache-2.0
#include "job/inventory_attribution.hpp"

#include <algorithm>
#include <set>

#include "core/nearest_name.hpp"

namespace sink {
namespace {

void refuse_unknown(const TomlTable& table, std::string_view key, const std::vector<std::string>& chosen,
                    const std::set<std::string>& known) {
  for (const std::string& name : chosen) {
    if (known.contains(name)) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    throw table.error(key, "no [[disturbance]] is called '" + name + "': " +
                               (names.empty() ? "add one with its codes, or take the key out"
                                              : "did you mean '" + nearest_name(name, names) + "'?"));
  }
}

}  // namespace

std::optional<AttributionOptions> read_attribution(const TomlTable& top, const std::string& file,
                                                   const std::vector<DisturbanceInput>& disturbances) {
  const toml::table* section = top.table("attribution");
  if (section == nullptr) return std::nullopt;
  const TomlTable table(*section, file, "[attribution]", {"rasters", "fire", "harvest"});
  std::set<std::string> known;
  for (const auto& source : disturbances) {
    for (const auto& [code, name] : source.codes) known.insert(name);
  }
  AttributionOptions options;
  options.rasters = table.boolean("rasters").value_or(options.rasters);
  const auto take = [&](std::string_view key, std::vector<std::string>& names) {
    const auto chosen = table.texts(key);
    if (!chosen) return;
    refuse_unknown(table, key, *chosen, known);
    names = *chosen;
  };
  take("fire", options.fire);
  take("harvest", options.harvest);
  for (const std::string& name : options.fire) {
    if (std::find(options.harvest.begin(), options.harvest.end(), name) == options.harvest.end()) continue;
    throw table.error("harvest", "'" + name + "' is fire and harvest: keep it in one list");
  }
  return options;
}

}  // namespace sink
