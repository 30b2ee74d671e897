// SPDX-License-Identifier: Apache-2.0
// RunPass: what goes over the pixels of a run, or of one tile of it, and what it leaves: exact sums, counts, pieces of
// patches, encoded raster tiles. What two passes leave can be added, in any order, with the same result.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "job/block_worker.hpp"
#include "job/patch_collection.hpp"
#include "job/run_plan.hpp"
#include "job/zone_table.hpp"
#include "raster/raster_output.hpp"

namespace sink {

/// What a pass counts.
struct PassTotals {
  explicit PassTotals(const RunSetup& setup);

  RunSums sums;
  Census census;
  std::vector<StoredStatistics> statistics;           ///< by output layer
  std::vector<ChangeCells> changes;                   ///< by zone set
  std::vector<std::vector<std::uint8_t>> codes_seen;  ///< by output layer
  bool usable = true;                                 ///< false: inputs hold what stops the run

  void operator+=(const BlockResult& block);
  void operator+=(const PassTotals& other);
  /// Zone sums may take half the memory (architecture.md, Accounting): Error::memory.
  void check_memory(std::int64_t budget_bytes) const;
  /// Of passes over the same setup.
  template <class Archive>
  void transfer(Archive& archive) {
    for (auto* sets : {&sums.zones, &sums.inside, &sums.parcels}) archive.each(*sets);
    for (auto& side : sums.sides) archive.each(side);
    archive(sums.whole, census);
    archive.each(statistics);
    archive.each(changes);
    for (auto& seen : codes_seen) archive.each(seen);
  }

 private:
  template <class Sums, class Rest>
  void add(const Sums& of, const Rest& rest);
};

class RunPass {
 public:
  /// `working` names a file for what a raster holds until it is finished. Throws Error::output, Error::memory.
  RunPass(const RunSetup& setup, const RunPlan& plan, const std::function<std::string(const OutputLayer&)>& working);

  /// Computes the windows of the plan. Throws Error of every kind but usage.
  void over_pixels(const ProgressCallback& progress);
  /// Throws Error::input where inputs held what stops the run.
  void demand_usable() const;

  /// Writes what is there, and takes in what another pass over the same setup wrote.
  void save(ArchiveWriter& archive);
  void load(ArchiveReader& archive);

  PassTotals totals;
  std::vector<RasterOutput> rasters;       ///< by output layer
  std::optional<PatchCollection> patches;  ///< absent: not asked for

 private:
  void write_rasters(bool in_any_order, TileScratch& scratch, const Window& window, const BlockResult& result);

  const RunSetup& setup_;
  const RunPlan& plan_;
  TileScratch scratch_;
};

/// Throws Error::interrupted where `progress` says to stop.
void check_going(const ProgressCallback& progress, const Progress& state);

}  // namespace sink
