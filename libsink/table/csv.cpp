// SPDX-License-Identifier: Apache-2.0
#include "table/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

/// Bytes of the UTF-8 character at the start of `text`, 0 where there is none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
std::size_t utf8_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const unsigned second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return length;
}

void require_utf8(std::string_view text, const std::string& file) {
  const std::string fix = "convert it: iconv -f GB18030 -t UTF-8 '" + file + "' > utf8.csv";
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\n') ++line;
    if (text[at] == '\0') throw input_error(file, "holds zero bytes, so it is no CSV text: save it as CSV in UTF-8");
    const std::size_t length = utf8_character(text.substr(at));
    if (length == 0) throw input_error(file + ":" + std::to_string(line), "not UTF-8; " + fix);
    at += length;
  }
}

/// Rows as libcsv reports them. It tells no line numbers, so lines are fed one at a time.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0)
      throw Error(Error::Kind::internal, file + ": the CSV parser does not start");
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { csv_free(&parser_); }

  void read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
      ++line_;
      if (!inside_row_) row_line_ = line_;
      feed(text.substr(0, length));
      text.remove_prefix(length);
    }
    if (csv_fini(&parser_, on_cell, on_row, this) != 0)
      throw input_error(file_ + ":" + std::to_string(row_line_), "a quote is opened and never closed: close it");
  }

  std::vector<std::vector<std::string>> rows;
  std::vector<int> lines;

 private:
  void feed(std::string_view text) {
    if (!inside_row_ && (text.front() == '#' || text.find_first_not_of(" \t\r\n") == std::string_view::npos)) return;
    inside_row_ = true;  // until on_row says otherwise; a line may end inside quotes
    if (csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size()) return;
    if (csv_error(&parser_) == CSV_ENOMEM) throw Error(Error::Kind::memory, file_ + ": no memory left");
    throw input_error(file_ + ":" + std::to_string(line_),
                      "a quote inside a cell: put the whole cell in quotes and write each quote in it twice");
  }

  static void on_cell(void* cell, std::size_t size, void* self) {
    static_cast<Reader*>(self)->cells_.emplace_back(static_cast<const char*>(cell), size);
  }
  static void on_row(int, void* self) {
    auto& reader = *static_cast<Reader*>(self);
    auto cells = std::exchange(reader.cells_, {});
    reader.inside_row_ = false;
    // Spreadsheets leave rows of nothing but commas below the table.
    if (std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); })) return;
    reader.rows.push_back(std::move(cells));
    reader.lines.push_back(reader.row_line_);
  }

  std::string file_;
  csv_parser parser_{};
  std::vector<std::string> cells_;
  int line_ = 0, row_line_ = 0;
  bool inside_row_ = false;
};

void require_header(const CsvTable& table) {
  for (auto name = table.header.begin(); name != table.header.end(); ++name)
    if (!name->empty() && std::find(table.header.begin(), name, *name) != name)
      throw input_error(table.file, "column '" + *name + "' stands twice: rename or delete one");
}

void require_full_row(const CsvTable& table, std::size_t row) {
  if (table.rows[row].size() == table.header.size()) return;
  throw input_error(table.place(row), "has " + std::to_string(table.rows[row].size()) + " cells, the header has " +
                                          std::to_string(table.header.size()) +
                                          ": add the missing commas, or quote cells that contain one");
}

}  // namespace

int CsvTable::find(std::string_view name) const noexcept {
  const auto at = std::find(header.begin(), header.end(), name);
  return at == header.end() ? -1 : static_cast<int>(at - header.begin());
}

int CsvTable::column(std::string_view name) const {
  if (const int at = find(name); at >= 0) return at;
  std::string names;
  for (const std::string& have : header) names += (names.empty() ? "" : ",") + have;
  throw input_error(file, "has no column '" + std::string(name) + "', only " + names + ": add it");
}

double CsvTable::number(std::size_t row, int column) const {
  const auto at = static_cast<std::size_t>(column);
  std::string_view text = rows.at(row).at(at);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw input_error(place(row), "'" + rows[row][at] + "' in column " + header.at(at) +
                                      " is no number: write one with a decimal point");
  return value;
}

std::string CsvTable::place(std::size_t row) const {
  return file + ":" + std::to_string(lines.at(row));
}

CsvTable parse_csv(std::string_view text, const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  require_utf8(text, file);
  Reader reader(file);
  reader.read(text);
  if (reader.rows.empty()) throw input_error(file, "is empty: a table needs a header line");
  CsvTable table{file, std::move(reader.rows.front()), {}, {}};
  reader.rows.erase(reader.rows.begin());
  reader.lines.erase(reader.lines.begin());
  table.rows = std::move(reader.rows);
  table.lines = std::move(reader.lines);
  require_header(table);
  for (std::size_t row = 0; row < table.rows.size(); ++row) require_full_row(table, row);
  return table;
}

CsvTable read_csv(const std::string& path) {
  constexpr std::uintmax_t most_bytes = 64U << 20U;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw input_error(path, "no such file: check the path");
  if (!std::filesystem::is_regular_file(path, error)) throw input_error(path, "is no file: name a CSV file");
  const auto bytes = std::filesystem::file_size(path, error);
  if (error || bytes > most_bytes) throw input_error(path, "is larger than 64 MiB: is it a table?");
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(text.size())))
    throw input_error(path, "cannot be read: check its permissions");
  return parse_csv(text, path);
}

std::string number_text(double value) {
  if (std::isnan(value)) return "";
  if (value == 0) return "0";
  // Plain digits where a person can still read them, so that 1e+06 t shows as 1000000.
  const double magnitude = std::abs(value);
  const bool plain = magnitude >= 1e-7 && magnitude < 1e17;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {text.data(), end.ptr};
}

std::string csv_cell(std::string_view text) {
  const bool spaced =
      !text.empty() && (text.front() == ' ' || text.back() == ' ' || text.front() == '\t' || text.back() == '\t');
  if (!spaced && !text.starts_with('#') && text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? "\"\"" : std::string(1, c);
  return cell + "\"";
}

}  // namespace sink
