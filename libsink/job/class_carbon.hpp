// SPDX-License-Identifier: Apache-2.0
// What a class holds where no map says it: by a user's table of pools, or by the parameters of its key.
#pragma once

#include <vector>

#include "account/change_carbon.hpp"
#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "core/stock_tables.hpp"

namespace sink {

/// Living biomass by `biomass_density` x `carbon_fraction` of the class's key; 0 for land without a key and for
/// felled land, where nothing stands (interface.md, Non-forest is not nodata). Forest has none: regrowth is not a
/// standard value. Dead matter and soil are not known. The sd is that of `biomass_density`.
std::vector<ClassCarbon> carbon_by_key(const Legend& legend, const ParameterTable& parameters);

/// All pools by a table; NaN for a class without a row.
std::vector<ClassCarbon> carbon_by_pools(const Legend& legend, const CarbonPools& pools);

}  // namespace sink
