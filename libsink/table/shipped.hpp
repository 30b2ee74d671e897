// SPDX-License-Identifier: Apache-2.0
// The tables of libsink/parameters, embedded in the program at build time, and the readers of tables like them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "core/stock_tables.hpp"
#include "table/csv.hpp"

namespace sink {

struct EmbeddedTable {
  std::string_view name, text;
};
const std::vector<EmbeddedTable>& embedded_tables();

/// A shipped table by base name ("defaults", "legend_clcd"). Throws Error::internal for an unknown name.
CsvTable shipped_table(std::string_view name);

/// Rows of a parameter table (`key,parameter,value,unit,sd,status,source`). A blank sd becomes 15 % of the value, and
/// the source says so. Throws Error::input with file and line.
std::vector<ParameterRow> parameter_rows(const CsvTable& table);
/// The shipped parameters, overridden by the user's files in order.
ParameterTable load_parameters(const std::vector<std::string>& user_files);
/// Values read in other sources, shown beside the parameters and never computed with; a row may stand several times.
std::vector<ParameterRow> alternate_parameters();

/// A legend: a name of a shipped one ("clcd", "sandiao", …, those of `shipped_legends`) or a CSV
/// file `code,key,land_use,name_en,name_zh[,colour]`. A blank land use takes the key's (shipped table `keys`).
/// Throws Error::input: unknown name, land use or key (keys must be in `parameters` or shipped), a colour that is not
/// #rrggbb.
Legend load_legend(const std::string& name_or_file, const ParameterTable& parameters);
/// Names of the shipped legends.
std::vector<std::string> shipped_legends();

/// InVEST's carbon pools table; columns C_above_sd, … may be there too, and may be blank.
/// Throws Error::input for missing columns, duplicate or negative codes and values that are no number or negative.
CarbonPools load_carbon_pools(const std::string& file);
/// The BCEF groups of the shipped keys.
BcefGroups shipped_bcef_groups();

}  // namespace sink
