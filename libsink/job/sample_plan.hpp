// SPDX-License-Identifier: Apache-2.0
// How many units a sample takes from each stratum, from what a person asked for and what the map turned out to hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "account/sample_size.hpp"
#include "job/sample_draw.hpp"

namespace sink {

/// "NAME=VALUE" pairs and one "VALUE" for all names that are not listed.
class NamedNumbers {
 public:
  /// `option` is the option's name, for messages. Throws Error::usage.
  NamedNumbers(std::string option, const std::vector<std::string>& texts);
  [[nodiscard]] bool given() const noexcept { return rest_.has_value() || !named_.empty(); }
  [[nodiscard]] double largest() const noexcept;
  /// All values, that for the rest among them.
  [[nodiscard]] std::vector<double> values() const;
  /// The value of the first of `names` that has one, else that for the rest. Throws Error::usage where there is none.
  [[nodiscard]] double at(const std::vector<std::string>& names) const;
  /// Throws Error::usage for a name that is not among `known`.
  void demand_known(const std::vector<std::string>& known) const;

 private:
  std::string option_;
  std::vector<std::pair<std::string, double>> named_;
  std::optional<double> rest_;
};

/// Throws Error::usage for a job that says how many units in no way, in several, or with impossible numbers.
void check_sample_job(const SampleJob& job);

/// No stratum can get more units than this: what the pass must keep of each.
std::int64_t most_units_per_stratum(const SampleJob& job);

/// A stratum as the options name it.
struct NamedStratum {
  std::string name, map_class;  ///< "350702/11" and "11"; the same without zones
  double weight = 0;            ///< share of the area
  std::int64_t pixels = 0;
};

/// Units per stratum; adds what a reader should know to `warnings`. Throws Error::usage.
std::vector<std::int64_t> units_per_stratum(const SampleJob& job, const std::vector<NamedStratum>& strata,
                                            std::vector<std::string>& warnings);

}  // namespace sink
