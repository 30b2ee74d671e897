// SPDX-License-Identifier: Apache-2.0
// Derivation: how a method comes to its numbers at one pixel, in equations, for `sinkcalc explain`. Each method brings
// its own beside its kernel (`derive_NAME`). An equation is evaluated from the rows of the parameter table and not from
// the kernel, so that the two are held against each other.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer.hpp"
#include "core/legend.hpp"
#include "core/nodata.hpp"
#include "core/parameters.hpp"

namespace sink {

/// What the maps say of one pixel at one date. Classes are places in the legends of the setup.
struct PixelInputs {
  ClassIndex forest_type = no_class, landcover = no_class;
  std::map<std::string, double> measures;  ///< by layer name; NaN or absent where not known
  [[nodiscard]] double measure(const LayerInfo& layer) const {
    const auto found = measures.find(std::string(layer.name));
    return found == measures.end() ? no_value : found->second;
  }
};

/// An equation with its symbols replaced by numbers, and its value.
struct Evaluated {
  std::string numbers;
  double value = no_value;
};
/// `equation` is made of names, numbers, + - * / and parentheses. Throws Error::internal for anything else, and for a
/// name that `value_of` does not know (nothing).
Evaluated evaluate(std::string_view equation,
                   const std::function<std::optional<double>(const std::string& name)>& value_of);

/// A number as a person reads it in an equation: ten digits.
std::string digits(double value);

class Derivation {
 public:
  /// What an equation starts from.
  struct Term {
    std::string symbol;
    double value = no_value;
    std::string unit, meaning;
    std::optional<ParameterRow> row;  ///< of the parameter table, where it comes from there
  };
  /// One equation; `symbol` is a name of a layer wherever it is a result.
  struct Step {
    std::string symbol, equation, numbers, unit;
    double value = no_value;
  };

  /// The value of an input layer.
  void measure(const std::string& symbol, const LayerInfo& layer, const PixelInputs& pixel);
  /// A row of the parameter table. A row that is not there leaves the value unknown.
  void parameter(const std::string& symbol, const ParameterTable& parameters, std::string_view key,
                 std::string_view name);
  void number(const std::string& symbol, double value, std::string unit, std::string meaning);
  /// root:shoot of a class that may lack one: all of the plant is then above ground.
  void root_shoot_or_none(const ParameterTable& parameters, std::string_view key);
  void step(const std::string& symbol, const std::string& equation, const std::string& unit);
  /// carbon_above, carbon_below and carbon from agb, bgb and CF.
  void living_carbon();
  /// agb and bgb from a whole plant's `biomass` and R.
  void split();
  /// Why the method has nothing to say here; the first reason stays.
  void nothing(const std::string& why) {
    if (because_.empty()) because_ = why;
  }

  [[nodiscard]] const std::vector<Term>& terms() const noexcept { return terms_; }
  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  [[nodiscard]] const std::string& because() const noexcept { return because_; }
  /// The value of a step or a term; nothing where there is none of that name.
  [[nodiscard]] std::optional<double> value(const std::string& symbol) const;

 private:
  std::vector<Term> terms_;
  std::vector<Step> steps_;
  std::string because_;
};

}  // namespace sink
