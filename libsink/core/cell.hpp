// SPDX-License-Identifier: Apache-2.0
// Cells and columns of tables, shared by what makes tables, writes CSV and writes GeoPackages.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sink {

/// A cell: blank, text, a whole number or a number.
using Cell = std::variant<std::monostate, std::string, std::int64_t, double>;

struct Column {
  enum class Type { text, integer, number };
  std::string name;
  Type type = Type::number;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;

  void add_column(std::string name, Column::Type type = Column::Type::number) {
    columns.push_back({std::move(name), type});
  }
};

}  // namespace sink
