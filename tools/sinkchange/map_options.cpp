// SPDX-License-Identifier: Apache-2.0
#include "sinkchange/commands.hpp"

namespace sink::tools {

void declare_maps(CLI::App& app, ClassMapInputs& maps, bool needed) {
  constexpr int most_dates = 200;
  auto* files = app.add_option("MAP", maps.maps,
                               "class maps, the oldest first, FILE or FILE:BAND; a folder of GeoTIFFs is one map");
  files->type_name("RASTER")->expected(needed ? 2 : 0, most_dates);
  auto* years = limit_to_years(app.add_option("--years", maps.years, "the year of each map"));
  years->type_name("YEAR")->expected(needed ? 2 : 1, most_dates);
  if (needed) {
    files->required();
    years->required();
  }
  app.add_option("--unknown-code", maps.unknown_codes, "codes that mean cloud or shadow: unknown, never change")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->type_name("N");
  app.add_option("--legend", maps.legends,
                 "legend of all maps, a CSV file or a built-in name; or again for each map; else codes as found")
      ->allow_extra_args(false)
      ->type_name("LEGEND")
      ->group("Parameters");
  app.add_option("--parameters", maps.parameter_files, "CSV rows whose keys the legend may use")
      ->allow_extra_args(false)
      ->type_name("CSV")
      ->group("Parameters");
  declare(app, maps.run);
}

}  // namespace sink::tools
