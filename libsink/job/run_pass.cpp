// SPDX-License-Identifier: Apache-2.0
#include "job/run_pass.hpp"

#include "job/input_findings.hpp"
#include "job/run_files.hpp"
#include "pipeline/run_blocks.hpp"

namespace sink {
namespace {

template <class T>
void add_all(std::vector<T>& to, const std::vector<T>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

/// What one thread has of its own.
struct PassWorker {
  BlockWorker block;
  TileScratch scratch;
};

}  // namespace

void check_going(const ProgressCallback& progress, const Progress& state) {
  if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
}

PassTotals::PassTotals(const RunSetup& setup) : statistics(setup.outputs.size()) {
  const std::size_t n = setup.layout->size(), sets = setup.zone_sets.size();
  sums = {std::vector<ZoneSums>(sets, ZoneSums(n)),
          std::vector<ZoneSums>(sets, ZoneSums(n)),
          std::vector<ZoneSums>(setup.parcel_groups.size() * sets, ZoneSums(n)),
          {},
          ZoneSums(n)};
  for (const auto& side : setup.sides) sums.sides.emplace_back(sets, ZoneSums(side->sums()));
  for (const auto& output : setup.outputs) codes_seen.emplace_back(setup.code_places(output), 0);
  if (setup.change) changes.resize(sets);
}

template <class Sums, class Rest>
void PassTotals::add(const Sums& of, const Rest& rest) {
  sums.whole += of.whole;
  add_all(sums.zones, of.zones);
  add_all(sums.inside, of.inside);
  add_all(sums.parcels, of.parcels);
  for (std::size_t side = 0; side < sums.sides.size(); ++side) add_all(sums.sides[side], of.sides[side]);
  add_all(statistics, rest.statistics);
  add_all(changes, rest.changes);
  for (std::size_t i = 0; i < codes_seen.size(); ++i) {
    for (std::size_t code = 0; code < codes_seen[i].size(); ++code) codes_seen[i][code] |= rest.codes_seen[i][code];
  }
}

void PassTotals::operator+=(const BlockResult& block) {
  census += block.census;
  usable = usable && block.usable;
  if (block.usable) add(block, block);
}

void PassTotals::operator+=(const PassTotals& other) {
  census += other.census;
  usable = usable && other.usable;
  add(other.sums, other);
}

void PassTotals::check_memory(std::int64_t budget_bytes) const {
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

RunPass::RunPass(const RunSetup& setup, const RunPlan& plan,
                 const std::function<std::string(const OutputLayer&)>& working)
    : totals(setup), setup_(setup), plan_(plan) {
  if (setup.patches) patches.emplace(*setup.patches);
  const RasterFormat format = raster_format(setup);
  const std::int64_t waiting_bytes =
      waiting_tile_bytes(setup.job.run.memory_bytes, static_cast<std::int64_t>(setup.outputs.size()));
  for (const auto& output : setup.outputs) {
    rasters.emplace_back(working(output), setup.grid, plan.blocks.window.columns, plan.blocks.window.rows,
                         words_of(output), format, output.pixels, waiting_bytes);
    rasters.back().expect(plan.blocks.windows);
  }
}

void RunPass::write_rasters(bool in_any_order, TileScratch& scratch, const Window& window, const BlockResult& result) {
  for (std::size_t i = 0; i < rasters.size(); ++i) {
    if (rasters[i].in_any_order() != in_any_order) continue;
    if (setup_.outputs[i].codes()) {
      rasters[i].write(scratch, window, std::span<const std::uint32_t>(result.codes[i]));
    } else {
      rasters[i].write(scratch, window, std::span<const float>(result.rasters[i]));
    }
  }
}

void RunPass::over_pixels(const ProgressCallback& progress) {
  Progress state{0, 0, "computing"};
  for (const Window& window : plan_.blocks.windows) state.pixels_total += window.pixels();
  std::size_t blocks = 0;
  check_going(progress, state);
  run_blocks<BlockResult>(
      plan_.blocks.windows, {setup_.threads, plan_.live_blocks},
      [&] {
        return PassWorker{BlockWorker(setup_), {}};
      },
      [&](PassWorker& worker, const Window& window, BlockResult& result) {
        worker.block.compute(window, result);
        if (result.usable) write_rasters(true, worker.scratch, window, result);
      },
      [&](const Window& window, BlockResult& result) {
        totals += result;
        if (patches && totals.usable) patches->add(result.patches, setup_.job.run.memory_bytes);
        if (totals.usable) write_rasters(false, scratch_, window, result);
        if (++blocks % 64 == 0) totals.check_memory(setup_.job.run.memory_bytes);
        state.pixels_done += window.pixels();
        check_going(progress, state);
      });
}

void RunPass::demand_usable() const {
  sink::demand_usable(setup_, totals.census);
}

void RunPass::save(ArchiveWriter& archive) {
  archive(totals);
  if (patches) archive(patches->pieces());
  for (RasterOutput& raster : rasters) raster.save(archive);
}

void RunPass::load(ArchiveReader& archive) {
  PassTotals more(setup_);
  archive(more);
  totals += more;
  if (patches) {
    std::vector<PatchPieces> pieces;
    archive(pieces);
    if (pieces.size() != patches->pieces().size()) throw damaged_archive();
    patches->add(pieces, setup_.job.run.memory_bytes);
  }
  for (RasterOutput& raster : rasters) raster.load(archive, scratch_);
}

}  // namespace sink
