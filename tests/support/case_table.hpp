// SPDX-License-Identifier: Apache-2.0
// Case files: tables of worked numbers, one case a row, with a unit in the header and a tolerance and a source in
// every row. Lines starting with # are for the reader.
#pragma once

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "table/csv.hpp"

namespace sink::tests {

/// A column's name and unit from "volume [m3/ha]"; the unit is blank where there is none.
struct ColumnName {
  explicit ColumnName(const std::string& header) {
    const auto at = header.find(" [");
    name = header.substr(0, at);
    if (at != std::string::npos) unit = header.substr(at + 2, header.size() - at - 3);
  }
  std::string name, unit;
};

/// A row of a case file by column name without unit.
class Case {
 public:
  Case(const CsvTable& table, std::size_t row) : table_(&table), row_(row) {}

  [[nodiscard]] std::string place() const { return table_->place(row_) + " " + text("case"); }
  /// A cell's text; blank where the column does not exist.
  [[nodiscard]] std::string text(const std::string& name) const {
    const int at = column(name);
    return at < 0 ? "" : table_->rows[row_][static_cast<std::size_t>(at)];
  }
  [[nodiscard]] bool has(const std::string& name) const { return !text(name).empty(); }
  /// A cell's number; "NaN" stands for no data. Throws Error::input for other text.
  [[nodiscard]] double number(const std::string& name) const {
    return text(name) == "NaN" ? std::numeric_limits<double>::quiet_NaN() : table_->number(row_, column(name));
  }
  /// Whether `value` is `expected` within the row's tolerance ("rel 1e-6", "abs 0.01"); NaN equals NaN.
  [[nodiscard]] bool agrees(double value, double expected) const {
    if (std::isnan(expected) || std::isnan(value)) return std::isnan(expected) && std::isnan(value);
    const std::string tolerance = text("tolerance");
    const double bound = std::stod(tolerance.substr(4));
    if (tolerance.starts_with("abs ")) return std::abs(value - expected) <= bound;
    if (tolerance.starts_with("rel ")) return std::abs(value - expected) <= bound * std::abs(expected);
    throw std::invalid_argument(place() + ": tolerance must be 'rel X' or 'abs X'");
  }

 private:
  [[nodiscard]] int column(const std::string& name) const {
    for (std::size_t i = 0; i < table_->header.size(); ++i)
      if (ColumnName(table_->header[i]).name == name) return static_cast<int>(i);
    return -1;
  }
  const CsvTable* table_;
  std::size_t row_;
};

}  // namespace sink::tests
