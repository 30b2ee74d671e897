// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include <algorithm>

#include "table/csv.hpp"

namespace sink {

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) == 0x80U) continue;  // inside a character
    width += byte >= 0xe3 ? 2 : 1;          // from U+3000 on: the wide ones
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.append(std::max(width, text_width(text)) - text_width(text), ' ');
  return cell;
}

std::string text_of(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&cell)) return number_text(*number);
  return "";
}

std::string to_csv(const Table& table, bool bom) {
  std::string text = bom ? "\xef\xbb\xbf" : "";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    text += (c == 0 ? "" : ",") + csv_cell(table.columns[c].name);
  }
  text += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) text += ',';
      // A spreadsheet would run such a text as a formula.
      const auto* own = std::get_if<std::string>(&row[c]);
      const bool formula = bom && own != nullptr && !own->empty() &&
                           std::string_view("=+-@").find(own->front()) != std::string_view::npos;
      text += csv_cell((formula ? "'" : "") + text_of(row[c]));
    }
    text += '\n';
  }
  return text;
}

std::string to_terminal(const std::vector<std::vector<std::string>>& rows, std::size_t right_from) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], text_width(row[c]));
  }
  std::string text;
  for (const auto& original : rows) {
    std::vector<std::string> row = original;
    for (auto& cell : row) {
      std::replace_if(
          cell.begin(), cell.end(), [](unsigned char ch) { return ch < 0x20 || ch == 0x7f; }, '?');
    }
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string gap(widths[c] - text_width(row[c]), ' ');
      line += (c == 0 ? "" : "  ") + (c < right_from ? row[c] + gap : gap + row[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace sink
