// SPDX-License-Identifier: Apache-2.0
#include "method/derivation.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "core/error.hpp"

namespace sink {
namespace {

/// Reads an equation from left to right; * and / before + and -.
class Reader {
 public:
  Reader(std::string_view text, const std::function<std::optional<double>(const std::string&)>& value_of)
      : text_(text), value_of_(value_of) {}

  Evaluated whole() {
    const double value = sum();
    if (at_ != text_.size()) throw fault("has something after its end");
    return {numbers_, value};
  }

 private:
  double sum() {
    double value = product();
    for (char sign = next(); sign == '+' || sign == '-'; sign = next()) {
      take(1);
      const double more = product();
      value = sign == '+' ? value + more : value - more;
    }
    return value;
  }
  double product() {
    double value = factor();
    for (char sign = next(); sign == '*' || sign == '/'; sign = next()) {
      take(1);
      const double more = factor();
      value = sign == '*' ? value * more : value / more;
    }
    return value;
  }
  double factor() {
    const char first = next();
    if (first == '(') {
      take(1);
      const double value = sum();
      if (next() != ')') throw fault("lacks a closing parenthesis");
      take(1);
      return value;
    }
    std::size_t end = at_;
    const auto goes_on = [&](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    };
    while (end < text_.size() && goes_on(text_[end])) ++end;
    const std::string word(text_.substr(at_, end - at_));
    if (word.empty()) throw fault("has no number or name where one is due");
    at_ = end;
    if (std::isdigit(static_cast<unsigned char>(first)) != 0) {
      numbers_ += word;
      return std::stod(word);
    }
    const auto value = value_of_(word);
    if (!value) throw fault("has the unknown name '" + word + "'");
    // A negative number after a sign is read wrongly without parentheses.
    numbers_ += *value < 0 && !numbers_.empty() ? "(" + digits(*value) + ")" : digits(*value);
    return *value;
  }
  char next() {
    while (at_ < text_.size() && text_[at_] == ' ') take(1);
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void take(std::size_t n) {
    numbers_ += text_.substr(at_, n);
    at_ += n;
  }
  [[nodiscard]] Error fault(const std::string& what) const {
    return Error(Error::Kind::internal, "the equation '" + std::string(text_) + "' " + what);
  }

  std::string_view text_;
  const std::function<std::optional<double>(const std::string&)>& value_of_;
  std::size_t at_ = 0;
  std::string numbers_;
};

}  // namespace

Evaluated evaluate(std::string_view equation,
                   const std::function<std::optional<double>(const std::string& name)>& value_of) {
  return Reader(equation, value_of).whole();
}

std::string digits(double value) {
  if (std::isnan(value)) return "nodata";
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.10g", value);
  return {text.data(), static_cast<std::size_t>(length)};
}

void Derivation::measure(const std::string& symbol, const LayerInfo& layer, const PixelInputs& pixel) {
  const double value = pixel.measure(layer);
  const std::string meaning(layer.meaning);
  number(symbol, value >= 0 ? value : no_value, std::string(layer.unit), meaning);
  if (std::isnan(value)) nothing(meaning + " is not known");
  if (value < 0) nothing(meaning + " is negative, which cannot be");
}

void Derivation::parameter(const std::string& symbol, const ParameterTable& parameters, std::string_view key,
                           std::string_view name) {
  const ParameterRow* row = parameters.row(key, name);
  if (row == nullptr) {
    nothing("no parameter " + std::string(name) + " of " + (key.empty() ? "a class without a key" : std::string(key)));
    return number(symbol, no_value, "", std::string(name));
  }
  terms_.push_back({symbol, row->value, row->unit, std::string(name), *row});
}

void Derivation::number(const std::string& symbol, double value, std::string unit, std::string meaning) {
  terms_.push_back({symbol, value, std::move(unit), std::move(meaning), std::nullopt});
}

void Derivation::root_shoot_or_none(const ParameterTable& parameters, std::string_view key) {
  if (parameters.has(key, "root_shoot")) return parameter("R", parameters, key, "root_shoot");
  number("R", 0, "1", "no root_shoot of this class: all of the plant counts as above ground");
}

void Derivation::step(const std::string& symbol, const std::string& equation, const std::string& unit) {
  const Evaluated result = evaluate(equation, [this](const std::string& name) { return value(name); });
  steps_.push_back({symbol, equation, result.numbers, unit, result.value});
}

void Derivation::living_carbon() {
  step("carbon_above", "agb * CF", "t C/ha");
  step("carbon_below", "bgb * CF", "t C/ha");
  step("carbon", "carbon_above + carbon_below", "t C/ha");
}

void Derivation::split() {
  step("agb", "biomass / (1 + R)", "t d.m./ha");
  step("bgb", "biomass - agb", "t d.m./ha");
}

std::optional<double> Derivation::value(const std::string& symbol) const {
  const auto is_it = [&](const auto& entry) { return entry.symbol == symbol; };
  if (const auto step = std::find_if(steps_.begin(), steps_.end(), is_it); step != steps_.end()) return step->value;
  if (const auto term = std::find_if(terms_.begin(), terms_.end(), is_it); term != terms_.end()) return term->value;
  return std::nullopt;
}

}  // namespace sink
