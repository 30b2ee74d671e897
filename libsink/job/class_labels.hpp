// SPDX-License-Identifier: Apache-2.0
// What classes and their changes are called and how they are coloured, in tables, rasters and charts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job/change_pass.hpp"
#include "report/category_files.hpp"

namespace sink {

/// What a class is called in tables: its code, and its name or `unknown`; and its colour, "#rrggbb".
struct ClassLabel {
  std::string code, name;
  std::string colour = {};
};
ClassLabel label_of(const Legend& legend, std::size_t place);
/// With the code and the colour of a date.
ClassLabel label_of(const ChangeSetup& setup, std::size_t place, std::size_t date);
std::vector<ClassLabel> labels_of(const Legend& legend);
std::vector<ClassLabel> labels_of(const ChangeSetup& setup, std::size_t date);
/// Names and colours of the from-to codes that occur, in ascending order; the colour is that of `to`, what stays is
/// grey. `seen[code]` is 1 for those.
std::vector<ChangeCategory> change_categories(const std::vector<ClassLabel>& from, const std::vector<ClassLabel>& to,
                                              const std::vector<std::uint8_t>& seen);
/// The code of a class at each date.
std::vector<std::string> codes_by_date(const ChangeSetup& setup, std::size_t place);

}  // namespace sink
