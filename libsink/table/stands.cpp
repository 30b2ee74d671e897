// SPDX-License-Identifier: Apache-2.0
#include "table/stands.hpp"

#include <algorithm>

#include "table/shipped.hpp"

namespace sink {
namespace {

/// Cells of a row by the names of their columns.
class Row {
 public:
  Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
  [[nodiscard]] const std::string& text(std::string_view column) const {
    return table_.rows[row_][static_cast<std::size_t>(table_.column(column))];
  }
  /// `otherwise` where the cell is blank.
  [[nodiscard]] double number(std::string_view column, double otherwise) const {
    return text(column).empty() ? otherwise : table_.number(row_, table_.column(column));
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
};

template <class Item, class Make>
std::vector<Item> items_of(std::string_view name, const Make& make) {
  const CsvTable table = shipped_table(name);
  std::vector<Item> items;
  for (std::size_t i = 0; i < table.rows.size(); ++i) items.push_back(make(Row(table, i)));
  return items;
}

}  // namespace

std::vector<StandField> stand_fields() {
  return items_of<StandField>("stand_fields", [](const Row& row) {
    return StandField{row.text("use"),   row.text("field"),  row.text("name_zh"), row.text("unit"),
                      row.text("layer"), row.text("status"), row.text("source")};
  });
}

std::vector<std::string> stand_uses() {
  std::vector<std::string> uses;
  for (const StandField& field : stand_fields())
    if (std::find(uses.begin(), uses.end(), field.use) == uses.end()) uses.push_back(field.use);
  return uses;
}

std::vector<StandCheck> stand_checks() {
  return items_of<StandCheck>("stand_checks", [](const Row& row) {
    return StandCheck{row.text("rule"),      row.number("limit", std::numeric_limits<double>::quiet_NaN()),
                      row.text("unit"),      row.text("status"),
                      row.text("source"),    row.text("meaning_en"),
                      row.text("meaning_zh")};
  });
}

std::vector<AgeGroup> age_groups() {
  return items_of<AgeGroup>("age_groups", [](const Row& row) {
    return AgeGroup{row.text("key"),
                    row.text("origin"),
                    static_cast<int>(row.number("code", 0)),
                    row.number("age_from", 0),
                    row.number("age_to", std::numeric_limits<double>::infinity()),
                    row.text("name_zh"),
                    row.text("name_en"),
                    row.text("status"),
                    row.text("source")};
  });
}

std::string stand_origin(std::string_view text) {
  static const CsvTable table = shipped_table("stand_origins");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Row row(table, i);
    if (text.starts_with(row.text("code"))) return row.text("origin");
  }
  return "";
}

}  // namespace sink
