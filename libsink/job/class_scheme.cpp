// SPDX-License-Identifier: Apache-2.0
#include "job/class_scheme.hpp"

#include "core/error.hpp"

namespace sink {

ClassScheme::ClassScheme(const Legend* forest_types, const Legend* landcover, bool landcover_decides)
    : landcover_decides_(landcover_decides) {
  std::vector<LegendRow> rows;
  const auto append = [&](const Legend* legend, const std::string& what) {
    if (legend == nullptr) return;
    for (const auto& row : legend->rows()) {
      if (rows.size() == max_classes) {
        throw input_error(legend->file(), "forest types and land cover together have more than " +
                                              std::to_string(max_classes) + " classes: merge some");
      }
      forest_[rows.size()] = is_forest(row.land_use);
      names_.push_back(what + " " + row.code + (row.name_en.empty() ? "" : " " + row.name_en));
      rows.push_back(row);
      rows.back().code = std::to_string(rows.size() - 1);
    }
  };
  append(forest_types, "forest type");
  types_ = rows.size();
  append(landcover, "land cover");
  joined_ = Legend(forest_types != nullptr ? forest_types->file() : landcover->file(), std::move(rows));
}

std::string ClassScheme::name(ClassIndex index) const {
  return index == no_class ? "nodata" : names_.at(index);
}

}  // namespace sink
