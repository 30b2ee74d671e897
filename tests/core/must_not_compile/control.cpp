// SPDX-License-Identifier: Apache-2.0
// The same operations where they are allowed: shows that the others fail for the reason they should.
#include "core/quantity.hpp"

double total() {
  return (sink::CarbonDensity(100) + sink::CarbonDensity(50)).value();
}
double product() {
  return (sink::CarbonDensity(100) * sink::Hectares(50)).value();
}
