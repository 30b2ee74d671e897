// SPDX-License-Identifier: Apache-2.0
// A run in tiles: a plan of them, one of them, and all of them put together. The merged results are those of `run_job`,
// byte for byte, the record's `timings` aside.
#pragma once

#include <string>
#include <vector>

#include "job/job.hpp"

namespace sink {

struct TileDivision {
  std::int64_t side = 0;  ///< pixels of square tiles; 0: by zones
  std::string by;         ///< name of a zone set
};

struct InventoryJob {
  std::string inventory;  ///< path as typed
  Job job;
};

/// The plans of one or more inventories as JSON lines (tile_plan.hpp). Reads every input once, for its hash, and
/// computes a few blocks, for the estimates. Throws Error::usage where a kind of output cannot be made in tiles,
/// Error::input where the results of two inventories would lie in one folder, and what `run_job` throws.
std::string plan_tiles(const std::vector<InventoryJob>& jobs, const TileDivision& division,
                       const ProgressCallback& progress);

/// Throws Error::input where the file is there and `overwrite` is false, or it is no plan; Error::output where its
/// folder cannot be written.
void demand_place_for_plan(const std::string& file, bool overwrite);
/// Writes a plan, whole or not at all. Throws Error::output.
void write_plan(const std::string& file, const std::string& plan);

/// How many tiles a plan has. Throws Error::input.
std::size_t tiles_of(const std::string& plan_file);

/// What a process may choose by itself; everything else is fixed in the plan.
struct TileRun {
  std::string directory;  ///< the tiles' folder, or that of the merged results
  bool overwrite = false;
  int threads = 0;
  std::int64_t memory_bytes = 512LL << 20;
  std::string command_line;
};

struct TileResult {
  std::string part;          ///< file that was written
  bool was_there = false;    ///< finished before; nothing was done
  std::string summary_json;  ///< what --json prints
};
/// Computes a tile and leaves its part below `run.directory`, whole or not at all. A part that is there and whole is
/// left as it is; one of another plan is refused unless `run.overwrite`. `inventory` is that of the tile, or blank:
/// then it is where the plan has it. Throws Error of every kind.
TileResult run_tile(const std::string& plan_file, std::size_t index, const std::string& inventory, const TileRun& run,
                    const ProgressCallback& progress);

/// A tile that a merge cannot use, and why.
struct UnusableTile {
  std::size_t index = 0;
  std::string why;
  bool foreign = false;  ///< whole, but of another plan or tile: it is replaced only by `TileRun::overwrite`
};
/// A part that is not as it was written.
struct DamagedPart : Error {
  explicit DamagedPart(const std::string& file)
      : Error(Kind::input, file + ": is damaged, or is no part of a tile: run its tile again") {}
};
/// The tiles whose parts are missing, damaged or of another plan, in order. Where the first bytes of all parts are as
/// they should be and `read_all` is false no more is read, and none is named: `merge_tiles` reads them anyway.
std::vector<UnusableTile> unusable_tiles(const std::string& plan_file, const std::string& from, bool read_all,
                                         const ProgressCallback& progress);
/// "0-3,7", as sbatch --array takes it.
std::string ranges_of(const std::vector<UnusableTile>& tiles);

/// Throws what `merge_tiles` would say before its work: inputs that changed, a folder that holds results.
void demand_place_for_merge(const std::string& plan_file, const TileRun& run, const ProgressCallback& progress);
/// Puts the parts below `from` together into `run.directory`, or into a folder of it for each inventory where the plan
/// has several; then the results of all appear when all are made. Throws what `run_job` throws; Error::input where an
/// input is not what the plan was made from, or a part is unusable; DamagedPart.
JobResult merge_tiles(const std::string& plan_file, const std::string& from, const TileRun& run,
                      const ProgressCallback& progress);

}  // namespace sink
