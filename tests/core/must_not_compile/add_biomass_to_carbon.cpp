// SPDX-License-Identifier: Apache-2.0
#include "core/quantity.hpp"

double total() {
  return (sink::BiomassDensity(100) + sink::CarbonDensity(50)).value();
}
