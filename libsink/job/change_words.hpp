// SPDX-License-Identifier: Apache-2.0
// What a person writes about classes and transitions, taken by their meaning in the united legend.
#pragma once

#include <string>
#include <vector>

#include "change/hmm.hpp"
#include "change/minimum_unit.hpp"
#include "core/legend.hpp"

namespace sink {

/// The classes that a word names: a code, a land use ("forest" is all three that count as forest), a parameter key
/// ("ECON_TEA_CAMELLIA"), a name, or "any". Where legends differ by date a code is that of the first legend with such a
/// code. Throws Error::input naming `where` for a word that names none.
std::vector<ClassIndex> classes_named(const Legend& legend, const std::string& word, const std::string& where);

/// For each pair of classes (from x K + to) whether it was asked for. The diagonal never is.
using TransitionSet = std::vector<bool>;
/// "FROM:TO" added to `set`. Throws Error::usage.
void add_transition(const Legend& legend, const std::string& text, TransitionSet& set);
/// The same-class pairs of a "FROM:TO" whose both words name nothing but forest: changes only where felled.
void add_felled(const Legend& legend, const std::string& text, TransitionSet& set);
/// Harvest: forest to unstocked forest into `set`; into `if_felled` every pair, since being felled is forest land use
/// at both dates by whichever map tells land uses.
void add_harvest(const Legend& legend, TransitionSet& set, TransitionSet& if_felled);
/// "tea" (forest to tea: the key ECON_TEA_CAMELLIA, else perennial crops) or "building" (forest and cropland to
/// settlement). Throws Error::input for a legend without such classes.
void add_preset(const Legend& legend, const std::string& preset, TransitionSet& set);

/// Minimum mapping units by transition: "UNIT" for all, "FROM:TO=UNIT" for some; later ones override. 0 pixels where
/// none was given. Throws Error::usage.
std::vector<MinimumUnit> minimum_units(const Legend& legend, const std::vector<std::string>& texts);

/// Transitions that cannot be, or not so soon, with the reason; blank where there is none. From a CSV
/// `from,to,reason[,within_years]`, taken where the interval is not longer than `within_years` (blank: always).
std::vector<std::string> impossible_transitions(const Legend& legend, const std::string& file, int interval_years);

/// From two CSVs. `transitions`: header `from,CODE,CODE,…`, a row for each class, and perhaps a row `initial` (without
/// it all classes are equally probable in the first year). `emissions`: `true,CODE,CODE,…`: the true class of a row is
/// mapped as the class of a column. Rows add up to 1 within 1e-6. Every class of the legend must be there, by code; by
/// name where an earlier date's legend has that code for another class. Throws Error::input.
LabelProbabilities label_probabilities(const Legend& legend, const std::string& transitions,
                                       const std::string& emissions);

}  // namespace sink
