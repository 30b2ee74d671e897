// SPDX-License-Identifier: Apache-2.0
#include "job/toml_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/nearest_name.hpp"

namespace sink {
namespace {

std::string place(const std::string& file, const toml::source_region& where) {
  return where.begin ? file + ":" + std::to_string(where.begin.line) : file;
}

}  // namespace

TomlTable::TomlTable(const toml::table& table, std::string file, std::string name,
                     const std::vector<std::string>& known)
    : table_(table), file_(std::move(file)), name_(std::move(name)) {
  // The library keeps keys sorted: the first wrong one in the file is the one to name.
  const toml::key* unknown = nullptr;
  for (const auto& [key, node] : table_) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    if (!unknown || key.source().begin < unknown->source().begin) unknown = &key;
  }
  if (!unknown) return;
  const std::string where = name_.empty() ? "" : " in " + name_;
  throw input_error(place(file_, unknown->source()), "unknown key '" + std::string(unknown->str()) + "'" + where +
                                                         ": the nearest known one is '" +
                                                         nearest_name(unknown->str(), known) + "'");
}

Error TomlTable::error(std::string_view key, const std::string& what) const {
  const toml::node* node = table_.get(key);
  return input_error(place(file_, node ? node->source() : table_.source()), what);
}

Error TomlTable::missing(std::string_view key, std::string_view example) const {
  const std::string where = name_.empty() ? "the inventory" : name_;
  return error(key, where + " has no '" + std::string(key) + "': add a line such as " + std::string(example));
}

template <class T>
std::optional<T> TomlTable::value(std::string_view key, std::string_view type) const {
  const toml::node* node = table_.get(key);
  if (!node) return std::nullopt;
  if (const auto exact = node->value_exact<T>()) return exact;
  throw error(key, "'" + std::string(key) + "' must be " + std::string(type));
}

std::string TomlTable::checked_text(const toml::node& node, std::string_view key) const {
  const std::string text = node.ref<std::string>();
  // Control characters would cut a path short or garble a terminal.
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    throw error(key, "'" + std::string(key) + "' holds a control character: write it as plain text");
  }
  return text;
}

std::optional<std::string> TomlTable::text(std::string_view key) const {
  if (!value<std::string>(key, "a text in quotes")) return std::nullopt;
  std::string text = checked_text(*table_.get(key), key);
  if (text.empty()) throw error(key, "'" + std::string(key) + "' is blank: give it a value or leave the line out");
  return text;
}

std::optional<double> TomlTable::number(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (node && node->is_integer()) return static_cast<double>(node->ref<std::int64_t>());
  const auto number = value<double>(key, "a number");
  if (number && !std::isfinite(*number)) throw error(key, "'" + std::string(key) + "' must be a finite number");
  return number;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key) const {
  return value<std::int64_t>(key, "a whole number");
}

std::optional<bool> TomlTable::boolean(std::string_view key) const {
  return value<bool>(key, "true or false");
}

std::optional<std::vector<std::string>> TomlTable::texts(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (!node) return std::nullopt;
  if (node->is_string()) return std::vector<std::string>{*text(key)};
  const toml::array* list = node->as_array();
  if (!list || list->empty() || !list->is_homogeneous<std::string>()) {
    throw error(key, "'" + std::string(key) + "' must be a text in quotes or a list of such");
  }
  std::vector<std::string> texts;
  for (const toml::node& entry : *list) texts.push_back(checked_text(entry, key));
  for (const std::string& text : texts) {
    if (text.empty()) throw error(key, "'" + std::string(key) + "' has a blank entry: take it out");
    if (std::count(texts.begin(), texts.end(), text) > 1) {
      throw error(key, "'" + std::string(key) + "' lists '" + text + "' twice: take one out");
    }
  }
  return texts;
}

const toml::table* TomlTable::table(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (node && !node->is_table())
    throw error(key, "'" + std::string(key) + "' must be one table: [" + std::string(key) + "]");
  return node ? node->as_table() : nullptr;
}

std::vector<const toml::table*> TomlTable::tables(std::string_view key) const {
  const toml::node* node = table_.get(key);
  std::vector<const toml::table*> tables;
  if (!node) return tables;
  const toml::array* list = node->as_array();
  if (!list || !list->is_homogeneous<toml::table>()) {
    throw error(key, "'" + std::string(key) + "' must be a list of tables, each under [[" + std::string(key) + "]]");
  }
  for (const toml::node& entry : *list) tables.push_back(entry.as_table());
  return tables;
}

std::string TomlTable::need_text(std::string_view key, std::string_view example) const {
  auto found = text(key);
  if (!found) throw missing(key, example);
  return *std::move(found);
}

void TomlTable::check_choice(std::string_view key, const std::string& word,
                             const std::vector<std::string>& known) const {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  std::string list;
  for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
  throw error(key, "'" + std::string(key) + "' cannot be '" + word + "', the nearest is '" + nearest_name(word, known) +
                       "': choose from " + list);
}

std::optional<std::string> TomlTable::choice(std::string_view key, const std::vector<std::string>& known) const {
  auto word = text(key);
  if (word) check_choice(key, *word, known);
  return word;
}

std::optional<std::vector<std::string>> TomlTable::choices(std::string_view key,
                                                           const std::vector<std::string>& known) const {
  auto words = texts(key);
  if (words) {
    for (const std::string& word : *words) check_choice(key, word, known);
  }
  return words;
}

}  // namespace sink
