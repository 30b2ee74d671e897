// SPDX-License-Identifier: Apache-2.0
// One run from beginning to end: set up, one pass over the pixels, tables, record, publication.
#include <algorithm>
#include <memory>
#include <optional>

#include "job/block_worker.hpp"
#include "job/finish_rasters.hpp"
#include "job/input_findings.hpp"
#include "job/job.hpp"
#include "job/output_directory.hpp"
#include "job/patch_collection.hpp"
#include "job/patch_output.hpp"
#include "job/run_changes.hpp"
#include "job/run_files.hpp"
#include "job/run_plan.hpp"
#include "job/run_project.hpp"
#include "job/run_record.hpp"
#include "job/sha256.hpp"
#include "job/zone_layers.hpp"
#include "job/zone_table.hpp"
#include "pipeline/block_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "raster/raster_output.hpp"

namespace sink {
namespace {

/// What the pass leaves: sums, counts and one working raster for each output layer.
struct Pass {
  RunSums sums;
  Census census;
  std::vector<StoredStatistics> statistics;
  std::vector<RasterOutput> writers;
  std::vector<ChangeCells> changes;                   ///< by zone set
  std::vector<std::vector<std::uint8_t>> codes_seen;  ///< by output layer
  std::optional<PatchCollection> patches;
  bool usable = true;

  explicit Pass(const RunSetup& setup) : statistics(setup.outputs.size()) {
    const std::size_t n = setup.layout->size(), sets = setup.zone_sets.size();
    sums = {std::vector<ZoneSums>(sets, ZoneSums(n)),
            std::vector<ZoneSums>(sets, ZoneSums(n)),
            std::vector<ZoneSums>(setup.parcel_groups.size() * sets, ZoneSums(n)),
            {},
            ZoneSums(n)};
    for (const auto& side : setup.sides) sums.sides.emplace_back(sets, ZoneSums(side->sums()));
    if (setup.patches) patches.emplace(*setup.patches);
    for (const auto& output : setup.outputs) codes_seen.emplace_back(setup.code_places(output), 0);
    if (setup.change) changes.resize(sets);
  }

  void merge(const BlockResult& block) {
    census += block.census;
    usable = usable && block.usable;
    if (!block.usable) return;
    sums.whole += block.whole;
    const auto add = [](std::vector<ZoneSums>& to, const std::vector<ZoneSums>& from) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
    };
    add(sums.zones, block.zones);
    add(sums.inside, block.inside);
    add(sums.parcels, block.parcels);
    for (std::size_t side = 0; side < sums.sides.size(); ++side) add(sums.sides[side], block.sides[side]);
    for (std::size_t i = 0; i < statistics.size(); ++i) statistics[i] += block.statistics[i];
    for (std::size_t i = 0; i < changes.size(); ++i) changes[i] += block.changes[i];
    for (std::size_t i = 0; i < codes_seen.size(); ++i) {
      for (std::size_t code = 0; code < codes_seen[i].size(); ++code) codes_seen[i][code] |= block.codes_seen[i][code];
    }
  }

  /// Zone sums may take half the memory (architecture.md, Accounting).
  void check_memory(std::int64_t budget_bytes) const {
    std::size_t bytes = 0, zones = 0;
    for (const auto& set : changes) bytes += set.bytes();
    for (const auto& side : sums.sides) {
      for (const auto& set : side) bytes += set.bytes();
    }
    for (const auto& set : sums.zones) {
      bytes += set.bytes();
      zones += set.zones().size();
    }
    if (bytes > static_cast<std::size_t>(budget_bytes) / 2) {
      throw Error(Error::Kind::memory, "the sums of " + std::to_string(zones) +
                                           " zones take more than half of --memory: give more, or fewer zones");
    }
  }
};

void check_going(const ProgressCallback& progress, const Progress& state) {
  if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
}

/// What one thread has of its own.
struct PassWorker {
  BlockWorker block;
  TileScratch scratch;
};

/// Writes a window of the rasters that are, or are not, for any order of windows.
void write_rasters(const RunSetup& setup, Pass& pass, bool in_any_order, TileScratch& scratch, const Window& window,
                   const BlockResult& result) {
  for (std::size_t i = 0; i < pass.writers.size(); ++i) {
    if (pass.writers[i].in_any_order() != in_any_order) continue;
    if (setup.outputs[i].codes()) {
      pass.writers[i].write(scratch, window, std::span<const std::uint32_t>(result.codes[i]));
    } else {
      pass.writers[i].write(scratch, window, std::span<const float>(result.rasters[i]));
    }
  }
}

void pass_over_pixels(const RunSetup& setup, const RunPlan& plan, Pass& pass, const ProgressCallback& progress) {
  Progress state{0, setup.grid.pixels(), "computing"};
  std::size_t blocks = 0;
  TileScratch scratch;
  check_going(progress, state);
  run_blocks<BlockResult>(
      plan.blocks.windows, {setup.threads, plan.live_blocks},
      [&] {
        return PassWorker{BlockWorker(setup), {}};
      },
      [&](PassWorker& worker, const Window& window, BlockResult& result) {
        worker.block.compute(window, result);
        if (result.usable) write_rasters(setup, pass, true, worker.scratch, window, result);
      },
      [&](const Window& window, BlockResult& result) {
        pass.merge(result);
        if (pass.patches && pass.usable) pass.patches->add(result.patches, setup.job.run.memory_bytes);
        if (pass.usable) write_rasters(setup, pass, false, scratch, window, result);
        if (++blocks % 64 == 0) pass.check_memory(setup.job.run.memory_bytes);
        state.pixels_done += window.pixels();
        check_going(progress, state);
      });
}

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

JobResult run_job(const Job& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const RunSetup setup(job);
  std::vector<std::string> paths;
  for (const auto& file : setup.files_read()) paths.push_back(path_below(job.base_directory, file));
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup), paths);
  const RunPlan plan = plan_run(setup);
  BackgroundHashes hashes(std::move(paths));

  Pass pass(setup);
  const RasterFormat format{job.output.format == OutputFormat::cog, job.output.creation_options, setup.threads,
                            job.run.io};
  const std::int64_t waiting_bytes =
      waiting_tile_bytes(job.run.memory_bytes, static_cast<std::int64_t>(setup.outputs.size()));
  for (const auto& output : setup.outputs) {
    pass.writers.emplace_back(directory.working(output.file + ".working"), setup.grid, plan.blocks.window.columns,
                              plan.blocks.window.rows, words_of(output), format, output.pixels, waiting_bytes);
  }
  pass_over_pixels(setup, plan, pass, progress);
  demand_usable(setup, pass.census);
  demand_zones(setup, pass.sums);
  pass.check_memory(job.run.memory_bytes);
  const auto closures = closures_of(setup, pass.sums);
  demand_closures(closures);
  if (job.run.strict) demand_modelled(setup, pass.sums);
  finish_rasters(setup, directory, pass.writers, pass.statistics, progress);

  const Progress finished{setup.grid.pixels(), setup.grid.pixels(), "finishing"};
  const Table zones = zone_table(setup, pass.sums);
  JobResult result;
  std::vector<BesideRaster> beside;
  for (std::size_t i = 0; i < setup.outputs.size(); ++i) {
    const OutputLayer& output = setup.outputs[i];
    beside.push_back(beside_raster(setup, output, pass.codes_seen[i]));
    result.files.push_back({output.file, output.description});
    const auto files = write_beside(output, beside.back(), directory);
    result.files.insert(result.files.end(), files.begin(), files.end());
  }
  if (setup.change) {
    directory.write_text("matrix.csv", to_csv(run_matrix_table(setup, pass.changes), job.output.csv_bom));
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
    directory.write_text("targets.csv", to_csv(target_table(setup, pass.sums, [&] { check_going(progress, finished); }),
                                               job.output.csv_bom));
    result.files.push_back({"targets.csv", "targets and what was done"});
  }
  for (const SideTable& table : side_tables(setup, pass.sums)) {
    directory.write_text(table.file, to_csv(table.table, job.output.csv_bom));
    result.files.push_back({table.file, table.meaning});
  }
  const auto zone_layers = write_zone_layers(setup, zones, directory.working("zones.gpkg"));
  result.files.push_back({"zones.gpkg", "the zones with their numbers"});
  if (has_project(setup)) result.files.push_back(write_project(setup, beside, zone_layers, directory));
  result.warnings = warnings_of(setup, pass.census, pass.sums);
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = run_record(setup, plan, pass.census, closures, hashes.get(), result, started);
  if (patches) result.summary_json = with_patches(result.summary_json, *setup.patches, *patches);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  check_going(progress, finished);
  directory.publish(names);
  result.county_table = county_table(setup, pass.sums, 0);
  return result;
}

}  // namespace sink
