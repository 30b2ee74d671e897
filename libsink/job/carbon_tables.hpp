// SPDX-License-Identifier: Apache-2.0
// carbon.csv, the columns that it shares with matrix.csv of a run, and what a terminal and run.json say of carbon.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/carbon_rows.hpp"
#include "job/row_builder.hpp"

namespace sink {

/// A table of transitions by zone, interval and classes: pixels, area_ha, pixels_with_carbon, carbon_before_t,
/// carbon_after_t, carbon_change_t.
Table transition_table();
/// area_with_carbon_ha, dead_in_year_t, dead_committed_t, soil_in_year_t, soil_committed_t, in_year_tco2,
/// committed_tco2: what follows the living biomass of a transition in every table of it.
void add_carbon_columns(Table& table);
/// Sets these columns, and pixels_with_carbon, carbon_before_t, carbon_after_t, carbon_change_t; blank where no pixel
/// has carbon.
void set_carbon(const TransitionCarbon& carbon, RowBuilder& row);

Table carbon_table(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows);
/// The transitions of the first zone set that moved most carbon, for a terminal.
std::string carbon_text(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows);
/// Changed land without carbon, and unverified parameters in use.
std::vector<std::string> carbon_warnings(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows);
nlohmann::ordered_json carbon_record(const ChangeSetup& setup, const ChangeSums& sums, const CarbonRows& rows);

}  // namespace sink
