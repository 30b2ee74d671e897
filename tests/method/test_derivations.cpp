// SPDX-License-Identifier: Apache-2.0
// The equations of every method, evaluated from the rows of the parameter table, against its kernel.
#include "method/derivation.hpp"

#include <cmath>
#include <filesystem>

#include "method_case.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

bool agree(double a, double b, double relative) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

/// Every result of the kernel has an equation of the same value.
void check_derivation(const Derivation& derivation, Pixel result) {
  const bool known = std::none_of(result.begin(), result.end(), [](const auto& v) { return std::isnan(v.second); });
  if (!known) {
    CHECK_FALSE(derivation.because().empty());
    for (const auto& step : derivation.steps()) CHECK((std::isnan(step.value) || step.symbol == "BCEF"));
    return;
  }
  CHECK(derivation.because().empty());
  result.erase("volume_class");
  if (result.contains("carbon_above")) result["carbon"] = result["carbon_above"] + result["carbon_below"];
  for (const auto& [name, value] : result) {
    INFO(name);
    const auto derived = derivation.value(name);
    REQUIRE(derived.has_value());
    CHECK(agree(*derived, value, 1e-12));
  }
  // What is printed is what is computed.
  for (const auto& step : derivation.steps()) {
    INFO(step.symbol << " = " << step.equation << " = " << step.numbers);
    std::string numbers = step.numbers;
    if (numbers.find("e-") != std::string::npos || numbers.find("e+") != std::string::npos) continue;
    const auto none = [](const std::string&) { return std::optional<double>(); };
    CHECK(agree(evaluate(numbers, none).value, step.value, 1e-8));
    CHECK_FALSE(step.unit.empty());
  }
  for (const auto& term : derivation.terms()) CHECK_FALSE((term.unit.empty() || term.meaning.empty()));
}

}  // namespace

TEST_CASE("derivations: the equations of every method give what its kernel gives") {
  for (const MethodInfo& info : all_methods()) {
    const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/method/cases/" + std::string(info.name) + ".csv");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Case row(table, i);
      INFO(row.place());
      const Method method = method_of(info, row);
      Pixel inputs = inputs_of(method, row);
      check_derivation(derivation_of(info, row, inputs), run(method, {inputs}).front());
      for (auto& [name, value] : inputs) {
        if (name != layer::forest_type.name && name != layer::landcover.name) value *= 1.7;
      }
      check_derivation(derivation_of(info, row, inputs), run(method, {inputs}).front());
    }
  }
}

TEST_CASE("derivations: what is not known is said, not computed") {
  for (const MethodInfo& info : all_methods()) {
    const CsvTable table = read_csv(std::string(SINK_TESTS_DIR) + "/method/cases/" + std::string(info.name) + ".csv");
    const Case row(table, 0);
    const Method method = method_of(info, row);
    for (const LayerInfo& layer : method.inputs) {
      Pixel pixel = inputs_of(method, row);
      pixel[std::string(layer.name)] = is_class(layer) ? no_class : no_value;
      INFO(row.place() << ", nodata in " << layer.name);
      const Derivation derivation = derivation_of(info, row, pixel);
      CHECK_FALSE(derivation.because().empty());
      CHECK(std::isnan(derivation.value("carbon").value_or(no_value)));
    }
  }
}

TEST_CASE("derivations: equations are read as written") {
  const auto value_of = [](const std::string& name) -> std::optional<double> {
    if (name == "a") return 6;
    if (name == "b_2") return -1.5;
    return std::nullopt;
  };
  CHECK(evaluate("a", value_of).value == 6);
  CHECK(evaluate("2 + a * 3 - 4 / 8", value_of).value == 19.5);
  CHECK(evaluate("(2 + a) * (a - b_2) / 2", value_of).value == 30);
  CHECK(evaluate("a - b_2 - 1", value_of).value == 6.5);
  CHECK(evaluate("a - b_2 - 1", value_of).numbers == "6 - (-1.5) - 1");
  for (const char* wrong : {"", "a +", "(a", "a b_2", "c", "a ^ 2"}) {
    CHECK_THAT(refusal(Error::Kind::internal, [&] { evaluate(wrong, value_of); }), Catch::Contains("the equation"));
  }
}
