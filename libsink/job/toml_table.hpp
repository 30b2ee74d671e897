// SPDX-License-Identifier: Apache-2.0
// A table of a TOML file read strictly: every key is known, every value has the type asked for, and a message
// carries file and line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "core/error.hpp"

namespace sink {

class TomlTable {
 public:
  /// `name` is what messages call the table ("[stock]"; blank for the top). Throws Error::input for a key that is
  /// not in `known`, naming the nearest that is.
  TomlTable(const toml::table& table, std::string file, std::string name, const std::vector<std::string>& known);

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] bool is_integer(std::string_view key) const { return table_[key].is_integer(); }

  // Values by key, nothing where the key is absent; Error::input for another type.
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  [[nodiscard]] std::optional<double> number(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  /// A text or a list of texts.
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key) const;
  [[nodiscard]] const toml::table* table(std::string_view key) const;
  /// [[key]] tables in order; empty where there are none.
  [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key) const;

  /// The value, or Error::input saying that the key is missing. `example` shows how to write it: "file = …".
  [[nodiscard]] std::string need_text(std::string_view key, std::string_view example) const;
  /// A text, or a list of texts, out of `known`; Error::input names the nearest.
  [[nodiscard]] std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& known) const;
  [[nodiscard]] std::optional<std::vector<std::string>> choices(std::string_view key,
                                                                const std::vector<std::string>& known) const;

  /// Error::input at the line of `key` (of the table where it has no such key).
  [[nodiscard]] Error error(std::string_view key, const std::string& what) const;
  [[nodiscard]] Error missing(std::string_view key, std::string_view example) const;

 private:
  void check_choice(std::string_view key, const std::string& word, const std::vector<std::string>& known) const;
  template <class T>
  std::optional<T> value(std::string_view key, std::string_view type) const;
  [[nodiscard]] std::string checked_text(const toml::node& node, std::string_view key) const;

  const toml::table& table_;
  std::string file_, name_;
};

}  // namespace sink
