// SPDX-License-Identifier: Apache-2.0
#include "job/sample_plan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "account/area_accuracy.hpp"
#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double most_units = 1e7;  ///< more than anybody labels: a slip of the keyboard

double number_of(const std::string& option, const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end && std::isfinite(value)) return value;
  throw usage_error(option + ": '" + text + "' is no number: write CLASS=VALUE, or VALUE for all");
}

bool proportion(double value) {
  return value >= 0 && value <= 1;
}

bool whole_number(double value) {
  return value >= 1 && value <= most_units && value == std::floor(value);
}

NamedNumbers expected_of(const SampleJob& job) {
  return {"--expected-ua", job.expected_ua};
}

NamedNumbers numbers_of(const SampleJob& job) {
  return {"--n-per-stratum", job.per_stratum};
}

void warn_of_whole_strata(const std::vector<NamedStratum>& strata, const std::vector<std::int64_t>& units,
                          std::vector<std::string>& warnings) {
  for (std::size_t h = 0; h < strata.size(); ++h) {
    if (units[h] < strata[h].pixels) continue;
    warnings.push_back("stratum " + strata[h].name + " has only " + std::to_string(strata[h].pixels) +
                       (strata[h].pixels == 1 ? " pixel: it is in the sample" : " pixels: all are in the sample"));
  }
}

}  // namespace

NamedNumbers::NamedNumbers(std::string option, const std::vector<std::string>& texts) : option_(std::move(option)) {
  for (const std::string& text : texts) {
    const auto equals = text.rfind('=');
    const double value = number_of(option_, equals == std::string::npos ? text : text.substr(equals + 1));
    if (equals == std::string::npos) {
      if (rest_) throw usage_error(option_ + ": two values for all strata: give one");
      rest_ = value;
      continue;
    }
    const std::string name = plain_code(text.substr(0, equals));
    for (const auto& [other, unused] : named_) {
      if (other == name) throw usage_error(option_ + ": '" + name + "' is given twice: give it once");
    }
    named_.emplace_back(name, value);
  }
}

double NamedNumbers::largest() const noexcept {
  double most = rest_.value_or(0);
  for (const auto& [unused, value] : named_) most = std::max(most, value);
  return most;
}

std::vector<double> NamedNumbers::values() const {
  std::vector<double> values;
  if (rest_) values.push_back(*rest_);
  for (const auto& [unused, value] : named_) values.push_back(value);
  return values;
}

double NamedNumbers::at(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    for (const auto& [known, value] : named_) {
      if (known == name) return value;
    }
  }
  if (rest_) return *rest_;
  throw usage_error(option_ + ": no value for '" + names.back() + "', which the map has: add " + names.back() +
                    "=VALUE, or a VALUE for all the others");
}

void NamedNumbers::demand_known(const std::vector<std::string>& known) const {
  for (const auto& [name, unused] : named_) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw usage_error(option_ + ": the map has no class '" + name + "': the nearest is '" + nearest_name(name, known) +
                      "'");
  }
}

void check_sample_job(const SampleJob& job) {
  const NamedNumbers numbers = numbers_of(job), expected = expected_of(job);
  const int ways = (job.n != 0 ? 1 : 0) + (numbers.given() ? 1 : 0) + (job.se_overall != 0 ? 1 : 0);
  if (ways != 1) {
    throw usage_error(std::string(ways == 0 ? "how many units" : "too many wishes") +
                      ": give one of --n, --n-per-stratum and --se-overall");
  }
  if (job.zones.size() > 1) throw usage_error("--zones: strata take one set of zones: give one");
  if (job.n != 0 && !whole_number(static_cast<double>(job.n))) {
    throw usage_error("--n: a sample has 1 to 10000000 units");
  }
  if (job.design == SampleJob::Design::systematic && job.n == 0) {
    throw usage_error("--design systematic: give --n, from which the spacing of the grid follows");
  }
  for (const double value : numbers.values()) {
    if (!whole_number(value)) throw usage_error("--n-per-stratum: give whole numbers from 1 to 10000000");
  }
  for (const double value : expected.values()) {
    if (!proportion(value)) throw usage_error("--expected-ua: an accuracy lies between 0 and 1: give 0.8");
  }
  if (job.at_least < 2 || job.at_least > 1000000) {
    throw usage_error("--min: a stratum needs at least 2 units for a variance: give 2 to 1000000");
  }
  const bool by_accuracy = job.se_overall != 0 || (job.n != 0 && job.allocation == Allocation::neyman);
  if (by_accuracy && !expected.given()) {
    throw usage_error("--expected-ua: needed for --se-overall and --allocation neyman: give CLASS=0.8 for each class");
  }
  if (!(job.se_overall >= 0 && job.se_overall < 0.5)) {
    throw usage_error("--se-overall: a standard error of the overall accuracy lies between 0 and 0.5: give 0.01");
  }
  if (job.se_overall != 0 && 0.25 / (job.se_overall * job.se_overall) > most_units) {
    throw usage_error("--se-overall: this would take more than 10000000 units: give 0.01");
  }
}

std::int64_t most_units_per_stratum(const SampleJob& job) {
  if (job.n != 0) return job.n;
  if (job.se_overall == 0) return static_cast<std::int64_t>(numbers_of(job).largest());
  double variance = 0;
  for (const double u : expected_of(job).values()) variance = std::max(variance, u * (1 - u));
  // n = (sum W S / SE)^2 is not known before the areas are, but never more than this.
  return std::max(job.at_least, static_cast<std::int64_t>(std::ceil(variance / (job.se_overall * job.se_overall))) + 1);
}

std::vector<std::int64_t> units_per_stratum(const SampleJob& job, const std::vector<NamedStratum>& strata,
                                            std::vector<std::string>& warnings) {
  const NamedNumbers numbers = numbers_of(job), expected = expected_of(job);
  std::vector<std::string> known;
  std::vector<PlannedStratum> planned;
  for (const NamedStratum& stratum : strata) {
    known.push_back(stratum.name);
    if (stratum.map_class != stratum.name) known.push_back(stratum.map_class);
    const double accuracy = expected.given() ? expected.at({stratum.name, stratum.map_class}) : 0.5;
    planned.push_back({stratum.name, stratum.weight, accuracy, stratum.pixels});
  }
  numbers.demand_known(known);
  expected.demand_known(known);
  std::vector<std::int64_t> units;
  if (numbers.given()) {
    for (const NamedStratum& stratum : strata) {
      const auto wanted = static_cast<std::int64_t>(numbers.at({stratum.name, stratum.map_class}));
      units.push_back(std::min(wanted, stratum.pixels));
    }
  } else {
    std::int64_t n = job.n, least = 0, most = 0;
    for (const PlannedStratum& stratum : planned) {
      least += std::min(job.at_least, stratum.units);
      most += stratum.units;
    }
    if (job.se_overall != 0) {
      const double exact = sample_size(planned, job.se_overall);
      n = static_cast<std::int64_t>(std::ceil(exact - 1e-9));
      if (n < least || n > most) {
        warnings.push_back("--se-overall asks for " + std::to_string(n) + " units; the minimum per stratum and the " +
                           "size of the map make it " + std::to_string(std::clamp(n, least, most)));
        n = std::clamp(n, least, most);
      }
    }
    units = allocate(planned, job.allocation, n, job.at_least);
  }
  warn_of_whole_strata(strata, units, warnings);
  return units;
}

}  // namespace sink
