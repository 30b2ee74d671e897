// SPDX-License-Identifier: Apache-2.0
#include "job/inventory_balance.hpp"

#include <algorithm>

namespace sink {

std::optional<BalanceOptions> read_balance(const TomlTable& top, const std::string& file) {
  const toml::table* section = top.table("balance");
  if (section == nullptr) return std::nullopt;
  const TomlTable table(*section, file, "[balance]",
                        {"approaches", "pools", "edition", "climate", "soil", "dead_matter", "what_burns",
                         "fire_forest", "gwp", "proportions", "cover_years"});
  BalanceOptions options;
  options.approaches = table.choices("approaches", {"gain_loss", "provincial"}).value_or(options.approaches);
  options.pools = table.choices("pools", {"dead_wood", "litter", "soil", "products", "none"}).value_or(options.pools);
  if (options.pools.size() > 1 &&
      std::find(options.pools.begin(), options.pools.end(), "none") != options.pools.end()) {
    throw table.error("pools", "'none' stands alone: take it out, or the other pools");
  }
  options.edition = table.choice("edition", {"2006", "2019"}).value_or(options.edition);
  options.climate = table.text("climate").value_or(options.climate);
  options.soil = table.text("soil").value_or(options.soil);
  options.dead_matter = table.text("dead_matter").value_or(options.dead_matter);
  options.what_burns = table.text("what_burns").value_or(options.what_burns);
  options.fire_forest = table.text("fire_forest").value_or(options.fire_forest);
  options.gwp = table.choice("gwp", {"AR5", "AR6"}).value_or(options.gwp);
  options.proportions = table.texts("proportions").value_or(options.proportions);
  const auto years = table.number("cover_years");
  if (years && !(*years >= 1 && *years <= 100)) throw table.error("cover_years", "'cover_years' is from 1 to 100");
  options.cover_years = years.value_or(options.cover_years);
  return options;
}

}  // namespace sink
