// SPDX-License-Identifier: Apache-2.0
#include "method/bamboo.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/error.hpp"
#include "core/nodata.hpp"

namespace sink {
namespace {

constexpr double kg_per_t = 1000;

}  // namespace

std::vector<CulmAgeClass> culm_age_classes(const ParameterTable& parameters, std::string_view key) {
  const std::string prefix = std::string(key) + "/age_";
  std::vector<CulmAgeClass> classes;
  for (const ParameterRow& row : parameters.rows()) {
    if (row.parameter != "culm_kg" || !row.key.starts_with(prefix)) continue;
    CulmAgeClass age;
    const char* const begin = row.key.data() + prefix.size();
    const char* const end = row.key.data() + row.key.size();
    if (const auto read = std::from_chars(begin, end, age.age_yr); read.ec != std::errc() || read.ptr != end)
      throw input_error(row.origin, "the key '" + row.key + "' has no age in years: write " + prefix + "3");
    age.culm_kg = parameters.need(row.key, "culm_kg");
    age.carbon_fraction = parameters.need(row.key, "carbon_fraction");
    classes.push_back(age);
  }
  if (classes.empty()) static_cast<void>(parameters.need(prefix + "1", "culm_kg"));  // says which row to add
  std::sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) { return a.age_yr < b.age_yr; });
  return classes;
}

BambooStock bamboo_stock(std::span<const CulmAgeClass> classes, std::span<const double> culms_per_ha) {
  if (classes.size() != culms_per_ha.size())
    throw usage_error("bamboo has " + std::to_string(classes.size()) + " age classes and " +
                      std::to_string(culms_per_ha.size()) + " counts of culms: give one a class");
  BambooStock stock;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double culms = culms_per_ha[i] >= 0 ? culms_per_ha[i] : no_value;
    const double biomass_t_ha = culms * classes[i].culm_kg / kg_per_t;
    stock.biomass_t_ha += biomass_t_ha;
    stock.carbon_tc_ha += biomass_t_ha * classes[i].carbon_fraction;
  }
  return stock;
}

}  // namespace sink
