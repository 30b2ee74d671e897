// SPDX-License-Identifier: Apache-2.0
#include "sinkchange/commands.hpp"

namespace sink::tools {

FilterOptions FilterWords::chosen() const {
  FilterOptions chosen = options;
  if (!model.empty()) {
    chosen.transitions = model[0];
    chosen.emissions = model[1];
  }
  if (connectivity != 0) chosen.connectivity = static_cast<Connectivity>(connectivity);
  return chosen;
}

void declare_filters(CLI::App& app, FilterWords& words) {
  FilterOptions& options = words.options;
  app.add_option("--mmu", options.minimum_units,
                 "smaller patches of change become no change: 10px, 667m2, 1mu, 0.5ha; or FROM:TO=SIZE")
      ->allow_extra_args(false)
      ->type_name("SIZE");
  app.add_option("--sieve", options.sieve_pixels,
                 "patches of each map below N pixels go to their largest neighbour, as gdal_sieve does")
      ->type_name("N");
  app.add_option("--hmm", words.model, "most probable classes over the years: TRANSITIONS.csv EMISSIONS.csv")
      ->expected(2)
      ->type_name("CSV");
  app.add_flag("--majority", options.majority, "majority of each year and its neighbours");
  app.add_option("--impossible", options.impossible, "CSV from,to,reason[,within_years]: flagged in filter.csv")
      ->type_name("CSV");
  limit_to(app.add_option("--connectivity", words.connectivity,
                          "pixels that touch: 4 by edges, 8 by corners too (sieve 4, changes 8)"),
           {"4", "8"})
      ->type_name("N");
}

}  // namespace sink::tools
