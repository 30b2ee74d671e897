// SPDX-License-Identifier: Apache-2.0
#include "job/change_scheme.hpp"

#include <algorithm>
#include <numeric>

#include "job/date_legends.hpp"

namespace sink {

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
