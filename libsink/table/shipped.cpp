// SPDX-License-Identifier: Apache-2.0
#include "table/shipped.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {
namespace {

constexpr std::string_view legend_prefix = "legend_";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// What a key stands for where a legend does not say.
struct Key {
  std::string land_use, name_en, name_zh;
};

std::map<std::string, Key> shipped_keys() {
  const CsvTable table = shipped_table("keys");
  std::map<std::string, Key> keys;
  for (const auto& row : table.rows) keys[row[0]] = {row[1], row[2], row[3]};
  return keys;
}

CsvTable legend_table(const std::string& name_or_file) {
  const auto names = shipped_legends();
  if (std::find(names.begin(), names.end(), name_or_file) != names.end()) {
    CsvTable table = shipped_table(std::string(legend_prefix) + name_or_file);
    table.file = "legend " + name_or_file;
    return table;
  }
  if (!std::filesystem::exists(name_or_file))
    throw input_error(name_or_file, "no such legend: name a CSV file or one of " + joined(names));
  return read_csv(name_or_file);
}

/// Fills what the row leaves blank from its key.
void complete(LegendRow& row, std::string_view land_use, const std::map<std::string, Key>& keys,
              const ParameterTable& parameters, const std::string& place) {
  const auto key = keys.find(row.key);
  if (!row.key.empty() && key == keys.end() && !parameters.has_key(row.key)) {
    std::vector<std::string> known;
    for (const auto& [name, meaning] : keys) known.push_back(name);
    throw input_error(place, "no such key '" + row.key + "': did you mean " + nearest_name(row.key, known) +
                                 "? A key of your own needs rows in --parameters");
  }
  if (land_use.empty() && key == keys.end())
    throw input_error(place, "code " + row.code + " has no land use and no key that has one: fill in land_use");
  if (key != keys.end()) {
    if (land_use.empty()) land_use = key->second.land_use;
    if (row.name_en.empty()) row.name_en = key->second.name_en;
    if (row.name_zh.empty()) row.name_zh = key->second.name_zh;
  }
  const auto use = land_use_called(land_use);
  if (!use)
    throw input_error(place, "no such land use '" + std::string(land_use) + "': did you mean " +
                                 nearest_name(land_use, {land_use_names().begin(), land_use_names().end()}) + "?");
  row.land_use = *use;
}

/// "#rrggbb" in lower case, or blank.
std::string colour_of(const CsvTable& table, std::size_t row, int column) {
  if (column < 0) return "";
  std::string colour = lower(table.rows[row][static_cast<std::size_t>(column)]);
  const bool six_digits =
      colour.size() == 7 && colour[0] == '#' && colour.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
  if (!colour.empty() && !six_digits)
    throw input_error(table.place(row),
                      "'" + colour + "' is no colour: write #rrggbb, such as #006400, or leave it blank");
  return colour;
}

/// Column of a name in any case, or -1.
int find_any_case(const CsvTable& table, std::string_view name) {
  const auto same = [&](const std::string& have) { return lower(have) == lower(name); };
  const auto at = std::find_if(table.header.begin(), table.header.end(), same);
  return at == table.header.end() ? -1 : static_cast<int>(at - table.header.begin());
}

/// Column of a name in any case: InVEST compares names so.
int column_any_case(const CsvTable& table, std::string_view name) {
  const int found = find_any_case(table, name);
  return found < 0 ? table.column(name) : found;
}

double not_negative(const CsvTable& table, std::size_t row, int column) {
  const double value = table.number(row, column);
  if (value < 0)
    throw input_error(table.place(row), table.header[static_cast<std::size_t>(column)] + " is " + number_text(value) +
                                            ": a carbon density cannot be negative");
  return value;
}

}  // namespace

CsvTable shipped_table(std::string_view name) {
  for (const EmbeddedTable& table : embedded_tables())
    if (table.name == name) return parse_csv(table.text, "shipped " + std::string(name) + ".csv");
  throw Error(Error::Kind::internal, "no table '" + std::string(name) + "' is shipped");
}

std::vector<ParameterRow> parameter_rows(const CsvTable& table) {
  const int key = table.column("key"), parameter = table.column("parameter"), value = table.column("value"),
            unit = table.column("unit"), sd = table.column("sd"), status = table.column("status"),
            source = table.column("source");
  std::vector<ParameterRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto text = [&](int column) { return table.rows[i][static_cast<std::size_t>(column)]; };
    ParameterRow row{text(key), text(parameter), table.number(i, value), text(unit),
                     0,         text(status),    text(source),           table.place(i)};
    if (!text(sd).empty()) {
      row.sd = table.number(i, sd);
    } else if (row.value != 0) {
      row.sd = assumed_relative_sd * std::abs(row.value);
      row.source += row.source.empty() ? "sd 15 % assumed" : "; sd 15 % assumed";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

ParameterTable load_parameters(const std::vector<std::string>& user_files) {
  ParameterTable parameters;
  parameters.add_defaults(parameter_rows(shipped_table("defaults")));
  for (const std::string& file : user_files) parameters.override_with(parameter_rows(read_csv(file)));
  return parameters;
}

std::vector<ParameterRow> alternate_parameters() {
  return parameter_rows(shipped_table("alternates"));
}

std::vector<std::string> shipped_legends() {
  std::vector<std::string> names;
  for (const EmbeddedTable& table : embedded_tables())
    if (table.name.starts_with(legend_prefix)) names.emplace_back(table.name.substr(legend_prefix.size()));
  return names;
}

Legend load_legend(const std::string& name_or_file, const ParameterTable& parameters) {
  const CsvTable table = legend_table(name_or_file);
  const int code = table.column("code"), key = table.column("key"), land_use = table.column("land_use"),
            name_en = table.column("name_en"), name_zh = table.column("name_zh"), colour = table.find("colour");
  const auto keys = shipped_keys();
  std::vector<LegendRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto text = [&](int column) { return table.rows[i][static_cast<std::size_t>(column)]; };
    LegendRow row{text(code), text(key), LandUse::other, text(name_en), text(name_zh), colour_of(table, i, colour)};
    complete(row, text(land_use), keys, parameters, table.place(i));
    rows.push_back(std::move(row));
  }
  return Legend(table.file, std::move(rows));
}

CarbonPools load_carbon_pools(const std::string& file) {
  const CsvTable table = read_csv(file);
  const int code = column_any_case(table, "lucode"), name = column_any_case(table, "LULC_name"),
            above = column_any_case(table, "C_above"), below = column_any_case(table, "C_below"),
            soil = column_any_case(table, "C_soil"), dead = column_any_case(table, "C_dead");
  CarbonPools pools{file, {}};
  std::set<std::int64_t> codes;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double number = table.number(i, code);
    if (number != std::floor(number) || number < 0 || number > static_cast<double>(Legend::max_code))
      throw input_error(table.place(i), "lucode " + number_text(number) +
                                            " is no class code: write a whole number from "
                                            "0 to " +
                                            std::to_string(Legend::max_code));
    const auto lucode = static_cast<std::int64_t>(number);
    if (!codes.insert(lucode).second)
      throw input_error(table.place(i), "lucode " + std::to_string(lucode) + " stands twice: delete one of the rows");
    // InVEST's table has no standard deviations; a blank one is not known.
    const auto sd = [&](const char* name_of_sd) {
      const int at = find_any_case(table, name_of_sd);
      return at < 0 || table.rows[i][static_cast<std::size_t>(at)].empty() ? no_value : not_negative(table, i, at);
    };
    pools.rows.push_back({lucode, table.rows[i][static_cast<std::size_t>(name)], not_negative(table, i, above),
                          not_negative(table, i, below), not_negative(table, i, soil), not_negative(table, i, dead),
                          sd("C_above_sd"), sd("C_below_sd"), sd("C_soil_sd"), sd("C_dead_sd")});
  }
  return pools;
}

BcefGroups shipped_bcef_groups() {
  const CsvTable table = shipped_table("bcef_groups");
  BcefGroups groups;
  for (std::size_t zone = 1; zone < table.header.size(); ++zone)
    for (const auto& row : table.rows) groups[table.header[zone]][row[0]] = row[zone];
  return groups;
}

}  // namespace sink
