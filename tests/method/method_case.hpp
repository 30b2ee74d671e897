// SPDX-License-Identifier: Apache-2.0
// A row of tests/method/cases as a method and one pixel of input.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "method/methods.hpp"
#include "support/case_table.hpp"

namespace sink::tests {

/// Values by layer name; a class layer holds a class index.
using Pixel = std::map<std::string, double>;

/// Whether an input layer holds classes.
inline bool is_class(const LayerInfo& layer) {
  return layer.unit == "class";
}

/// The method of a case: shipped parameters, overridden by the columns that are named like parameters, and a legend of
/// the one class `key`. Other columns: regression_set, bcef_zone, bcef_interpolate (1), land_use, classes
/// (forest_type, landcover or none), C_above, C_below, C_soil, C_dead.
Method method_of(const MethodInfo& info, const Case& row);
/// Its inputs: class 0 and the cells named like measure layers.
Pixel inputs_of(const Method& method, const Case& row);

/// The same pixel in equations.
Derivation derivation_of(const MethodInfo& info, const Case& row, const Pixel& inputs);

/// Runs a method on these pixels as one block. `before` is what the outputs hold before.
std::vector<Pixel> run(const Method& method, const std::vector<Pixel>& pixels, Write write = Write::all,
                       double before = 0);

/// Adds what follows from the outputs: biomass, carbon, co2 and all_pools.
void add_sums(Pixel& result);

}  // namespace sink::tests
