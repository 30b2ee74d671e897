// SPDX-License-Identifier: Apache-2.0
// Making a plan of tiles: what is divided, what everything hashes to, what a tile will take.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "job/run_files.hpp"
#include "job/run_pass.hpp"
#include "job/sha256.hpp"
#include "job/tile_blocks.hpp"
#include "job/tile_part.hpp"
#include "job/tiles.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

/// The blocks that all outputs have.
BlockShape output_block(const RunSetup& setup) {
  std::optional<RasterSize> shared;
  for (const OutputLayer& output : setup.outputs) {
    const auto own = RasterOutput::tile_size(setup.grid, raster_format(setup), output.pixels);
    if (!own) {
      throw usage_error(
          "tiles: " + output.file +
          " would be written by GDAL, which cannot be done in parts: leave out --io gdal, and those --co keys that are "
          "not LEVEL, BLOCKSIZE, BLOCKXSIZE, BLOCKYSIZE, PREDICTOR, BIGTIFF, SPARSE_OK or COMPRESS=ZSTD, DEFLATE, "
          "NONE");
    }
    if (shared && (own->columns != shared->columns || own->rows != shared->rows)) {
      throw usage_error("tiles: the outputs have blocks of several sizes: give one --co BLOCKSIZE");
    }
    shared = own;
  }
  return shared ? BlockShape{shared->columns, shared->rows} : BlockShape{512, 512};
}

std::size_t set_called(const RunSetup& setup, const std::string& name) {
  std::string known;
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    if (setup.zone_sets[set].whole_grid()) continue;
    if (setup.zone_sets[set].source().set == name) return set;
    known += (known.empty() ? "" : ", ") + setup.zone_sets[set].source().set;
  }
  throw usage_error("--by " + name + ": no such zone set: " +
                    (known.empty() ? "the inventory has none: give --tile" : "give one of " + known));
}

/// What a few blocks take on one thread, reading and encoding included.
struct Sample {
  double seconds_per_pixel = 0;
  std::int64_t peak_bytes = 0;
};

/// `setup` is for one thread.
Sample measure(const RunSetup& setup, BlockShape block, const ProgressCallback& progress) {
  const auto blocks = blocks_of(setup.grid, block);
  const std::size_t n = std::min<std::size_t>(4, blocks.size());
  std::vector<Window> chosen;
  for (std::size_t i = 0; i < n; ++i) chosen.push_back(blocks[(2 * i + 1) * blocks.size() / (2 * n)]);
  const RunPlan plan = plan_areas(setup, chosen, block);
  std::error_code none;
  const fs::path temporary = fs::temp_directory_path(none);
  RunPass pass = pass_without_names(setup, plan, none ? "." : temporary.string());
  const auto started = std::chrono::steady_clock::now();
  pass.over_pixels([&](const Progress& state) {
    return !progress || progress({state.pixels_done, state.pixels_total, "measuring"});
  });
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  std::int64_t pixels = 0;
  for (const Window& window : chosen) pixels += window.pixels();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {elapsed.count() / static_cast<double>(pixels), usage.ru_maxrss * 1024};
}

}  // namespace

std::string plan_tiles(const Job& asked, const std::string& inventory, const TileDivision& division,
                       const ProgressCallback& progress) {
  const auto started = std::chrono::steady_clock::now();
  check_creation_options({asked.output.format == OutputFormat::cog, asked.output.creation_options, 1});
  if (!asked.run.allowed_drivers.empty()) {
    throw usage_error(
        "tiles: --allow-driver is for plain runs: a plan cannot tell whether what such a file reads changed");
  }
  Job job = asked;
  job.run.threads = 1;
  const RunSetup setup(job);
  const std::chrono::duration<double> set_up = std::chrono::steady_clock::now() - started;
  const auto check = [&](const char* stage) { check_going(progress, {0, setup.grid.pixels(), stage}); };

  TilePlan plan;
  plan.inventory = inventory;
  plan.directory = fs::current_path().string();
  plan.options = planned_options(asked);
  plan.program = planning_program();
  plan.setup_sha256 = setup_sha256(setup);
  plan.columns = setup.grid.columns;
  plan.rows = setup.grid.rows;
  plan.block = output_block(setup);
  for (const OutputLayer& output : setup.outputs) plan.outputs.push_back(output.file);
  const auto dividing = [&] { check("dividing"); };
  if (division.by.empty()) {
    plan.division = std::to_string(division.side);
    plan.tiles = square_tiles(setup.grid, plan.block, division.side);
  } else {
    plan.division = division.by;
    plan.tiles = zone_tiles(setup, set_called(setup, division.by), plan.block, dividing);
  }

  // Stamps first: a file that is written to meanwhile shows.
  const auto inputs = single_inputs(setup);
  for (const InputPath& input : inputs) plan.inputs.push_back(stamp_of(input.written, input.path));
  plan.folders = input_folders(setup);
  BackgroundHashes hashes(input_paths(setup));
  find_zones(setup, plan.tiles, dividing);
  const auto hash_of = hashes.get([&] { check("hashing the inputs"); });
  for (std::size_t i = 0; i < inputs.size(); ++i) plan.inputs[i].sha256 = hash_of.at(inputs[i].path);

  const Sample sample = measure(setup, plan.block, progress);
  for (PlannedTile& tile : plan.tiles) {
    // What a process holds whatever it computes, and its budget.
    tile.estimate = {sample.peak_bytes + job.run.memory_bytes,
                     set_up.count() + sample.seconds_per_pixel * static_cast<double>(tile.pixels())};
    plan.estimate.memory_bytes = std::max(plan.estimate.memory_bytes, tile.estimate.memory_bytes);
    plan.estimate.core_seconds += tile.estimate.core_seconds;
  }
  return to_json_lines(plan);
}

void demand_place_for_plan(const std::string& file, bool overwrite) {
  std::error_code error;
  const fs::path folder = fs::absolute(file).parent_path();
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    throw output_error(file, std::string("cannot be written (") + std::strerror(errno) +
                                 "): give a -o in a folder that is there and can be written");
  }
  if (!fs::exists(file, error)) return;
  try {
    read_tile_plan(file);
  } catch (const Error&) {
    throw input_error(file, "is there and is no plan of tiles: give another -o");
  }
  if (!overwrite) throw input_error(file, "is a plan already: add --overwrite or give another -o");
}

void write_plan(const std::string& file, const std::string& plan) {
  const fs::path place = fs::absolute(file);
  write_passing(place.string(), [&](PartFile& out) { out.append(std::as_bytes(std::span(plan))); });
}

std::size_t tiles_of(const std::string& plan_file) {
  return read_tile_plan(plan_file).tiles.size();
}

}  // namespace sink
