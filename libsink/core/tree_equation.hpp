// SPDX-License-Identifier: Apache-2.0
// Tree equations: what one tree holds, from its diameter and height. Rows of libsink/parameters/tree_equations.csv.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sink {

/// D: diameter at breast height [cm], H: height [m], rho: basic wood density [t/m3, which is g/cm3].
enum class TreeForm : std::uint8_t {
  d,         ///< a D^b
  d_h,       ///< a D^b H^c
  d2h,       ///< a (D^2 H)^b
  rho_d,     ///< a rho D^b
  rho_d2_h,  ///< a (rho D^2 H)^b
};
/// As they stand in the table, in order.
inline constexpr std::array<std::string_view, 5> tree_form_names = {"a*D^b", "a*D^b*H^c", "a*(D^2*H)^b", "a*rho*D^b",
                                                                    "a*(rho*D^2*H)^b"};

struct TreeEquation {
  std::string set, key, quantity;        ///< "DB35", "CHINESE_FIR", "volume"
  double d_from_cm = 0, d_below_cm = 0;  ///< diameters that it is for: [from, below)
  TreeForm form = TreeForm::d;
  double a = 0, b = 0, c = 0;
  std::string unit;  ///< of the result: m3, kg, t/m3 or 1
  std::string status, source, note;
  std::string place;  ///< file and line, for messages
};

}  // namespace sink
