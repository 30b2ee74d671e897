// SPDX-License-Identifier: Apache-2.0
// What a person may choose about the carbon balance.
#pragma once

#include <string>
#include <vector>

namespace sink {

struct BalanceOptions {
  std::vector<std::string> approaches = {"gain_loss"};  ///< beside the stock difference: gain_loss, provincial
  std::vector<std::string> pools = {"dead_wood", "litter", "soil", "products"};  ///< beside living biomass
  std::string edition = "2019";                  ///< of the IPCC's soil tables: 2006 or 2019
  std::string climate = "warm_temperate_moist";  ///< row of the soil tables
  std::string soil = "lac";                      ///< low-activity clay: red and yellow soils
  std::string dead_matter = "MEASURED";          ///< TOOL12/<zone>, MEASURED or IPCC2006/<zone>
  std::string what_burns = "temperate_wildfire", fire_forest = "extratropical_forest";  ///< rows FIRE/…
  std::string gwp = "AR5";                                                              ///< or AR6
  std::vector<std::string> proportions;  ///< tables of disturbances of the user's own
  double cover_years = 10;               ///< over which tea, orchards and shrub grow to their density after a clearing
};

}  // namespace sink
