// SPDX-License-Identifier: Apache-2.0
#include "job/change_scheme.hpp"

#include <algorithm>
#include <numeric>

namespace sink {
namespace {

/// The first code of a row: 1000 for "10xx".
std::int64_t first_code(const LegendRow& row) {
  std::string digits = row.code;
  std::replace_if(
      digits.begin(), digits.end(), [](char c) { return c == 'x' || c == 'X'; }, '0');
  return std::stoll(digits);
}

}  // namespace

ChangeScheme::ChangeScheme(const Legend& maps, bool from_landcover)
    : places_(maps.size()), from_landcover_(from_landcover) {
  std::vector<ClassIndex> order(maps.size());
  std::iota(order.begin(), order.end(), ClassIndex{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](ClassIndex a, ClassIndex b) { return first_code(maps[a]) < first_code(maps[b]); });
  std::vector<LegendRow> rows;
  for (const ClassIndex in_maps : order) {
    places_[in_maps] = static_cast<ClassIndex>(rows.size());
    rows.push_back(maps[in_maps]);
  }
  legend_ = Legend(maps.file(), std::move(rows));
}

}  // namespace sink
