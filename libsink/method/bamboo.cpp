// SPDX-License-Identifier: Apache-2.0
#include "method/bamboo.hpp"

namespace sink {

std::array<CulmAgeClass, culm_ages> culm_age_classes(const ParameterTable& parameters, const std::string& key) {
  std::array<CulmAgeClass, culm_ages> classes;
  for (std::size_t i = 0; i < culm_ages; ++i) {
    const std::string age_key = key + "/age_" + std::to_string(culm_ages_yr[i]);
    classes[i] = {parameters.need(age_key, "culm_kg"), parameters.need(age_key, "carbon_fraction")};
  }
  return classes;
}

}  // namespace sink
