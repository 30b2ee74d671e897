// SPDX-License-Identifier: Apache-2.0
#include "core/quantity.hpp"

#include <type_traits>

#include "support/catch.hpp"

using namespace sink;

TEST_CASE("a density times an area is a mass, a mass over an area a density") {
  const CarbonMass mass = CarbonDensity(40) * Hectares(2.5);
  CHECK(mass.value() == 100);
  CHECK((Hectares(2.5) * CarbonDensity(40)).value() == 100);
  const CarbonDensity density = mass / Hectares(2.5);
  CHECK(density.value() == 40);
  const Co2FluxDensity rate = Co2Density(10) / Years(5);
  CHECK(rate.value() == 2);
  const Co2Flux flux = rate * Hectares(3);
  CHECK(flux.value() == 6);
}

TEST_CASE("only named functions cross from substance to substance") {
  CHECK(to_carbon(BiomassDensity(100), 0.5).value() == 50);
  CHECK(to_co2(CarbonMass(12)).value() == Approx(44));
  static_assert(std::is_same_v<decltype(to_co2(CarbonDensity(1))), Co2Density>);
  static_assert(!std::is_convertible_v<double, CarbonMass>);
  static_assert(!std::is_constructible_v<CarbonMass, BiomassMass>);
  static_assert(sizeof(CarbonMass) == sizeof(double));
}

TEST_CASE("quantities add, scale and compare") {
  CarbonMass sum(1);
  sum += CarbonMass(2);
  sum -= CarbonMass(0.5);
  CHECK(sum.value() == 2.5);
  CHECK((2 * sum / 5).value() == 1);
  CHECK(-sum < CarbonMass());
  CHECK(sum == CarbonMass(2.5));
}
