// SPDX-License-Identifier: Apache-2.0
#include "table/tree_equations.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

/// A cell's number, or `blank` where nothing stands.
double number_or(const CsvTable& table, std::size_t row, int column, double blank) {
  return table.rows[row][static_cast<std::size_t>(column)].empty() ? blank : table.number(row, column);
}

TreeForm form_called(const CsvTable& table, std::size_t row, const std::string& name) {
  const auto at = std::find(tree_form_names.begin(), tree_form_names.end(), name);
  if (at != tree_form_names.end()) return static_cast<TreeForm>(at - tree_form_names.begin());
  throw input_error(table.place(row), "no such form '" + name + "': did you mean " +
                                          nearest_name(name, {tree_form_names.begin(), tree_form_names.end()}) + "?");
}

void check(const TreeEquation& e) {
  if (e.set.empty() || e.key.empty() || e.quantity.empty())
    throw input_error(e.place, "a tree equation needs a set, a key and a quantity: fill them in");
  if (e.unit != "m3" && e.unit != "kg" && e.unit != "t/m3" && e.unit != "1")
    throw input_error(e.place, "unit '" + e.unit + "' must be m3, kg, t/m3 or 1");
  if (e.status != "verified" && e.status != "unverified")
    throw input_error(e.place, "status '" + e.status + "' must be verified or unverified");
  if (!(e.d_from_cm >= 0 && e.d_from_cm < e.d_below_cm))
    throw input_error(e.place, "d_from_cm must be 0 or more and less than d_below_cm");
}

bool overlap(const TreeEquation& one, const TreeEquation& other) {
  return one.set == other.set && one.key == other.key && one.quantity == other.quantity &&
         one.d_from_cm < other.d_below_cm && other.d_from_cm < one.d_below_cm;
}

}  // namespace

std::vector<TreeEquation> tree_equation_rows(const CsvTable& table) {
  const int set = table.column("set"), key = table.column("key"), quantity = table.column("quantity"),
            from = table.column("d_from_cm"), below = table.column("d_below_cm"), form = table.column("form"),
            a = table.column("a"), b = table.column("b"), c = table.column("c"), unit = table.column("unit"),
            status = table.column("status"), source = table.column("source"), note = table.column("note");
  std::vector<TreeEquation> equations;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto text = [&](int column) { return table.rows[i][static_cast<std::size_t>(column)]; };
    TreeEquation e;
    e.set = text(set);
    e.key = text(key);
    e.quantity = text(quantity);
    e.d_from_cm = number_or(table, i, from, 0);
    e.d_below_cm = number_or(table, i, below, std::numeric_limits<double>::infinity());
    e.form = form_called(table, i, text(form));
    e.a = table.number(i, a);
    e.b = table.number(i, b);
    e.c = e.form == TreeForm::d_h ? table.number(i, c) : 0;
    e.unit = text(unit);
    e.status = text(status);
    e.source = text(source);
    e.note = text(note);
    e.place = table.place(i);
    check(e);
    for (const TreeEquation& other : equations)
      if (overlap(e, other))
        throw input_error(e.place, e.set + " " + e.key + " " + e.quantity + " stands twice for one diameter, also at " +
                                       other.place + ": delete one of the rows");
    equations.push_back(std::move(e));
  }
  return equations;
}

std::vector<TreeEquation> shipped_tree_equations() {
  return tree_equation_rows(shipped_table("tree_equations"));
}

}  // namespace sink
