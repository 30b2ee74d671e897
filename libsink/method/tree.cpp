// SPDX-License-Identifier: Apache-2.0
#include "method/tree.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"

namespace sink {

double tree_value(const TreeEquation& e, const TreeSize& tree) noexcept {
  const double d = tree.diameter_cm, h = tree.height_m, rho = tree.wood_density_t_m3;
  if (!(d > 0 && d >= e.d_from_cm && d < e.d_below_cm)) return no_value;
  const bool needs_height = e.form == TreeForm::d_h || e.form == TreeForm::d2h || e.form == TreeForm::rho_d2_h;
  const bool needs_density = e.form == TreeForm::rho_d || e.form == TreeForm::rho_d2_h;
  if ((needs_height && !(h > 0)) || (needs_density && !(rho > 0))) return no_value;
  switch (e.form) {
    case TreeForm::d:
      return e.a * std::pow(d, e.b);
    case TreeForm::d_h:
      return e.a * std::pow(d, e.b) * std::pow(h, e.c);
    case TreeForm::d2h:
      return e.a * std::pow(d * d * h, e.b);
    case TreeForm::rho_d:
      return e.a * rho * std::pow(d, e.b);
    case TreeForm::rho_d2_h:
      return e.a * std::pow(rho * d * d * h, e.b);
  }
  return no_value;
}

const TreeEquation& tree_equation(const std::vector<TreeEquation>& equations, std::string_view set,
                                  std::string_view key, std::string_view quantity, double diameter_cm) {
  std::string others;
  for (const TreeEquation& e : equations) {
    if (e.set != set) continue;
    if (e.key == key && e.quantity == quantity && diameter_cm >= e.d_from_cm && diameter_cm < e.d_below_cm) return e;
    const std::string other = e.key + " " + e.quantity;
    if (others.find(other) == std::string::npos) others += (others.empty() ? "" : ", ") + other;
  }
  const std::string asked = std::string(key) + " " + std::string(quantity);
  if (others.empty()) {
    std::string sets;
    for (const TreeEquation& e : equations)
      if (sets.find(e.set) == std::string::npos) sets += (sets.empty() ? "" : ", ") + e.set;
    throw usage_error("no set of tree equations '" + std::string(set) + "': use one of " + sets);
  }
  throw usage_error("tree equations " + std::string(set) + " have no " + asked + " at this diameter: they have " +
                    others);
}

}  // namespace sink
