// SPDX-License-Identifier: Apache-2.0
// What classes and their changes are called and how they are coloured, in tables, rasters and charts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job/change_pass.hpp"
#include "report/category_files.hpp"

namespace sink {

/// What a class is called in tables: its code, and its name or `unknown`; its colour, "#rrggbb"; and what pictures add.
struct ClassLabel {
  std::string code, name;
  std::string colour = {};
  bool own_colour = false;   ///< of the legend or of the map itself
  std::string name_zh = {};  ///< blank where the legend has none beside `name`
  LandUse land_use = LandUse::other;
};
ClassLabel label_of(const Legend& legend, std::size_t place);
/// With the code and the colour of a date.
ClassLabel label_of(const ChangeSetup& setup, std::size_t place, std::size_t date);
std::vector<ClassLabel> labels_of(const Legend& legend);
std::vector<ClassLabel> labels_of(const ChangeSetup& setup, std::size_t date);
/// Names and colours of the from-to codes that occur, in ascending order. What stays is grey; a colour of its own of
/// `to` goes first; then the kind of change: forest gained green, forest lost warm by destination (the colours of
/// causes), within the forest and between other land cold. Where the legend says no land use, the colour is that of
/// `to`. `seen[code]` is 1 for those.
std::vector<ChangeCategory> change_categories(const std::vector<ClassLabel>& from, const std::vector<ClassLabel>& to,
                                              const std::vector<std::uint8_t>& seen);
/// The code of a class at each date.
std::vector<std::string> codes_by_date(const ChangeSetup& setup, std::size_t place);

}  // namespace sink
