// SPDX-License-Identifier: Apache-2.0
#include "account/change_carbon.hpp"

#include <cmath>

#include "account/land_conversion.hpp"
#include "core/quantity.hpp"

namespace sink {
namespace {

/// The sum of what is known; NaN where neither is.
double both(double a, double b) noexcept {
  if (std::isnan(a)) return b;
  return std::isnan(b) ? a : a + b;
}

double known_or_none(double value) noexcept {
  return std::isnan(value) ? 0 : value;
}

ClassCarbon of_class(const std::vector<ClassCarbon>& classes, ClassIndex place) {
  return place < classes.size() ? classes[place] : ClassCarbon();
}

/// Adds hectares to the weights of a class, and takes the same from another.
void add_weights(TransitionCarbon& carbon, ClassIndex from, ClassIndex to, const ChangeCell& cell,
                 const std::vector<ClassCarbon>& classes) {
  const double area_ha = cell.with_carbon.area_ha.value();
  const double dead_in_year = dead_share(of_class(classes, from).dead.tc_ha, of_class(classes, to).dead.tc_ha, 1);
  const auto add = [&](ClassIndex place, double living_ha, double sign) {
    if (place >= classes.size()) return;
    TransitionCarbon::Weights& w = carbon.weights[place];
    w.in_year += {sign * living_ha, sign * dead_in_year * area_ha, sign * soil_share(1) * area_ha};
    w.committed += {sign * living_ha, sign * area_ha, sign * area_ha};
  };
  add(from, cell.before_of_class_ha.value(), -1);
  add(to, cell.after_of_class_ha.value(), 1);
}

/// Standard deviation [t CO2] of a linear form of densities; NaN where no density in it has one.
double sd_of(const TransitionCarbon& carbon, const std::vector<ClassCarbon>& classes,
             PoolChange TransitionCarbon::Weights::*part) {
  double variance = 0;
  bool known = false;
  for (const auto& [place, weights] : carbon.weights) {
    const ClassCarbon& c = classes[place];
    const PoolChange& ha = weights.*part;
    const auto add = [&](double weight, const ClassCarbon::Pool& pool, bool counts) {
      if (!counts || weight == 0 || std::isnan(pool.sd) || std::isnan(pool.tc_ha)) return;
      known = true;
      variance += weight * pool.sd * weight * pool.sd;
    };
    add(ha.living, c.living, true);
    add(ha.dead, c.dead, !std::isnan(carbon.committed.dead));
    add(ha.soil, c.soil, !std::isnan(carbon.committed.soil));
  }
  return known ? std::sqrt(variance) * co2_per_carbon : no_value;
}

}  // namespace

PoolChange& PoolChange::operator+=(const PoolChange& other) noexcept {
  living = both(living, other.living);
  dead = both(dead, other.dead);
  soil = both(soil, other.soil);
  return *this;
}

double PoolChange::emission_tco2() const noexcept {
  // 0 - x: nothing moved is 0, not -0.
  return 0 - to_co2(CarbonMass(living + known_or_none(dead) + known_or_none(soil))).value();
}

TransitionCarbon& TransitionCarbon::operator+=(const TransitionCarbon& other) {
  all += other.all;
  with_carbon += other.with_carbon;
  before_t = both(before_t, other.before_t);
  after_t = both(after_t, other.after_t);
  in_year += other.in_year;
  committed += other.committed;
  for (const auto& [place, w] : other.weights) {
    weights[place].in_year += w.in_year;
    weights[place].committed += w.committed;
  }
  return *this;
}

TransitionCarbon transition_carbon(ClassIndex from, ClassIndex to, const ChangeCell& cell,
                                   const std::vector<ClassCarbon>& classes) {
  TransitionCarbon carbon;
  carbon.all = cell.all;
  carbon.with_carbon = cell.with_carbon;
  if (cell.with_carbon.pixels == 0) return carbon;
  const ClassCarbon before = of_class(classes, from), after = of_class(classes, to);
  const double area_ha = cell.with_carbon.area_ha.value();
  const auto stock = [](const FixedSum& mapped_t, const FixedSum& of_class_ha, double density_tc_ha) {
    const double ha = of_class_ha.value();
    return ha == 0 ? mapped_t.value() : mapped_t.value() + density_tc_ha * ha;
  };
  carbon.before_t = stock(cell.carbon_before_t, cell.before_of_class_ha, before.living.tc_ha);
  carbon.after_t = stock(cell.carbon_after_t, cell.after_of_class_ha, after.living.tc_ha);
  const Conversion land{1,
                        carbon.before_t,
                        carbon.after_t,
                        before.dead.tc_ha * area_ha,
                        before.soil.tc_ha * area_ha,
                        after.soil.tc_ha * area_ha,
                        after.dead.tc_ha * area_ha};
  const auto change = [&](int years) {
    const ConversionChange c = conversion_change(land, years);
    return PoolChange{c.biomass_tc, c.dead_tc, c.soil_tc};
  };
  carbon.in_year = change(1);
  carbon.committed = change(transition_years);
  add_weights(carbon, from, to, cell, classes);
  return carbon;
}

ChangeCell held_by_classes(ClassIndex from, ClassIndex to, const ChangeCell& cell,
                           const std::vector<ClassCarbon>& classes) {
  ChangeCell held;
  held.all = cell.all;
  if (std::isnan(of_class(classes, from).living.tc_ha) || std::isnan(of_class(classes, to).living.tc_ha)) return held;
  held.with_carbon = cell.all;
  held.before_of_class_ha = held.after_of_class_ha = cell.all.area_ha;
  return held;
}

Emissions emissions_of(const TransitionCarbon& carbon, const std::vector<ClassCarbon>& classes) {
  return {{carbon.in_year.emission_tco2(), sd_of(carbon, classes, &TransitionCarbon::Weights::in_year)},
          {carbon.committed.emission_tco2(), sd_of(carbon, classes, &TransitionCarbon::Weights::committed)}};
}

Estimate emission_on(const Estimate& area_ha, const Estimate& emission, double mapped_ha) {
  const double per_ha = emission.value / mapped_ha, sd_per_ha = known_or_none(emission.se) / mapped_ha;
  return {area_ha.value * per_ha, std::hypot(per_ha * known_or_none(area_ha.se), area_ha.value * sd_per_ha)};
}

}  // namespace sink
