// SPDX-License-Identifier: Apache-2.0
// ParameterTable: numbers with a passport. Rows `key,parameter,value,unit,sd,status,source`; a user's table
// overrides the defaults row by row. The table remembers which rows were asked for: those go into the run record.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/class_table.hpp"
#include "core/legend.hpp"

namespace sink {

/// Standard deviation over value where the source gives none (interface.md, Parameters).
inline constexpr double assumed_relative_sd = 0.15;

struct ParameterRow {
  std::string key, parameter;
  double value = 0;
  std::string unit;
  double sd = 0;       ///< standard deviation; 15 % of the value where the source gives none
  std::string status;  ///< "verified" or "unverified"
  std::string source;
  std::string origin;  ///< file and line, for messages
};

/// What a parameter may be: its unit and range. The catalogue is in parameters.cpp.
struct ParameterKind {
  std::string_view name, unit;
  double low, high;
  std::string_view meaning;
};
const std::vector<ParameterKind>& parameter_kinds();
/// How a row that is missing begins, for messages: "KEY,parameter,VALUE,unit".
std::string row_to_add(std::string_view key, std::string_view parameter);

class ParameterTable {
 public:
  /// Adds the shipped rows. Throws Error::input with file and line for a bad unit, range or status, a row that
  /// stands twice or an unknown parameter.
  void add_defaults(std::vector<ParameterRow> rows);
  /// Overrides row by row; keys of a user's own legend may be new, parameter names may not.
  void override_with(std::vector<ParameterRow> rows);

  [[nodiscard]] bool has_key(std::string_view key) const;
  /// Whether the row exists; unlike `find`, asking does not put it in use.
  [[nodiscard]] bool has(std::string_view key, std::string_view parameter) const;
  /// The row, null where there is none; asking does not put it in use.
  [[nodiscard]] const ParameterRow* row(std::string_view key, std::string_view parameter) const;
  /// The row's value, and a note that it is in use; nullopt where there is none.
  [[nodiscard]] std::optional<double> find(std::string_view key, std::string_view parameter) const;
  /// The same where the row must be there. Throws Error::input with the row to add.
  [[nodiscard]] double need(std::string_view key, std::string_view parameter) const;
  /// Whether a user's row whose key is not in this table may be meant and not misspelt: a line of a regression set of
  /// their own (SET/KEY), culms of another age (KEY/age_7), another wood product, or a key of three parts that stand in
  /// their places in other keys (2006/tropical_moist/cropland: a factor that is not shipped).
  [[nodiscard]] bool may_be_new(const ParameterRow& row) const;
  /// One value per class of `legend` by its key, NaN where the key has none.
  [[nodiscard]] ClassTable by_class(const Legend& legend, std::string_view parameter) const;

  [[nodiscard]] std::vector<ParameterRow> rows() const;
  /// Rows that were looked up and found, in key and parameter order.
  [[nodiscard]] std::vector<ParameterRow> used() const;

 private:
  using Name = std::pair<std::string, std::string>;
  void check(const ParameterRow& row) const;
  [[nodiscard]] bool has_parts_of(std::string_view key) const;
  std::map<Name, ParameterRow, std::less<>> rows_;
  mutable std::set<Name> used_;
};

}  // namespace sink
