// SPDX-License-Identifier: Apache-2.0
// ChangeCarbon: where the carbon of changes comes from, made ready: carbon maps, or densities by class, or both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "account/change_carbon.hpp"
#include "core/parameters.hpp"
#include "job/class_maps.hpp"

namespace sink {

/// What a person gives; all blank: no carbon.
struct ChangeCarbonInputs {
  std::vector<std::string> stocks;      ///< living biomass [t C/ha]: one map per date, or one per interval (before)
  std::string densities;                ///< InVEST pools table; blank: the parameters of the classes' keys
  std::vector<std::string> accuracies;  ///< accuracy.csv of each interval's change map; blank: none
};

class ChangeCarbon {
 public:
  /// Throws Error::usage and Error::input: another number of maps, no way to know what a new class holds, a raster on
  /// another grid, a table that cannot be meant.
  ChangeCarbon(const ChangeCarbonInputs& inputs, const ClassMaps& maps);

  [[nodiscard]] const ChangeCarbonInputs& inputs() const noexcept { return inputs_; }
  [[nodiscard]] bool given() const noexcept { return !inputs_.stocks.empty() || !inputs_.densities.empty(); }
  /// Whether every date has a carbon map; else the maps are of the interval's start.
  [[nodiscard]] bool per_date() const noexcept { return inputs_.stocks.size() == dates_; }
  /// Files read, of all of it.
  [[nodiscard]] std::vector<std::string> files() const;
  /// What classes hold where no map says it.
  [[nodiscard]] const std::vector<ClassCarbon>& classes() const noexcept { return classes_; }

  /// Sets the carbon of an interval's columns; `stocks` are a window's carbon maps.
  void set_columns(std::size_t interval, const std::vector<std::vector<double>>& stocks, ChangeColumns& columns) const;
  [[nodiscard]] TransitionCarbon of(ClassIndex from, ClassIndex to, const ChangeCell& cell) const;
  /// By the table alone, per hectare: a transition that the map does not have. Nothing without a table.
  [[nodiscard]] TransitionCarbon per_hectare(ClassIndex from, ClassIndex to) const;

  /// Throws Error::input where a class that occurs (1 by place) has no row in the table.
  void demand_rows(const std::vector<std::uint8_t>& classes_seen) const;
  /// The parameters that stand behind the densities of the classes that occur; none where a table does.
  [[nodiscard]] std::vector<ParameterRow> parameters_of(const std::vector<std::uint8_t>& classes_seen) const;
  /// What is taken for granted, in sentences.
  [[nodiscard]] std::vector<std::string> assumptions() const;

 private:
  void load_classes(const ClassMaps& maps);
  ChangeCarbonInputs inputs_;
  std::size_t dates_;
  Legend legend_;
  ParameterTable parameters_;
  std::vector<ClassCarbon> classes_;
  /// By class: where its density stands for a map that is silent, before and after.
  std::vector<std::uint8_t> before_of_class_, after_of_class_;
};

}  // namespace sink
