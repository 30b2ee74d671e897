// SPDX-License-Identifier: Apache-2.0
// Quantity: what kind of number is this? A double with a substance and exponents of mass [t], area [ha] and time
// [yr]. Adding needs one type; multiplying adds exponents; only named functions cross from substance to substance.
#pragma once

#include <compare>
#include <type_traits>

namespace sink {

struct Biomass {};  ///< dry matter
struct Carbon {};
struct CarbonDioxide {};
struct NoSubstance {};  ///< area, time, plain numbers

template <class Substance, int Mass, int Area, int Time>
class Quantity {
 public:
  constexpr Quantity() = default;
  explicit constexpr Quantity(double value) : value_(value) {}
  /// The number in t, ha and yr.
  [[nodiscard]] constexpr double value() const noexcept { return value_; }

  constexpr Quantity& operator+=(Quantity other) noexcept { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) noexcept { return *this = *this - other; }
  friend constexpr Quantity operator+(Quantity a, Quantity b) noexcept { return Quantity(a.value_ + b.value_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) noexcept { return Quantity(a.value_ - b.value_); }
  friend constexpr Quantity operator-(Quantity a) noexcept { return Quantity(-a.value_); }
  friend constexpr Quantity operator*(double factor, Quantity a) noexcept { return Quantity(factor * a.value_); }
  friend constexpr Quantity operator*(Quantity a, double factor) noexcept { return factor * a; }
  friend constexpr Quantity operator/(Quantity a, double divisor) noexcept { return Quantity(a.value_ / divisor); }
  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;

 private:
  double value_ = 0;
};

/// One factor of a product at most may have a substance: carbon times carbon is nothing.
template <class A, class B>
concept AtMostOneSubstance = std::is_same_v<A, NoSubstance> || std::is_same_v<B, NoSubstance>;
template <class A, class B>
using SubstanceOf = std::conditional_t<std::is_same_v<A, NoSubstance>, B, A>;

template <class A, int M1, int A1, int T1, class B, int M2, int A2, int T2>
requires AtMostOneSubstance<A, B>
constexpr auto operator*(Quantity<A, M1, A1, T1> a, Quantity<B, M2, A2, T2> b) noexcept {
  return Quantity<SubstanceOf<A, B>, M1 + M2, A1 + A2, T1 + T2>(a.value() * b.value());
}

/// Division by an area, a time or their product.
template <class A, int M1, int A1, int T1, int A2, int T2>
constexpr auto operator/(Quantity<A, M1, A1, T1> a, Quantity<NoSubstance, 0, A2, T2> b) noexcept {
  return Quantity<A, M1, A1 - A2, T1 - T2>(a.value() / b.value());
}

using Hectares = Quantity<NoSubstance, 0, 1, 0>;
using Years = Quantity<NoSubstance, 0, 0, 1>;
using BiomassDensity = Quantity<Biomass, 1, -1, 0>;         ///< t d.m./ha
using BiomassMass = Quantity<Biomass, 1, 0, 0>;             ///< t d.m.
using CarbonDensity = Quantity<Carbon, 1, -1, 0>;           ///< t C/ha
using CarbonMass = Quantity<Carbon, 1, 0, 0>;               ///< t C
using Co2Density = Quantity<CarbonDioxide, 1, -1, 0>;       ///< t CO2/ha
using Co2Mass = Quantity<CarbonDioxide, 1, 0, 0>;           ///< t CO2
using Co2Flux = Quantity<CarbonDioxide, 1, 0, -1>;          ///< t CO2/yr
using Co2FluxDensity = Quantity<CarbonDioxide, 1, -1, -1>;  ///< t CO2/ha/yr

/// Molar mass of CO2 over that of carbon.
inline constexpr double co2_per_carbon = 44.0 / 12.0;

/// Carbon in biomass; `fraction` is t C per t d.m.
template <int M, int A, int T>
constexpr Quantity<Carbon, M, A, T> to_carbon(Quantity<Biomass, M, A, T> biomass, double fraction) noexcept {
  return Quantity<Carbon, M, A, T>(biomass.value() * fraction);
}
/// Carbon held in this CO2.
template <int M, int A, int T>
constexpr Quantity<Carbon, M, A, T> to_carbon(Quantity<CarbonDioxide, M, A, T> co2) noexcept {
  return Quantity<Carbon, M, A, T>(co2.value() / co2_per_carbon);
}
/// CO2 that holds this carbon.
template <int M, int A, int T>
constexpr Quantity<CarbonDioxide, M, A, T> to_co2(Quantity<Carbon, M, A, T> carbon) noexcept {
  return Quantity<CarbonDioxide, M, A, T>(carbon.value() * co2_per_carbon);
}

}  // namespace sink
