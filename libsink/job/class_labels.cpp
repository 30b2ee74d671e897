// SPDX-License-Identifier: Apache-2.0
#include "job/class_labels.hpp"

#include <algorithm>
#include <array>

#include "account/causes.hpp"
#include "report/change_charts.hpp"

namespace sink {
namespace {

// With the colours of causes: any two of a map differ by 14 and more in CIELAB for any colour vision
// (tests/tools/test_class_styles.py).
constexpr std::string_view stays_colour = "#e4e4e4", other_forest = "#428c90", shrub_gained = "#66804f",
                           unstocked_gained = "#216f12";

std::string_view colour_of(Cause cause) {
  return cause_words()[static_cast<std::size_t>(cause)].colour;
}

/// Of land that was forest at neither date, by what it became: cropland, perennial crops, grassland, wetland,
/// settlement, other.
constexpr std::array<std::string_view, 6> other_land = {"#af9fff", "#a85ab2", "#93bfd4",
                                                        "#111fc9", "#290d7e", "#514a7c"};

std::string_view change_colour(LandUse from, LandUse to) {
  if (is_forest(from) && !is_forest(to)) return colour_of(deforestation_to(to));
  if (to == LandUse::forest_unstocked) return is_forest(from) ? colour_of(Cause::harvest) : unstocked_gained;
  if (is_forest(from) && is_forest(to)) return other_forest;
  if (to == LandUse::shrub_counted) return shrub_gained;
  if (is_forest(to)) return colour_of(Cause::afforestation);
  return other_land[static_cast<std::size_t>(to) - static_cast<std::size_t>(LandUse::cropland)];
}

/// What the legend names in both languages is said in both.
std::string change_label(const ClassLabel& from, const ClassLabel& to) {
  const std::string name = from.name + " → " + to.name;
  if (from.name_zh.empty() || to.name_zh.empty()) return name;
  return name + " / " + from.name_zh + " → " + to.name_zh;
}

}  // namespace

ClassLabel label_of(const Legend& legend, std::size_t place) {
  if (place >= legend.size()) return {"", "unknown"};
  const LegendRow& row = legend[static_cast<ClassIndex>(place)];
  const std::string name = class_name(row);
  return {row.code,
          name,
          row.colour.empty() ? class_colour(place) : row.colour,
          !row.colour.empty(),
          row.name_zh == name ? "" : row.name_zh,
          row.land_use};
}

ClassLabel label_of(const ChangeSetup& setup, std::size_t place, std::size_t date) {
  ClassLabel label = label_of(setup.maps.legend(), place);
  if (place >= setup.classes()) return label;
  label.code = setup.maps.legends().code(place, date);
  const std::string colour = setup.maps.colour(place, date);
  label.colour = colour.empty() ? class_colour(place) : colour;
  label.own_colour = !colour.empty();
  return label;
}

std::vector<ClassLabel> labels_of(const Legend& legend) {
  std::vector<ClassLabel> labels;
  for (std::size_t k = 0; k < legend.size(); ++k) labels.push_back(label_of(legend, k));
  return labels;
}

std::vector<ClassLabel> labels_of(const ChangeSetup& setup, std::size_t date) {
  std::vector<ClassLabel> labels;
  for (std::size_t k = 0; k < setup.classes(); ++k) labels.push_back(label_of(setup, k, date));
  return labels;
}

std::vector<ChangeCategory> change_categories(const std::vector<ClassLabel>& from, const std::vector<ClassLabel>& to,
                                              const std::vector<std::uint8_t>& seen) {
  const bool land_uses = std::any_of(to.begin(), to.end(), [](auto& c) { return c.land_use != LandUse::other; });
  std::vector<ChangeCategory> categories;
  for (std::size_t code = 1; code < seen.size(); ++code) {
    if (seen[code] == 0) continue;
    const std::size_t i = (code - 1) / to.size(), j = (code - 1) % to.size();
    const bool by_kind = land_uses && !to[j].own_colour;
    categories.push_back({static_cast<std::uint32_t>(code), from[i].name + " → " + to[j].name, from[i].code, to[j].code,
                          std::string(i == j    ? stays_colour
                                      : by_kind ? change_colour(from[i].land_use, to[j].land_use)
                                                : to[j].colour),
                          change_label(from[i], to[j])});
  }
  return categories;
}

std::vector<std::string> codes_by_date(const ChangeSetup& setup, std::size_t place) {
  std::vector<std::string> codes;
  for (std::size_t date = 0; date <= setup.intervals(); ++date) {
    codes.push_back(setup.maps.legends().code(place, date));
  }
  return codes;
}

}  // namespace sink
