// SPDX-License-Identifier: Apache-2.0
// What the reader of the results must know (input_findings.hpp).
#include <algorithm>

#include "job/input_findings.hpp"
#include "job/run_record.hpp"
#include "method/bamboo.hpp"

namespace sink {
namespace {

constexpr double notable_share = 0.02;  ///< of the forest: gain and loss above it ask for a look (interface.md, Rate)

void warn_of_steps(const RunSetup& setup, const Census& census, std::vector<std::string>& warnings) {
  for (const auto& [step, tally] : census.steps) {
    const auto& chain = std::find_if(setup.methods.begin(), setup.methods.end(), [&](const auto& m) {
                          return m.name == step.method;
                        })->chain;
    const std::string year = std::to_string(setup.dates[step.date].year) + ", " + step.method + ": ";
    const std::string area = with_commas(tally.area_ha.value(), 1) + " ha (" + with_commas(tally.pixels) + " pixels)";
    if (step.step == "unmodelled") {
      warnings.push_back(year + area + " of forest have no stock (unmodelled)");
    } else if (step.step == "bamboo by area density") {
      warnings.push_back(year + area + " of bamboo have no culms and take one biomass density per hectare");
    } else if (step.step == "bef" && chain.front().name == "regression") {
      warnings.push_back(year + area + " have no regression row and go by bef");
    }
  }
}

/// The two-year cycle of moso bamboo (method/bamboo.hpp).
void warn_of_bamboo(const RunSetup& setup, std::vector<std::string>& warnings) {
  const bool bamboo = std::any_of(setup.methods.begin(), setup.methods.end(), [](const auto& method) {
    return std::find(method.bamboo.begin(), method.bamboo.end(), true) != method.bamboo.end();
  });
  if (!bamboo || setup.culm_maps == CulmMaps::none) return;
  for (std::size_t p = 0; p + 1 < setup.dates.size(); ++p) {
    const int first = setup.dates[p].year, second = setup.dates[p + 1].year;
    if (same_bamboo_phase(first, second)) continue;
    warnings.push_back(std::to_string(first) + "-" + std::to_string(second) +
                       ": bamboo culms were counted an odd number of years apart, an on-year against an off-year "
                       "(大小年): compare years of one phase, or means of two years");
  }
}

void warn_of_flows(const RunSetup& setup, const Census& census, const RunSums& sums,
                   std::vector<std::string>& warnings) {
  const auto inside = sums.inside.front().find(ZoneSet::once);
  for (std::size_t p = 0; p < setup.layout->shape().periods(); ++p) {
    const std::string period = std::to_string(setup.dates[p].year) + "-" + std::to_string(setup.dates[p + 1].year);
    for (std::size_t m = 0; m < setup.methods.size(); ++m) {
      const auto& method = setup.methods[m];
      const SinkResult r = sink_result(*setup.layout, inside, setup.period_features(m, p), p, m, setup.years(p));
      if (r.gain_area_ha + r.loss_area_ha > notable_share * r.forest_area_ha) {
        warnings.push_back(period + ", " + method.name + ": " + with_commas(r.gain_area_ha, 1) +
                           " ha became forest and " + with_commas(r.loss_area_ha, 1) +
                           " ha ceased to be: more than 2 % of the forest; check that both maps use one definition of "
                           "forest (三调对接)");
      }
      if (r.rate_coverage < enough_coverage) {
        warnings.push_back(period + ", " + method.name + ": only " + with_commas(100 * r.rate_coverage, 1) +
                           " % of the forest has a rate: the status is incomplete");
      }
      const auto share = [&](const Tally& tally) {
        const double tco2_yr = to_co2(CarbonMass(tally.carbon_t.value())).value() / setup.years(p);
        return with_commas(tally.area_ha.value(), 1) + " ha, " + with_commas(tco2_yr, 1) + " t CO2/yr of the sink";
      };
      const auto species = census.species_changed.find({p, method.name});
      if (species != census.species_changed.end()) {
        warnings.push_back(period + ", " + method.name + ": the forest type changed on " + share(species->second));
      }
      const auto edges = census.class_edge_crossed.find({p, method.name});
      if (edges != census.class_edge_crossed.end()) {
        warnings.push_back(period + ", " + method.name + ": the volume crossed an edge of a BCEF class on " +
                           share(edges->second) + " (bcef_interpolate = true removes the steps)");
      }
    }
    const auto hidden = census.forest_lost_from_view.find(p);
    if (hidden != census.forest_lost_from_view.end()) {
      warnings.push_back(period + ": " + with_commas(hidden->second.area_ha.value(), 1) +
                         " ha of forest are nodata at the second date: unmodelled, not a loss");
    }
  }
}

}  // namespace

std::string unverified_in_use(const std::vector<ParameterRow>& rows) {
  std::string list;
  std::size_t count = 0;
  for (const auto& row : rows) {
    if (row.status == "verified") continue;
    list += (count++ == 0 ? "" : ", ") + row.key + " " + row.parameter;
  }
  if (count == 0) return "";
  return std::to_string(count) +
         " unverified parameters in use (check them in their primary source before official use): " + list;
}

std::vector<std::string> warnings_of(const RunSetup& setup, const Census& census, const RunSums& sums) {
  std::vector<std::string> warnings = setup.warnings;
  if (!setup.classes) {
    warnings.emplace_back(setup.dates.size() < 2
                              ? "no legend says what is forest: the forest columns are blank"
                              : "no legend says what is forest: the forest columns are blank, and the "
                                "rate is over all pixels with a stock at both dates");
  }
  const std::string unverified = unverified_in_use(setup.parameters.used());
  if (!unverified.empty()) warnings.push_back(unverified);
  warn_of_steps(setup, census, warnings);
  warn_of_bamboo(setup, warnings);
  warn_of_flows(setup, census, sums, warnings);
  for (std::size_t side = 0; side < setup.sides.size(); ++side) {
    const auto more = setup.sides[side]->warnings(side_entries(setup, sums, side).front().back());
    warnings.insert(warnings.end(), more.begin(), more.end());
  }
  for (const auto& [source, pixels] : census.events.outside) {
    warnings.push_back(
        setup.job.disturbances[source].year + ": " + with_commas(pixels) +
        " pixels were disturbed in a year of no period (after its first date, up to its second): left out");
  }
  for (const auto& [period, tally] : census.events.overlapping) {
    warnings.push_back(std::to_string(setup.dates[period].year) + "-" + std::to_string(setup.dates[period + 1].year) +
                       ": two disturbances share " + with_commas(tally.area_ha.value(), 1) + " ha (" +
                       with_commas(tally.pixels) + " pixels): what they did there is not modelled");
  }
  for (const std::size_t set : census.overlapping_sets) {
    warnings.push_back("zones of the set '" + setup.zone_sets[set].source().set +
                       "' overlap: each gets the shared pixels, and the total counts them once");
  }
  Tally disagreeing;
  for (const auto& [key, tally] : census.disagreements) disagreeing += tally;
  if (disagreeing.pixels > 0) {
    warnings.push_back("forest types and land cover disagree about forest on " +
                       with_commas(disagreeing.area_ha.value(), 1) +
                       " ha (all dates together): " + setup.job.land_use_from + " decides; run.json lists the classes");
  }
  for (const auto& finding : input_findings(setup, census)) {
    if (finding.level != Finding::Level::error && finding.fix.empty())
      warnings.push_back(finding.file + ": " + finding.what);
  }
  if (!not_comparable_because(setup.job).empty()) warnings.emplace_back(benchmark_caveat);
  return warnings;
}

}  // namespace sink
