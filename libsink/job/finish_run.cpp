// SPDX-License-Identifier: Apache-2.0
#include "job/finish_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "job/finish_rasters.hpp"
#include "job/input_findings.hpp"
#include "job/patch_output.hpp"
#include "job/run_changes.hpp"
#include "job/run_files.hpp"
#include "job/run_project.hpp"
#include "job/run_record.hpp"
#include "job/zone_layers.hpp"

namespace sink {
namespace {

std::vector<Closure> closures_of(const RunSetup& setup, const RunSums& sums) {
  std::vector<Closure> closures;
  const AccountLayout& layout = *setup.layout;
  const auto whole = sums.whole.find(0);
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    const auto& name = setup.zone_sets[set].source().set;
    const auto inside = sums.inside[set].find(ZoneSet::once), outside = sums.inside[set].find(ZoneSet::outside);
    const auto add = [&](const std::string& what, std::size_t sum) {
      closures.push_back(zone_closure("zones to whole, " + what, name, inside[sum], outside[sum], whole[sum]));
    };
    add("area_ha", layout.area());
    for (std::size_t m = 0; m < setup.methods.size(); ++m) {
      const auto& method = setup.methods[m];
      for (std::size_t d = 0; d < setup.dates.size(); ++d) {
        add("carbon_t " + std::to_string(setup.dates[d].year) + " " + method.name,
            layout.stock(d, m, AccountLayout::carbon));
      }
      for (const ZoneEntry& zone : zone_entries(setup, sums, set)) {
        const std::string where = name + " " + zone.id + ", " + method.name;
        for (std::size_t d = 0; d < setup.dates.size() && method.features.split; ++d) {
          closures.push_back(pool_closure(layout, zone.sums, where + ", " + std::to_string(setup.dates[d].year), d, m));
        }
        for (std::size_t p = 0; p < layout.shape().periods(); ++p) {
          closures.push_back(period_closure(
              layout, zone.sums,
              where + ", " + std::to_string(setup.dates[p].year) + "-" + std::to_string(setup.dates[p + 1].year), p,
              m));
        }
      }
    }
  }
  const auto more = side_closures(setup, sums);
  closures.insert(closures.end(), more.begin(), more.end());
  return closures;
}

void demand_closures(const std::vector<Closure>& closures) {
  for (const Closure& closure : closures) {
    if (closure.holds()) continue;
    throw Error(Error::Kind::check, "closure failed: " + closure.name + " (" + closure.where +
                                        "): " + std::to_string(closure.left) + " against " +
                                        std::to_string(closure.right) + ": nothing was written; please report this");
  }
}

/// Forest without a stock at a date, or without a rate in a period, in any zone set.
void demand_modelled(const RunSetup& setup, const RunSums& sums) {
  const auto demand = [&](const FixedSum& area_ha, const std::string& when, const std::string& what,
                          const MethodRun& method) {
    if (area_ha.value() <= 0) return;
    throw Error(Error::Kind::check, "--strict: " + with_commas(area_ha.value(), 1) + " ha of forest have no " + what +
                                        " in " + when + " by method " + method.name +
                                        ": sinkcalc check shows where it comes from");
  };
  for (const auto& set : sums.inside) {
    const auto inside = set.find(ZoneSet::once);
    for (std::size_t m = 0; m < setup.methods.size(); ++m) {
      for (std::size_t d = 0; d < setup.dates.size(); ++d) {
        demand(inside[setup.layout->stock(d, m, AccountLayout::unmodelled_area)], std::to_string(setup.dates[d].year),
               "stock", setup.methods[m]);
      }
      for (std::size_t p = 0; p < setup.layout->shape().periods(); ++p) {
        const std::string period = std::to_string(setup.dates[p].year) + "-" + std::to_string(setup.dates[p + 1].year);
        demand(inside[setup.layout->no_rate_area(p, m)], period, "rate", setup.methods[m]);
      }
    }
  }
}

void demand_zones(const RunSetup& setup, const RunSums& sums) {
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    if (setup.zone_sets[set].from_raster()) demand_some_zone(setup.zone_sets[set], !sums.zones[set].zones().empty());
  }
}

}  // namespace

JobResult finish_run(const RunSetup& setup, const RunPlan& plan, RunPass& pass, OutputDirectory& directory,
                     const InputHashes& hashes, const ProgressCallback& progress, StartTime started,
                     const nlohmann::ordered_json& tiles) {
  const Job& job = setup.job;
  pass.demand_usable();
  demand_zones(setup, pass.totals.sums);
  pass.totals.check_memory(job.run.memory_bytes);
  const auto closures = closures_of(setup, pass.totals.sums);
  demand_closures(closures);
  if (job.run.strict) demand_modelled(setup, pass.totals.sums);
  finish_rasters(setup, directory, pass.rasters, pass.totals.statistics, progress);

  const Progress finished{setup.grid.pixels(), setup.grid.pixels(), "finishing"};
  const Table zones = zone_table(setup, pass.totals.sums);
  JobResult result;
  std::vector<BesideRaster> beside;
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    const OutputLayer& output = setup.outputs[i];
    beside.push_back(beside_raster(setup, output, pass.totals.codes_seen[i]));
    result.files.push_back({output.file, output.description});
    const auto files = write_beside(output, beside.back(), directory);
    result.files.insert(result.files.end(), files.begin(), files.end());
  }
  if (setup.change) {
    directory.write_text("matrix.csv", to_csv(run_matrix_table(setup, pass.totals.changes), job.output.csv_bom));
    result.files.push_back({"matrix.csv", "land-use transitions by zone, and the carbon they moved"});
  }
  std::optional<PatchLayer> patches;
  if (setup.patches) {
    patches = patch_layer(*setup.patches, pass.patches->finish());
    const auto files = write_patches(*setup.patches, *patches, job.output.csv_bom, directory);
    result.files.insert(result.files.end(), files.begin(), files.end());
  }
  directory.write_text("zones.csv", to_csv(zones, job.output.csv_bom));
  result.files.push_back({"zones.csv", "stocks, sink and gaps by zone"});
  if (!job.targets.empty()) {
    directory.write_text(
        "targets.csv",
        to_csv(target_table(setup, pass.totals.sums, [&] { check_going(progress, finished); }), job.output.csv_bom));
    result.files.push_back({"targets.csv", "targets and what was done"});
  }
  for (const SideTable& table : side_tables(setup, pass.totals.sums)) {
    directory.write_text(table.file, to_csv(table.table, job.output.csv_bom));
    result.files.push_back({table.file, table.meaning});
  }
  const auto zone_layers = write_zone_layers(setup, zones, directory.working("zones.gpkg"));
  result.files.push_back({"zones.gpkg", "the zones with their numbers"});
  if (has_project(setup)) result.files.push_back(write_project(setup, beside, zone_layers, directory));
  result.warnings = warnings_of(setup, pass.totals.census, pass.totals.sums);
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = run_record(setup, plan, pass.totals.census, closures, hashes(), result, started, tiles);
  if (patches) result.summary_json = with_patches(result.summary_json, *setup.patches, *patches);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  check_going(progress, finished);
  directory.publish(names);
  result.county_table = county_table(setup, pass.totals.sums, 0);
  return result;
}

}  // namespace sink
