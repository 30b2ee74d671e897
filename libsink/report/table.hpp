// SPDX-License-Identifier: Apache-2.0
// Tables written as CSV or shown on a terminal. Numbers print the shortest digits
// that read back to the same double; a NaN is a blank cell.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/cell.hpp"

namespace sink {

/// The cell as in a CSV file, unquoted.
std::string text_of(const Cell& cell);
/// CSV with a header line, lines ended by \n; with `bom`, a byte order mark for spreadsheet programs.
std::string to_csv(const Table& table, bool bom);

/// Columns that UTF-8 text takes on a terminal; a Chinese character takes two.
std::size_t text_width(std::string_view text);
/// Left-aligned in `width` columns of a terminal.
std::string padded(std::string_view text, std::size_t width);

/// Columns of text aligned for a terminal. Those from `right_from` on are numbers and stand right.
std::string to_terminal(const std::vector<std::vector<std::string>>& rows,
                        std::size_t right_from = std::numeric_limits<std::size_t>::max());

}  // namespace sink
