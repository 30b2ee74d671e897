// SPDX-License-Identifier: Apache-2.0
#include "job/class_labels.hpp"

#include "report/change_charts.hpp"

namespace sink {

ClassLabel label_of(const Legend& legend, std::size_t place) {
  if (place >= legend.size()) return {"", "unknown"};
  const LegendRow& row = legend[static_cast<ClassIndex>(place)];
  return {row.code, class_name(row), row.colour.empty() ? class_colour(place) : row.colour};
}

ClassLabel label_of(const ChangeSetup& setup, std::size_t place, std::size_t date) {
  ClassLabel label = label_of(setup.maps.legend(), place);
  if (place >= setup.classes()) return label;
  label.code = setup.maps.legends().code(place, date);
  const std::string colour = setup.maps.colour(place, date);
  label.colour = colour.empty() ? class_colour(place) : colour;
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
  constexpr const char* stays_colour = "#e4e4e4";
  std::vector<ChangeCategory> categories;
  for (std::size_t code = 1; code < seen.size(); ++code) {
    if (seen[code] == 0) continue;
    const std::size_t i = (code - 1) / to.size(), j = (code - 1) % to.size();
    categories.push_back({static_cast<std::uint32_t>(code), from[i].name + " → " + to[j].name, from[i].code, to[j].code,
                          i == j ? stays_colour : to[j].colour});
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
