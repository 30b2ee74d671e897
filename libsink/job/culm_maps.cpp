// SPDX-License-Identifier: Apache-2.0
#include "job/culm_maps.hpp"

#include <algorithm>
#include <string>

#include "job/run_setup.hpp"
#include "method/bamboo.hpp"

namespace sink {
namespace {

CulmMaps culm_maps(const DateSetup& date) {
  const bool total = date.find(layer::culms.name) != nullptr;
  const Layer<double>* missing = nullptr;
  std::size_t ages = 0;
  for (const Layer<double>* age : culm_layers) {
    if (date.find(age->name) != nullptr) {
      ++ages;
    } else {
      missing = age;
    }
  }
  if (ages == 0) return total ? CulmMaps::total : CulmMaps::none;
  const std::string year = std::to_string(date.year);
  if (total) throw usage_error("both culms and culms by age are given for " + year + ": give one of them");
  if (missing != nullptr) {
    throw usage_error("culms by age are given for " + year + " without " + std::string(missing->name) +
                      ": give culms_age_1, culms_age_3 and culms_age_5, with 0 where a stand has none of an age");
  }
  return CulmMaps::by_age;
}

}  // namespace

CulmMaps culm_maps(const std::vector<DateSetup>& dates) {
  const CulmMaps first = culm_maps(dates.front());
  for (const auto& date : dates) {
    const CulmMaps other = culm_maps(date);
    if (other == first) continue;
    if (first != CulmMaps::none && other != CulmMaps::none) {
      throw usage_error("bamboo culms are given by age for some dates and as one count for others: give one kind");
    }
    throw usage_error("bamboo culms are given for some dates and not for " +
                      std::to_string(first == CulmMaps::none ? dates.front().year : date.year) +
                      ": give them for every date or for none");
  }
  return first;
}

}  // namespace sink
