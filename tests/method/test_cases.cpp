// SPDX-License-Identifier: Apache-2.0
// Runs every file of tests/method/cases, and the laws that hold for every method unasked.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/quantity.hpp"
#include "method_case.hpp"
#include "support/catch.hpp"
#include "table/shipped.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

const std::filesystem::path cases_directory = std::filesystem::path(SINK_TESTS_DIR) / "method" / "cases";

std::string case_file(const MethodInfo& info) {
  return (cases_directory / (std::string(info.name) + ".csv")).string();
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const Pixel& a, const Pixel& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

bool all_nan(const Pixel& result) {
  return std::all_of(result.begin(), result.end(), [](const auto& value) { return std::isnan(value.second); });
}

/// The unit that a column must have, or nothing for a column without one.
std::map<std::string, std::string> units_of(const Method& method) {
  std::map<std::string, std::string> units = {
      {"biomass", "t d.m./ha"}, {"carbon", "t C/ha"}, {"co2", "t CO2/ha"}, {"all_pools", "t C/ha"}};
  for (const ParameterKind& kind : parameter_kinds()) units[std::string(kind.name)] = kind.unit;
  for (const auto& layers : {method.inputs, method.outputs})
    for (const LayerInfo& layer : layers) units[std::string(layer.name)] = layer.unit;
  return units;
}

std::string without_change(const std::string& name) {
  const auto at = name.rfind("_change");
  return at == std::string::npos ? name : name.substr(0, at);
}

void check_row(const CsvTable& table, const Case& row, const Method& method, const Pixel& result,
               const std::map<std::string, Pixel>& earlier) {
  for (const std::string& header : table.header) {
    const std::string column = ColumnName(header).name, name = without_change(column);
    const bool is_input = std::any_of(method.inputs.begin(), method.inputs.end(),
                                      [&](const LayerInfo& layer) { return layer.name == column; });
    if (is_input || !result.contains(name) || !row.has(column)) continue;
    const double value = column == name ? result.at(name) : result.at(name) - earlier.at(row.text("since")).at(name);
    INFO(column << " is " << number_text(value) << ", expected " << row.text(column));
    CHECK(row.agrees(value, row.number(column)));
  }
}

/// Calls `action(row, method, inputs)` for every case of a method.
template <class Action>
void for_cases(const MethodInfo& info, const Action& action) {
  const CsvTable table = read_csv(case_file(info));
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Case row(table, i);
    INFO(row.place());
    const Method method = method_of(info, row);
    action(row, method, inputs_of(method, row));
  }
}

}  // namespace

TEST_CASE("every method has a case file, and every case file a method") {
  std::set<std::string> files, methods;
  for (const auto& entry : std::filesystem::directory_iterator(cases_directory)) files.insert(entry.path().stem());
  for (const MethodInfo& info : all_methods()) methods.emplace(info.name);
  CHECK(files == methods);
}

TEST_CASE("case files agree with the methods") {
  for (const MethodInfo& info : all_methods()) {
    const CsvTable table = read_csv(case_file(info));
    std::map<std::string, Pixel> results;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Case row(table, i);
      INFO(row.place());
      const Method method = method_of(info, row);
      Pixel result = run(method, {inputs_of(method, row)}).front();
      if (row.has("with"))
        for (auto& [name, value] : result) value += results.at(row.text("with")).at(name);
      add_sums(result);
      check_row(table, row, method, result, results);
      CHECK(row.has("source"));
      results[row.text("case")] = result;
    }
  }
}

TEST_CASE("units of case files are those of the layers") {
  for (const MethodInfo& info : all_methods()) {
    const auto units = units_of(shape_of(info));
    for (const std::string& header : read_csv(case_file(info)).header) {
      const ColumnName column(header);
      const auto unit = units.find(without_change(column.name));
      INFO(case_file(info) << ": " << header);
      CHECK(column.unit == (unit == units.end() ? "" : unit->second));
    }
  }
}

TEST_CASE("nodata in any input gives nodata in every output") {
  for (const MethodInfo& info : all_methods())
    for_cases(info, [](const Case&, const Method& method, const Pixel& inputs) {
      for (const LayerInfo& layer : method.inputs) {
        Pixel pixel = inputs;
        pixel[std::string(layer.name)] = is_class(layer) ? no_class : no_value;
        INFO("nodata in " << layer.name);
        CHECK(all_nan(run(method, {pixel}).front()));
      }
    });
}

TEST_CASE("a block of 1025 pixels equals 1025 blocks of one") {
  for (const MethodInfo& info : all_methods())
    for_cases(info, [](const Case&, const Method& method, const Pixel& inputs) {
      std::vector<Pixel> pixels(1025, inputs);
      for (std::size_t p = 0; p < pixels.size(); ++p)
        for (const LayerInfo& layer : method.inputs) {
          double& value = pixels[p].at(std::string(layer.name));
          if (is_class(layer))
            value = p % 17 == 16 ? no_class : value;
          else
            value *= static_cast<double>(p % 13);
        }
      const auto together = run(method, pixels);
      std::size_t differing = 0;
      for (std::size_t p = 0; p < pixels.size(); ++p)
        differing += same(run(method, {pixels[p]}).front(), together[p]) ? 0 : 1;
      CHECK(differing == 0);
      const auto filled = run(method, pixels, Write::gaps, no_value);
      CHECK(std::equal(filled.begin(), filled.end(), together.begin(),
                       [](const Pixel& a, const Pixel& b) { return same(a, b); }));
    });
}

TEST_CASE("filling gaps leaves what is there") {
  for (const MethodInfo& info : all_methods())
    for_cases(info, [](const Case&, const Method& method, const Pixel& inputs) {
      const Pixel result = run(method, {inputs}, Write::gaps, 7).front();
      for (const auto& [name, value] : result) CHECK(value == 7);
    });
}
