// SPDX-License-Identifier: Apache-2.0
#include "job/inventory_growth.hpp"

#include <algorithm>

namespace sink {
namespace {

int year_in(const TomlTable& table, std::string_view key, std::int64_t year) {
  if (year < 1000 || year > 2999) throw table.error(key, "'" + std::string(key) + "' must be a year such as 2050");
  return static_cast<int>(year);
}

std::map<std::string, std::string> read_like(const TomlTable& growth, const std::string& file) {
  const toml::table* section = growth.table("like");
  if (section == nullptr) return {};
  std::vector<std::string> keys;
  for (const auto& [key, value] : *section) keys.emplace_back(key.str());
  const TomlTable table(*section, file, "like of [growth]", keys);
  std::map<std::string, std::string> like;
  for (const auto& key : keys) like[key] = table.need_text(key, key + " = \"CHINESE_FIR\"");
  return like;
}

}  // namespace

std::optional<GrowthOptions> read_growth(const TomlTable& top, const std::string& file) {
  const toml::table* section = top.table("growth");
  if (section == nullptr) return std::nullopt;
  const TomlTable table(*section, file, "[growth]", {"set", "curves", "anchor", "like"});
  GrowthOptions options;
  options.set = table.text("set").value_or("");
  options.curves = table.text("curves").value_or("");
  if (options.set.empty() && options.curves.empty())
    throw table.error("", "[growth] has no curves: add set = \"XU2010\" or curves = \"curves.csv\"");
  const auto anchor = table.choice("anchor", {"ratio", "equivalent_age"});
  if (!anchor)
    throw table.error(
        "",
        "[growth] needs anchor = \"ratio\" (scale the curve at the observed age: planted stands of known "
        "age) or \"equivalent_age\" (the age at which the curve holds the observed biomass: age unknown); "
        "the two can differ by a factor of two, so that there is no default");
  options.anchor = *anchor == "ratio" ? Anchor::ratio : Anchor::equivalent_age;
  options.like = read_like(table, file);
  return options;
}

std::optional<ProjectionOptions> read_projection(const TomlTable& top, const std::string& file) {
  const toml::table* section = top.table("projection");
  if (section == nullptr) return std::nullopt;
  const TomlTable table(*section, file, "[projection]", {"from", "to", "rasters"});
  if (!top.has("growth"))
    throw table.error("", "[projection] needs growth curves: add a table [growth] with set = \"XU2010\" and an anchor");
  ProjectionOptions options;
  const auto from = table.integer("from"), to = table.integer("to");
  if (!to) throw table.missing("to", "to = 2050");
  options.to = year_in(table, "to", *to);
  if (from) options.from = year_in(table, "from", *from);
  const toml::node* rasters = section->get("rasters");
  if (rasters == nullptr) return options;
  if (const toml::array* years = rasters->as_array()) {
    for (const toml::node& year : *years) {
      if (!year.is_integer()) throw table.error("rasters", "'rasters' lists years, or is \"every\"");
      options.rasters.push_back(year_in(table, "rasters", *year.value<std::int64_t>()));
    }
    std::sort(options.rasters.begin(), options.rasters.end());
    options.rasters.erase(std::unique(options.rasters.begin(), options.rasters.end()), options.rasters.end());
  } else if (rasters->value<std::string>() == "every") {
    options.every_year = true;
  } else {
    throw table.error("rasters", "'rasters' must be years, such as [2030, 2050], or \"every\"");
  }
  return options;
}

}  // namespace sink
