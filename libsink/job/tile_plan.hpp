// SPDX-License-Identifier: Apache-2.0
// TilePlan: the run of an inventory cut into tiles that processes of their own compute. A tile is a set of whole output
// blocks (tiles of the GeoTIFFs), and every block is in exactly one. The plan fixes parameters, legends, options and
// the content of the inputs; its hash stands in every part that a tile leaves. A file has a plan for each of its
// inventories, as JSON lines: a header, then a line a tile; indices of tiles run on through the file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "job/run_setup.hpp"
#include "pipeline/block_plan.hpp"

namespace sink {

/// A file that the run reads: path as written, content, and the stamp that tells a changed one without reading it.
struct PlannedInput {
  std::string path, sha256;
  std::int64_t bytes = 0;
  std::string modified;  ///< seconds since 1970, to the nanosecond
};

/// What a tile is thought to take (tile_estimates.hpp).
struct TileEstimate {
  std::int64_t memory_bytes = 0;
  double core_seconds = 0;
};

struct PlannedTile {
  std::vector<Window> windows;  ///< whole blocks, cut at the grid's right and lower edge
  std::string zone;             ///< of a plan by zones: the zone that has most of its pixels; blank: outside all
  std::map<std::string, std::vector<std::string>> zones;  ///< by zone set: ids of the zones it reaches into
  TileEstimate estimate;
  [[nodiscard]] std::int64_t pixels() const;
};

struct TilePlan {
  std::string file;                   ///< where it was read; not of the plan itself
  std::size_t first = 0;              ///< index of its first tile in that file
  std::string name;                   ///< folder of its results where the file has several plans
  std::string inventory, directory;   ///< as typed, and the folder where it was typed
  std::string division;               ///< "4096", or the zone set's name
  std::string options;                ///< JSON: what the command line and the inventory say together (planned_job)
  std::string program, setup_sha256;  ///< program and libraries; parameters, legends, grid, outputs
  std::string windows_sha256;         ///< of all tiles' windows
  std::int64_t columns = 0, rows = 0;
  BlockShape block;
  std::vector<PlannedInput> inputs;
  std::vector<std::string> folders;  ///< folders of GeoTIFFs among the inputs, as written: nothing may be added
  std::vector<std::string> outputs;  ///< of the merged run: rasters
  TileEstimate estimate;             ///< the largest memory of a tile, and the time of all
  std::int64_t merge_memory_bytes = 0;
  std::vector<PlannedTile> tiles;  ///< by index, less `first`

  /// SHA-256 of all that says what comes out: not of paths of the plan, its place in the file, time stamps, estimates.
  [[nodiscard]] std::string hash() const;
};

/// What a tile leaves, below the folder that the tiles share; by its index in the file.
std::string part_name(std::size_t index);

std::string to_json_lines(std::vector<TilePlan> plans);
/// At least one. With `only`, the index of a tile in the file, other tiles are counted and hold nothing. Throws
/// Error::input where the file cannot be read, is of another version, or has been changed.
std::vector<TilePlan> read_tile_plans(const std::string& file, std::optional<std::size_t> only = {});
/// Whether a file that is there may be replaced by a plan: it is empty or begins as a plan does, of any version, broken
/// or not.
bool begins_as_plan(const std::string& file);
/// The plan that a tile is of. Throws Error::input where there is no such tile.
const TilePlan& plan_of_tile(const std::vector<TilePlan>& plans, std::size_t index);
/// How many tiles the plans of a file have.
std::size_t tiles_in(const std::vector<TilePlan>& plans);
/// Whether it is the name of something in a folder, and of that folder only.
bool is_plain_name(const std::string& name);
/// `progress` with the name before each stage, where something is done for several.
ProgressCallback progress_of(const std::string& name, const ProgressCallback& progress);
/// Its inventory as it was typed, where we are where it was typed (messages are then those of a plain run), else the
/// whole path.
std::string inventory_of(const TilePlan& plan);

/// What a plan keeps of a job beside its inventory, as JSON; and the job again, from an inventory that may lie
/// elsewhere.
std::string planned_options(const Job& job);
Job planned_job(const TilePlan& plan, const std::string& inventory);

/// "sinkcalc 0.1.0, GDAL 3.6.2, PROJ 9.1.1".
std::string planning_program();
/// SHA-256 of what a setup has found beside pixels.
std::string setup_sha256(const RunSetup& setup);
/// Size and time stamp of a file. Throws Error::input where it is not there.
PlannedInput stamp_of(const std::string& written, const std::string& path);

}  // namespace sink
