// SPDX-License-Identifier: Apache-2.0
#include "core/quantity.hpp"

double product() {
  return (sink::CarbonDensity(100) * sink::CarbonDensity(50)).value();
}
