// SPDX-License-Identifier: Apache-2.0
// Stock from volume by the IPCC's BCEF: AGB = V x BCEF(V), BGB = AGB x R, carbon = biomass x CF.
// Source: IPCC 2006 V4 Equation 2.8b and Table 4.5. BCEF is a step function of V, classes (low, high]. With
// bcef_interpolate it is piecewise linear between the middles of the classes and constant beyond the first and last;
// the open class counts from its lower edge.
// Parameters: bcef_s_to_<high> [t/m3] of "<zone>/<group>"; root_shoot [1], carbon_fraction [1] by forest type.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <utility>

#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

constexpr std::size_t most_points = 9, most_groups = 8;

/// BCEF against volume: upper edges of classes with their values, or the corners of a line.
struct Curve {
  std::array<double, most_points> volume_m3_ha{}, bcef_t_m3{};
  std::size_t points = 0;
  void add(double volume, double bcef) {
    volume_m3_ha.at(points) = volume;
    bcef_t_m3.at(points++) = bcef;
  }
};

struct Step {
  static std::size_t place(const Curve& curve, double v) noexcept {
    std::size_t i = 0;
    while (i < curve.points && !(v <= curve.volume_m3_ha[i])) ++i;
    return i;
  }
  static double bcef(const Curve& curve, double v) noexcept {
    const std::size_t i = place(curve, v);
    return i < curve.points ? curve.bcef_t_m3[i] : no_value;
  }
};

struct Line {
  static double bcef(const Curve& curve, double v) noexcept {
    if (curve.points == 0) return no_value;
    if (v <= curve.volume_m3_ha[0]) return curve.bcef_t_m3[0];
    for (std::size_t i = 1; i < curve.points; ++i) {
      const double v0 = curve.volume_m3_ha[i - 1], v1 = curve.volume_m3_ha[i];
      const double f0 = curve.bcef_t_m3[i - 1], f1 = curve.bcef_t_m3[i];
      if (v <= v1) return f0 + (f1 - f0) * (v - v0) / (v1 - v0);
    }
    return curve.bcef_t_m3[curve.points - 1];
  }
};

template <class Shape>
struct Bcef {
  std::array<Curve, most_groups + 1> curves;  ///< curve 0 is that of classes without a group
  std::array<std::uint8_t, max_classes + 1> curve_of{};
  ClassTable root_shoot, carbon_fraction;
  LivingStock operator()(ClassIndex type, double volume_m3_ha) const noexcept {
    const double v = possible(volume_m3_ha);
    const double agb_t_ha = v * Shape::bcef(curves[curve_of[type]], v);
    return living_stock(agb_t_ha, agb_t_ha * root_shoot[type], carbon_fraction[type]);
  }
};

/// The step function tells the class of a pixel too: crossing an edge between two dates makes a false flow.
struct BcefAndClass : Bcef<Step> {
  std::array<double, 5> operator()(ClassIndex type, double volume_m3_ha) const noexcept {
    const LivingStock stock = Bcef<Step>::operator()(type, volume_m3_ha);
    const auto place = static_cast<double>(Step::place(curves[curve_of[type]], possible(volume_m3_ha)));
    return {stock[0], stock[1], stock[2], stock[3], std::isnan(stock[0]) ? no_value : place};
  }
};

constexpr std::string_view bcef_prefix = "bcef_s_to_";

/// Upper edge [m3/ha] of the class that a parameter is of.
double upper_edge(std::string_view parameter) {
  const std::string_view edge = parameter.substr(bcef_prefix.size());
  double upper_m3_ha = 0;
  std::from_chars(edge.data(), edge.data() + edge.size(), upper_m3_ha);
  return upper_m3_ha;
}

/// The table's classes of one group by upper edge. Throws Error::input where none is open above.
std::map<double, double> bcef_classes(const ParameterTable& parameters, const std::string& key) {
  std::map<double, double> classes;
  for (const ParameterKind& kind : parameter_kinds()) {
    if (!kind.name.starts_with(bcef_prefix)) continue;
    if (const auto value = parameters.find(key, kind.name)) classes[upper_edge(kind.name)] = *value;
  }
  if (classes.empty() || std::isfinite(classes.rbegin()->first))
    throw Error(Error::Kind::input, "parameters: no row " + key + ",bcef_s_to_inf: the highest class must be open");
  return classes;
}

template <class Shape>
Curve curve_of(const std::map<double, double>& classes) {
  Curve curve;
  double lower = 0;
  for (const auto& [upper, bcef] : classes) {
    if constexpr (std::is_same_v<Shape, Step>)
      curve.add(upper, bcef);
    else
      curve.add(std::isfinite(upper) ? (lower + upper) / 2 : lower, bcef);
    lower = upper;
  }
  return curve;
}

const std::map<std::string, std::string>& groups_of_zone(const MethodSetup& setup) {
  if (setup.bcef_groups == nullptr) throw Error(Error::Kind::internal, "bcef: no table of groups");
  const auto zone = setup.bcef_groups->find(setup.bcef_zone);
  if (zone != setup.bcef_groups->end()) return zone->second;
  std::string zones;
  for (const auto& [name, groups] : *setup.bcef_groups) zones += (zones.empty() ? "" : ", ") + name;
  const std::string what = setup.bcef_zone.empty() ? "needs a climate zone" : "knows no zone '" + setup.bcef_zone + "'";
  throw usage_error("method bcef " + what + ": set bcef_zone (--bcef-zone) to one of " + zones);
}

template <class Shape>
Bcef<Shape> kernel_of(const MethodSetup& setup) {
  const Legend& types = needed_forest_types(setup, "bcef");
  const auto& groups = groups_of_zone(setup);
  Bcef<Shape> kernel;
  std::map<std::string, std::uint8_t> curves;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    const LegendRow& row = types[type];
    const auto group = groups.find(row.key);
    if (group == groups.end() || !goes_by_volume(setup.parameters, row)) continue;
    const auto found = all_of(setup.parameters, row.key, "root_shoot", "carbon_fraction");
    if (!found) continue;
    const auto [at, fresh] = curves.emplace(group->second, static_cast<std::uint8_t>(curves.size() + 1));
    if (fresh)
      kernel.curves.at(at->second) =
          curve_of<Shape>(bcef_classes(setup.parameters, setup.bcef_zone + "/" + group->second));
    kernel.curve_of.at(type) = at->second;
    kernel.root_shoot.set(type, (*found)[0]);
    kernel.carbon_fraction.set(type, (*found)[1]);
  }
  return kernel;
}

}  // namespace

Method make_bcef(const MethodSetup& setup) {
  const auto inputs = in(layer::forest_type, layer::volume);
  if (setup.bcef_interpolate) return pixel_method(kernel_of<Line>(setup), inputs, living_stock_layers);
  return pixel_method(BcefAndClass{kernel_of<Step>(setup)}, inputs,
                      out(layer::carbon_above, layer::carbon_below, layer::agb, layer::bgb, layer::volume_class));
}

namespace {

/// The factor between the middles of two classes, or beyond them all.
void derive_line(Derivation& d, const std::map<double, double>& classes, double v) {
  const Curve curve = curve_of<Line>(classes);
  std::size_t above = 0;
  while (above < curve.points && !(v <= curve.volume_m3_ha[above])) ++above;
  if (above == 0 || above == curve.points) {
    d.number("F", curve.bcef_t_m3[above == 0 ? 0 : above - 1], "t/m3", "bcef_s beyond the middles of the classes");
    return d.step("BCEF", "F", "t/m3");
  }
  d.number("F0", curve.bcef_t_m3[above - 1], "t/m3", "bcef_s of the class below");
  d.number("F1", curve.bcef_t_m3[above], "t/m3", "bcef_s of the class above");
  d.number("V0", curve.volume_m3_ha[above - 1], "m3/ha", "volume where F0 holds: the middle of its class");
  d.number("V1", curve.volume_m3_ha[above], "m3/ha", "volume where F1 holds: the middle of its class");
  d.step("BCEF", "F0 + (F1 - F0) * (V - V0) / (V1 - V0)", "t/m3");
}

}  // namespace

Derivation derive_bcef(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  const LegendRow* row = forest_by_volume(d, setup, pixel);
  if (row == nullptr) return d;
  const auto& groups = groups_of_zone(setup);
  const auto group = groups.find(row->key);
  if (group == groups.end()) d.nothing("no group of the BCEF table for " + row->key);
  d.measure("V", layer::volume, pixel);
  const double v = possible(*d.value("V"));
  if (!d.because().empty()) return d;
  const std::string key = setup.bcef_zone + "/" + group->second;
  const auto classes = bcef_classes(setup.parameters, key);
  if (setup.bcef_interpolate) {
    derive_line(d, classes, v);
  } else {
    const double upper = classes.lower_bound(v)->first;  // classes are (low, high]
    for (const ParameterKind& kind : parameter_kinds()) {
      if (!kind.name.starts_with(bcef_prefix) || upper_edge(kind.name) != upper) continue;
      d.parameter("BCEF", setup.parameters, key, kind.name);
    }
  }
  d.parameter("R", setup.parameters, row->key, "root_shoot");
  d.parameter("CF", setup.parameters, row->key, "carbon_fraction");
  d.step("agb", "V * BCEF", "t d.m./ha");
  d.step("bgb", "agb * R", "t d.m./ha");
  d.living_carbon();
  return d;
}

}  // namespace sink
