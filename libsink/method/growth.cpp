// SPDX-License-Identifier: Apache-2.0
#include "method/growth.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "core/nearest_name.hpp"

namespace sink {
namespace {

/// Sets that have curves, as rows `<set>/<key>`.
std::set<std::string> sets_of(const ParameterTable& parameters) {
  std::set<std::string> sets;
  for (const ParameterRow& row : parameters.rows()) {
    const auto slash = row.key.find('/');
    if (row.parameter == "growth_w" && slash != std::string::npos) sets.insert(row.key.substr(0, slash));
  }
  return sets;
}

void require_set(const ParameterTable& parameters, const std::string& set) {
  const auto sets = sets_of(parameters);
  if (set.empty() || sets.contains(set)) return;
  std::string names;
  for (const std::string& name : sets) names += (names.empty() ? "" : ", ") + name;
  throw usage_error("no set of growth curves '" + set + "': use one of " + names);
}

bool has_any_part(const ParameterTable& parameters, const std::string& key) {
  for (const auto* part : {"growth_w", "growth_k", "growth_a", "growth_c"}) {
    if (parameters.has(key, part)) return true;
  }
  return false;
}

/// The key that a curve's rows stand under, or blank.
std::string rows_key(const GrowthSources& sources, const std::string& key) {
  if (has_any_part(sources.parameters, key)) return key;
  const std::string in_set = sources.set + "/" + key;
  return !sources.set.empty() && has_any_part(sources.parameters, in_set) ? in_set : "";
}

/// Weights of the nodes at -1, 0, 1, 2 for the cubic through them at f in [0, 1).
std::array<double, 4> cubic(double f) noexcept {
  const double g = 1 - f;
  return {-f * g * (2 - f) / 6, (1 + f) * g * (2 - f) / 2, (1 + f) * f * (2 - f) / 2, -(1 + f) * f * g / 6};
}

long double between(const std::vector<std::pair<double, double>>& points, double age_yr) {
  const auto after = std::upper_bound(points.begin(), points.end(), age_yr,
                                      [](double age, const auto& point) { return age < point.first; });
  if (after == points.end()) return points.back().second;
  const auto& [age1, biomass1] = *(after - 1);
  const auto& [age2, biomass2] = *after;
  const long double share = (static_cast<long double>(age_yr) - age1) / (static_cast<long double>(age2) - age1);
  return biomass1 + share * (static_cast<long double>(biomass2) - biomass1);
}

/// A curve by formula in long double; Richards' curve has no negative ages.
long double formula(double w, double k, double a, double c, long double age_yr) {
  if (std::isnan(k) && age_yr < 0) return 0;
  const long double decay = std::exp(-a * age_yr);
  if (!std::isnan(k)) return w / (1 + k * decay);
  return w * std::pow(1 - decay, static_cast<long double>(c));
}

}  // namespace

GrowthCurves::GrowthCurves(const Legend& types, Anchor anchor, const GrowthSources& sources) : anchor_(anchor) {
  require_set(sources.parameters, sources.set);
  curve_of_.fill(no_curve);
  std::map<std::string, std::uint16_t> curves;
  std::set<std::string> keys;
  for (ClassIndex type = 0; type < types.size(); ++type) {
    const LegendRow& row = types[type];
    if (row.key.empty()) continue;
    keys.insert(row.key);
    if (!is_forest(row.land_use)) continue;
    const auto like = sources.like.find(row.key);
    const std::string& key = like == sources.like.end() ? row.key : like->second;
    const auto [slot, is_new] = curves.try_emplace(key, no_curve);
    if (is_new) slot->second = add_curve(key, sources);
    curve_of_[type] = slot->second;
    if (slot->second == no_curve && like != sources.like.end())
      throw usage_error("growth of " + row.key + " like " + key + ": " + key + " has no curve" +
                        (sources.set.empty() ? "" : " in the set " + sources.set) + ": name a key that has one");
  }
  const auto known = [&](const std::string& key, const std::string& where) {
    if (keys.contains(key)) return;
    throw input_error(where, "no class has the key '" + key + "': did you mean '" +
                                 nearest_name(key, {keys.begin(), keys.end()}) + "'?");
  };
  for (const auto& [key, other] : sources.like) known(key, "like of [growth]");
  for (const auto& own : sources.points) {
    const bool borrowed =
        std::any_of(sources.like.begin(), sources.like.end(), [&](const auto& like) { return like.second == own.key; });
    if (!borrowed) known(own.key, own.origin);
  }
}

std::uint16_t GrowthCurves::add_curve(const std::string& key, const GrowthSources& sources) {
  Curve curve;
  const auto own =
      std::find_if(sources.points.begin(), sources.points.end(), [&](const auto& p) { return p.key == key; });
  const bool by_points = own != sources.points.end();
  if (!by_points) {
    const std::string rows = rows_key(sources, key);
    if (rows.empty()) return no_curve;
    const ParameterTable& parameters = sources.parameters;
    const bool logistic = parameters.has(rows, "growth_k"), richards = parameters.has(rows, "growth_c");
    if (!parameters.has(rows, "growth_w") || !parameters.has(rows, "growth_a") || logistic == richards)
      throw input_error("parameters of " + rows,
                        "a growth curve has growth_w, growth_a and either growth_k (logistic) or growth_c (Richards): "
                        "add or delete rows");
    curve.w = *parameters.find(rows, "growth_w");
    curve.a = *parameters.find(rows, "growth_a");
    (logistic ? curve.k : curve.c) = *parameters.find(rows, logistic ? "growth_k" : "growth_c");
  }
  tabulate(curve, by_points ? &*own : nullptr);
  curves_.push_back(curve);
  return static_cast<std::uint16_t>(curves_.size() - 1);
}

void GrowthCurves::tabulate(Curve& curve, const GrowthPoints* points) {
  curve.by_points = points != nullptr;
  if (curve.by_points) curve.last_age_yr = points->points.back().first;
  curve.first = table_.size() + 1;
  const auto last = static_cast<std::int64_t>(curve.last_age_yr * nodes_per_yr);
  // One node before age 0 and two after the end, for the cubic.
  for (std::int64_t node = -1; node <= last + 2; ++node) {
    const double age_yr = static_cast<double>(node) / nodes_per_yr;
    const long double biomass = curve.by_points ? between(points->points, std::max(age_yr, 0.0))
                                                : formula(curve.w, curve.k, curve.a, curve.c, age_yr);
    table_.push_back(std::llround(biomass * static_cast<long double>(units_per_t)));
    values_.push_back(static_cast<double>(table_.back()) / units_per_t);
  }
}

double GrowthCurves::equivalent_age_yr(const Curve& curve, double biomass_t_ha) const noexcept {
  const double b = biomass_t_ha;
  if (curve.by_points) {
    const auto first = values_.begin() + static_cast<std::ptrdiff_t>(curve.first);
    const auto end = first + static_cast<std::ptrdiff_t>(curve.last_age_yr * nodes_per_yr) + 1;
    // The youngest age, where the curve stands still.
    const auto after = std::lower_bound(first, end, b);
    if (after == end || b < *first) return no_value;
    if (after == first) return 0;
    return (static_cast<double>(after - first) - (*after - b) / (*after - *(after - 1))) / nodes_per_yr;
  }
  if (!(b < curve.w)) return no_value;
  const double age_yr = std::isnan(curve.k) ? -std::log1p(-std::pow(b / curve.w, 1 / curve.c)) / curve.a
                                            : std::log(curve.k * b / (curve.w - b)) / curve.a;
  return age_yr >= 0 ? age_yr : no_value;
}

GrowthCurves::Place GrowthCurves::place(ClassIndex type, double age_yr) const noexcept {
  const std::uint16_t index = curve_of_[type];
  if (index == no_curve) return {};
  const Curve& curve = curves_[index];
  if (!(age_yr >= 0 && age_yr <= curve.last_age_yr)) return {};
  const double nodes = age_yr * nodes_per_yr;
  const auto whole = static_cast<std::int32_t>(nodes);
  const double f = nodes - whole;
  Place place{static_cast<std::int32_t>(curve.first) + whole, {0, 1, 0, 0}};
  // A cubic through the root of a Richards curve would fall below 0.
  const bool straight = curve.by_points || (whole == 0 && std::isnan(curve.k));
  if (f > 0) place.weights = straight ? std::array{0.0, 1 - f, f, 0.0} : cubic(f);
  return place;
}

double GrowthCurves::biomass_t_ha(ClassIndex type, double age_yr) const noexcept {
  const Place at = place(type, age_yr);
  return at.node < 0 ? no_value : value(at.node, at.weights.data(), 0);
}

double GrowthCurves::last_age_yr(ClassIndex type) const noexcept {
  const std::uint16_t index = curve_of_[type];
  return index == no_curve ? no_value : curves_[index].last_age_yr;
}

Growth GrowthCurves::laid(ClassIndex type, double age_yr, double biomass_t_ha, double carbon_t_ha) const noexcept {
  Growth growth;
  const auto gap = [&](GrowthGap why) {
    growth.gap = why;
    return growth;
  };
  const std::uint16_t index = curve_of_[type];
  if (index == no_curve) return gap(GrowthGap::no_curve);
  const bool by_age = anchor_ == Anchor::ratio;
  // A scale of 0 would keep a stand just planted empty for ever.
  if (!(carbon_t_ha > 0) || (!by_age && !(biomass_t_ha > 0))) return gap(GrowthGap::no_stock);
  if (by_age && !(age_yr > 0)) return gap(GrowthGap::no_age);
  growth.age_yr = by_age ? age_yr : equivalent_age_yr(curves_[index], biomass_t_ha);
  const double on_curve_t_ha = this->biomass_t_ha(type, growth.age_yr);
  if (std::isnan(on_curve_t_ha)) return gap(GrowthGap::beyond_curve);
  if (!(on_curve_t_ha > 0)) return gap(GrowthGap::no_age);
  growth.scale = carbon_t_ha / on_curve_t_ha;
  return growth;
}

Growth GrowthCurves::start(ClassIndex type, double age_yr, double biomass_t_ha, double carbon_t_ha) const noexcept {
  Growth growth = laid(type, age_yr, biomass_t_ha, carbon_t_ha);
  if (growth.gap == GrowthGap::none && !bounded(growth.scale)) growth = {no_value, no_value, GrowthGap::beyond_curve};
  return growth;
}

Growth GrowthCurves::start_of_one(ClassIndex type, double age_yr) const noexcept {
  return laid(type, age_yr, 1, 1);
}

}  // namespace sink
