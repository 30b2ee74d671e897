// SPDX-License-Identifier: Apache-2.0
// What a job says of growth: which curves, how they are laid through the observed stock, and how far to project.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "method/growth.hpp"

namespace sink {

struct GrowthOptions {
  std::string set;     ///< of growth rows in the parameter table; blank: none
  std::string curves;  ///< CSV `key,age,biomass`; blank: none
  Anchor anchor = Anchor::ratio;
  std::map<std::string, std::string> like;  ///< key -> the key whose curve it takes
};

struct ProjectionOptions {
  int from = 0, to = 0;      ///< `from` is the year of a date; 0: the last
  bool every_year = false;   ///< rasters of every year
  std::vector<int> rasters;  ///< years that get rasters
};

}  // namespace sink
