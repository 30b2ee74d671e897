// SPDX-License-Identifier: Apache-2.0
// Making a plan of tiles: what is divided, what everything hashes to, what a tile will take.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "job/json_line.hpp"
#include "job/run_files.hpp"
#include "job/run_pass.hpp"
#include "job/sha256.hpp"
#include "job/tile_blocks.hpp"
#include "job/tile_estimates.hpp"
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

/// A plan is JSON, which holds no other bytes.
void demand_utf8(const std::string& name) {
  if (nlohmann::json::parse(line_of(name)) == name) return;
  throw input_error(name, "is not in UTF-8, and a plan of tiles cannot name it: rename it");
}

TilePlan plan_inventory(const Job& asked, const std::string& inventory, const TileDivision& division,
                        const ProgressCallback& progress) {
  const auto started = std::chrono::steady_clock::now();
  check_creation_options({asked.output.format == OutputFormat::cog, asked.output.creation_options, 1});
  if (!asked.run.allowed_drivers.empty()) {
    throw usage_error(
        "tiles: --allow-driver is for plain runs: a plan cannot tell whether what such a file reads changed");
  }
  Job job = asked;
  job.run.threads = std::max(1, asked.run.threads);  // all of this machine says nothing of others
  const RunSetup setup(job);
  const std::chrono::duration<double> set_up = std::chrono::steady_clock::now() - started;
  const auto check = [&](const char* stage) { check_going(progress, {0, setup.grid.pixels(), stage}); };

  TilePlan plan;
  plan.inventory = inventory;
  plan.directory = fs::current_path().string();
  plan.options = planned_options(asked);
  for (const std::string& name : {plan.directory, inventory}) demand_utf8(name);
  for (const ZoneSource& zones : asked.zones) demand_utf8(zones.where);
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
  for (const InputPath& input : inputs) {
    demand_utf8(input.written);
    plan.inputs.push_back(stamp_of(input.written, input.path));
  }
  plan.folders = input_folders(setup);
  BackgroundHashes hashes(input_paths(setup));
  find_zones(setup, plan.tiles, dividing);
  const auto hash_of = hashes.get([&] { check("hashing the inputs"); });
  for (std::size_t i = 0; i < inputs.size(); ++i) plan.inputs[i].sha256 = hash_of.at(inputs[i].path);

  estimate(plan, setup, set_up.count(), progress);
  return plan;
}

/// What the results of an inventory are called among others: as its file, or as its folder where the file has the name
/// that all inventories have.
std::string result_name(const std::string& inventory) {
  const fs::path path = fs::absolute(inventory).lexically_normal();
  const std::string file = path.stem().string(), folder = path.parent_path().filename().string();
  return file == "inventory" && !folder.empty() ? folder : file;
}

std::vector<std::string> result_names(const std::vector<InventoryJob>& jobs) {
  std::map<std::string, std::string> inventories;  // by name
  std::vector<std::string> names;
  for (const InventoryJob& job : jobs) {
    names.push_back(result_name(job.inventory));
    if (!is_plain_name(names.back())) throw input_error(job.inventory, "its results cannot be called so: rename it");
    const auto [other, is_new] = inventories.emplace(names.back(), job.inventory);
    if (is_new) continue;
    throw input_error(job.inventory, "its results would lie in a folder " + names.back() + ", as those of " +
                                         other->second + ": rename one of the two");
  }
  return names;
}

}  // namespace

std::string plan_tiles(const std::vector<InventoryJob>& jobs, const TileDivision& division,
                       const ProgressCallback& progress) {
  const std::vector<std::string> names = result_names(jobs);
  std::vector<TilePlan> plans;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto& [inventory, job] = jobs[i];
    try {
      plans.push_back(
          plan_inventory(job, inventory, division, jobs.size() == 1 ? progress : progress_of(names[i], progress)));
    } catch (const Error& error) {
      // Errors of inputs name a file; those of options have to say which inventory they do not fit.
      if (error.kind() != Error::Kind::usage || jobs.size() == 1) throw;
      throw usage_error(inventory + ": " + error.what());
    }
    plans.back().name = names[i];
  }
  return to_json_lines(std::move(plans));
}

void demand_place_for_plan(const std::string& file, bool overwrite) {
  std::error_code error;
  const fs::path folder = fs::absolute(file).parent_path();
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    throw output_error(file, std::string("cannot be written (") + std::strerror(errno) +
                                 "): give a -o in a folder that is there and can be written");
  }
  if (!fs::exists(file, error)) return;
  if (!begins_as_plan(file)) throw input_error(file, "is there and is no plan of tiles: give another -o");
  if (!overwrite) throw input_error(file, "is a plan already: add --overwrite or give another -o");
}

void write_plan(const std::string& file, const std::string& plan) {
  const fs::path place = fs::absolute(file);
  const WorkingFolder working(place.parent_path().string());
  write_passing(place.string(), working, [&](PartFile& out) { out.append(std::as_bytes(std::span(plan))); });
}

std::size_t tiles_of(const std::string& plan_file) {
  return tiles_in(read_tile_plans(plan_file));
}

}  // namespace sink
