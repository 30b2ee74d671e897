// SPDX-License-Identifier: Apache-2.0
// Reading tables of tree equations.
#pragma once

#include <vector>

#include "core/tree_equation.hpp"
#include "table/csv.hpp"

namespace sink {

/// Rows of a table `set,key,quantity,d_from_cm,d_below_cm,form,a,b,c,unit,status,source,note`. Throws Error::input with
/// file and line: an unknown form, unit or status, a coefficient that is missing, ranges of one equation that overlap.
std::vector<TreeEquation> tree_equation_rows(const CsvTable& table);
/// The shipped equations.
std::vector<TreeEquation> shipped_tree_equations();

}  // namespace sink
