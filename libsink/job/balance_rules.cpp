// SPDX-License-Identifier: Apache-2.0
#include "job/balance_rules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "account/wood_products.hpp"
#include "method/soil.hpp"
#include "table/disturbances.hpp"

namespace sink {
namespace {

/// Which disturbances are fires and harvests is said once, in [attribution].
LossCause cause_of(const std::string& disturbance, const AttributionOptions& kinds) {
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), disturbance) != names.end();
  };
  if (among(kinds.fire)) return LossCause::fire;
  return among(kinds.harvest) ? LossCause::harvest : LossCause::other;
}

/// Share of an inflow still there at the end of its year and of the years after it.
std::vector<double> left_of(std::span<const WoodProduct> pools, std::size_t years) {
  std::vector<double> inflow(years, 0.0);
  inflow.front() = 1;
  std::vector<double> left;
  for (const ProductYear& year : product_series(pools, inflow)) left.push_back(year.end_tc);
  return left;
}

/// The same for dead matter, which decays as a product does.
std::vector<double> left_of_dead(const ParameterTable& parameters, const std::string& pool, std::size_t years) {
  const WoodProduct decaying{pool, parameters.need("DEAD_MATTER/" + pool, "half_life"), 1};
  return left_of({&decaying, 1}, years);
}

/// A pool that is not modelled keeps nothing: what would go there goes to the air (IPCC tier 1, instant oxidation).
DisturbanceMatrix without_pools(const DisturbanceMatrix& matrix, const ModelledPools& pools) {
  const std::array<std::pair<Pool, bool>, 4> modelled = {{{Pool::dead_wood, pools.dead_wood},
                                                          {Pool::litter, pools.litter},
                                                          {Pool::soil, pools.soil},
                                                          {Pool::products, pools.products}}};
  DisturbanceMatrix result;
  for (std::size_t from = 0; from < land_pool_count; ++from) {
    std::array<double, pool_count> shares{};
    for (std::size_t to = 0; to < pool_count; ++to)
      shares[to] = matrix.share(static_cast<Pool>(from), static_cast<Pool>(to));
    for (const auto& [pool, kept] : modelled) {
      const auto to = static_cast<std::size_t>(pool);
      if (kept || to == from) continue;
      shares[static_cast<std::size_t>(Pool::atmosphere)] += shares[to];
      shares[to] = 0;
    }
    result.set(static_cast<Pool>(from), shares);
  }
  return result;
}

void choose_disturbances(BalanceRules& rules, const RunSetup& setup) {
  std::vector<std::string> files;
  for (const auto& file : setup.job.balance->proportions) files.push_back(path_below(setup.job.base_directory, file));
  const DisturbanceTable table = load_disturbances(files);
  std::set<std::string> used = {"harvest", "conversion"};
  if (setup.events) {
    for (const auto& name : setup.events->names()) {
      used.insert(name);
      rules.events.push_back(without_pools(table.called(name), rules.pools));
      rules.event_causes.push_back(cause_of(name, setup.job.attribution.value_or(AttributionOptions{})));
    }
  }
  rules.harvest = without_pools(table.called("harvest"), rules.pools);
  rules.conversion = without_pools(table.called("conversion"), rules.pools);
  for (const DisturbanceMatrix& event : rules.events) rules.events_then_felled.push_back(event.then(rules.harvest));
  // Tea or crops that give way: all is gone in the year of the change (equation 2.16), and nothing of it is wood.
  for (const Pool pool : {Pool::above, Pool::below}) {
    std::array<double, pool_count> shares{};
    shares[static_cast<std::size_t>(Pool::atmosphere)] = 1;
    rules.cover_cleared.set(pool, shares);
  }
  for (const auto& name : used) {
    const auto& rows = table.rows_of(name);
    if (std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.status != "verified"; })) {
      rules.unverified_shares.push_back(name);
    }
  }
}

void choose_soil(BalanceRules& rules, const RunSetup& setup) {
  const BalanceOptions& options = *setup.job.balance;
  SoilChoice choice;
  choice.edition = ipcc_edition_called(options.edition);
  choice.climate = options.climate;
  choice.soil = options.soil;
  std::vector<LandUse> uses;
  for (const auto& row : setup.classes->joined().rows()) uses.push_back(row.land_use);
  const SoilStocks stocks = soil_stocks(setup.parameters, choice, uses);
  for (std::size_t type = 0; type < uses.size(); ++type) {
    rules.soil_tc_ha.set(static_cast<ClassIndex>(type), stocks[uses[type]]);
  }
}

void choose_dead_matter(BalanceRules& rules, const RunSetup& setup) {
  const std::string& set = setup.job.balance->dead_matter;
  const std::string tool12 = "TOOL12/";
  if (set.starts_with(tool12)) {
    rules.dead_of_biomass = tool12_dead_matter(setup.parameters, set.substr(tool12.size()));
  } else {
    rules.dead_by_class = fixed_dead_matter(setup.parameters, setup.classes->joined(), set);
  }
}

}  // namespace

BalanceRules::BalanceRules(const RunSetup& setup) {
  const BalanceOptions& options = *setup.job.balance;
  const auto has = [](const std::vector<std::string>& list, const char* name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  gain_loss = has(options.approaches, "gain_loss");
  provincial = has(options.approaches, "provincial");
  pools = {has(options.pools, "dead_wood"), has(options.pools, "litter"), has(options.pools, "soil"),
           has(options.pools, "products")};
  cover_years = options.cover_years;
  if (!setup.forest_types) throw usage_error("[balance] needs forest types and their legend at every date");
  if (setup.dates.size() < 2) throw usage_error("[balance] needs two dates");
  const Legend& legend = setup.classes->joined();
  unstocked.assign(max_classes + 1, false);
  for (std::size_t type = 0; type < legend.size(); ++type) {
    unstocked[type] = legend.rows()[type].land_use == LandUse::forest_unstocked;
  }
  if (provincial) {
    for (std::size_t d = 0; d + 1 < setup.dates.size(); ++d) {
      if (setup.dates[d].find(layer::volume.name) != nullptr) continue;
      throw usage_error("the provincial method needs the layer volume, which " + std::to_string(setup.dates[d].year) +
                        " does not have: add it, or take provincial out of [balance] approaches");
    }
    provincial_growth = sink::provincial_growth(setup.parameters, legend);
    provincial_density_tc_ha = provincial_area_density_tc_ha(setup.parameters, legend);
  }
  if (!gain_loss) return;
  if (!setup.growth) {
    throw usage_error("gain-loss needs growth curves: add [growth] with set and anchor to the inventory");
  }
  for (const auto& method : setup.methods) {
    if (method.features.biomass && method.features.split) continue;
    throw usage_error("gain-loss needs dry biomass above and below ground, which method " + method.name +
                      " does not have: take it out of [stock] method, or gain_loss out of [balance]");
  }
  curves = &*setup.growth;
  for (std::size_t d = 0; d + 1 < setup.dates.size(); ++d) {
    if (curves->anchor() != Anchor::ratio || setup.dates[d].find(layer::age.name) != nullptr) continue;
    throw usage_error("[growth] anchor = \"ratio\" needs the layer age, which " + std::to_string(setup.dates[d].year) +
                      " does not have: add it, or use anchor = \"equivalent_age\"");
  }
  carbon_fraction = setup.parameters.by_class(legend, "carbon_fraction");
  choose_disturbances(*this, setup);
  if (pools.soil) choose_soil(*this, setup);
  if (pools.dead_wood || pools.litter) choose_dead_matter(*this, setup);
  const auto years = static_cast<std::size_t>(setup.dates.back().year - setup.dates.front().year);
  if (pools.dead_wood) dead_wood_left = left_of_dead(setup.parameters, "dead_wood", years);
  if (pools.litter) litter_left = left_of_dead(setup.parameters, "litter", years);
  if (pools.products) products_left = left_of(wood_products(setup.parameters), years);
  if (std::find(event_causes.begin(), event_causes.end(), LossCause::fire) != event_causes.end()) {
    fire = fire_factors(setup.parameters, options.what_burns, options.fire_forest);
    potentials = warming_potentials(setup.parameters, options.gwp);
    dead_wood_carbon_fraction = setup.parameters.need("ANY", "dead_wood_carbon_fraction");
    litter_carbon_fraction = setup.parameters.need("ANY", "litter_carbon_fraction");
  }
}

DeadMatter BalanceRules::dead_matter(ClassIndex type, double agb_t_ha) const noexcept {
  DeadMatter found{0, 0};
  if (dead_of_biomass) found = (*dead_of_biomass)(agb_t_ha);
  if (dead_by_class) found = (*dead_by_class)(type);
  const auto modelled = [](bool asked, double tc_ha) { return asked && tc_ha >= 0 ? tc_ha : 0; };
  return {modelled(pools.dead_wood, found.dead_wood_tc_ha), modelled(pools.litter, found.litter_tc_ha)};
}

}  // namespace sink
