// SPDX-License-Identifier: Apache-2.0
// CSV in and out. Reading is libcsv's; numbers are written as the shortest digits that read back to the same double.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sink {

/// A CSV file with a header line, all cells as text.
struct CsvTable {
  std::string file;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
  std::vector<int> lines;                      ///< line in the file where each row starts

  /// Column of a header name, or -1.
  [[nodiscard]] int find(std::string_view name) const noexcept;
  /// Column of a header name; throws Error::input naming the file and the columns it has.
  [[nodiscard]] int column(std::string_view name) const;
  /// A cell as a finite number; throws Error::input with file and line.
  [[nodiscard]] double number(std::size_t row, int column) const;
  /// "file:line", for messages.
  [[nodiscard]] std::string place(std::size_t row) const;
};

/// Parses CSV text; a byte order mark is skipped, lines starting with # are comments. Throws Error::input for
/// text that is not UTF-8, ragged rows and unclosed quotes. `file` names the text in messages.
CsvTable parse_csv(std::string_view text, const std::string& file);
/// Reads and parses a file of at most 64 MiB. Throws Error::input.
CsvTable read_csv(const std::string& path);

/// Shortest digits that read back to the same double; blank for NaN.
std::string number_text(double value);
/// One cell, quoted where needed.
std::string csv_cell(std::string_view text);

}  // namespace sink
