// SPDX-License-Identifier: Apache-2.0
// RowBuilder: one row of a table in the making. Cells are set by column name and blank where never set.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/cell.hpp"
#include "core/error.hpp"

namespace sink {

class RowBuilder {
 public:
  explicit RowBuilder(const Table& table) : table_(table), cells_(table.columns.size()) {}

  /// NaN and blank text leave the cell blank. Throws Error::internal for a column the table does not have.
  RowBuilder& set(std::string_view name, Cell cell) {
    const auto column =
        std::find_if(table_.columns.begin(), table_.columns.end(), [&](const auto& c) { return c.name == name; });
    if (column == table_.columns.end()) throw Error(Error::Kind::internal, "no column " + std::string(name));
    const auto* number = std::get_if<double>(&cell);
    const auto* text = std::get_if<std::string>(&cell);
    const bool blank = (number != nullptr && std::isnan(*number)) || (text != nullptr && text->empty());
    if (!blank) cells_[static_cast<std::size_t>(column - table_.columns.begin())] = std::move(cell);
    return *this;
  }
  [[nodiscard]] std::vector<Cell> take() { return std::move(cells_); }

 private:
  const Table& table_;
  std::vector<Cell> cells_;
};

}  // namespace sink
