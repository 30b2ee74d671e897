// SPDX-License-Identifier: Apache-2.0
#include "job/inventory_patches.hpp"

#include <algorithm>

namespace sink {
namespace {

/// Calls `use(name, table)` for every key of a table whose keys are names of the user's own.
void for_names(const TomlTable& patches, const std::string& key, const std::string& file, const auto& use) {
  const toml::table* section = patches.table(key);
  if (section == nullptr) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : *section) names.emplace_back(name.str());
  const TomlTable table(*section, file, key + " of [patches]", names);
  for (const auto& name : names) use(name, table);
}

}  // namespace

std::optional<PatchOptions> read_patches(const TomlTable& top, const std::string& file) {
  const toml::table* section = top.table("patches");
  if (section == nullptr) return std::nullopt;
  const TomlTable table(*section, file, "[patches]",
                        {"presets", "transitions", "mmu", "connectivity", "overlays", "weights", "impossible"});
  PatchOptions options;
  options.presets = table.choices("presets", patch_presets()).value_or(options.presets);
  options.transitions = table.texts("transitions").value_or(options.transitions);
  options.minimum_units = table.texts("mmu").value_or(options.minimum_units);
  options.impossible = table.text("impossible").value_or("");
  if (options.presets.empty() && options.transitions.empty()) {
    throw table.error("",
                      "[patches] looks for nothing: add presets = [\"tea\"] or transitions = [\"forest:settlement\"]");
  }
  const auto connectivity = table.integer("connectivity");
  if (connectivity && *connectivity != 4 && *connectivity != 8) {
    throw table.error("connectivity", "'connectivity' must be 4 (by edges) or 8 (by corners too)");
  }
  if (connectivity) options.connectivity = static_cast<Connectivity>(*connectivity);
  for_names(table, "overlays", file, [&](const std::string& name, const TomlTable& overlays) {
    options.overlays.emplace_back(name, overlays.need_text(name, name + " = \"" + name + ".gpkg\""));
  });
  for_names(table, "weights", file, [&](const std::string& name, const TomlTable& weights) {
    const auto weight = weights.number(name);
    const bool known = std::any_of(options.overlays.begin(), options.overlays.end(),
                                   [&](const auto& overlay) { return overlay.first == name; });
    if (!known) throw weights.error(name, "no overlay is called '" + name + "': add it to overlays");
    if (!(*weight >= 0 && *weight <= 1e6)) throw weights.error(name, "a weight is a number from 0 to 1000000");
    options.weights.emplace_back(name, *weight);
  });
  return options;
}

}  // namespace sink
