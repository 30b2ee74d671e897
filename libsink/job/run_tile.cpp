// SPDX-License-Identifier: Apache-2.0
// One tile of a plan: the pass of a run over its windows, and the part that it leaves.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "job/planned_setup.hpp"
#include "job/tile_part.hpp"
#include "job/tiles.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

std::string summary(std::size_t index, const std::string& part, bool was_there, std::int64_t pixels) {
  const nlohmann::ordered_json json = {{"tile", index}, {"part", part}, {"was_there", was_there}, {"pixels", pixels}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

/// Whether the part is there and nothing is to be done.
bool finished(const std::string& part, const TilePlan& plan, std::size_t index, bool overwrite,
              const std::function<void()>& check) {
  switch (state_of_part(part, plan.hash(), index, PartLook::at_all, check)) {
    case PartState::whole:
      return true;
    case PartState::of_another_plan:
      if (overwrite) return false;
      throw input_error(part, "is of another plan, or of another tile: add --overwrite or give another -o");
    case PartState::missing:
    case PartState::damaged:
      break;
  }
  std::error_code ignored;
  if (fs::is_directory(part, ignored)) throw output_error(part, "is not a file and cannot be replaced: move it away");
  return false;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || access(folder.c_str(), W_OK | X_OK) != 0) {
    throw output_error(folder.string(), "cannot be written (" + (error ? error.message() : std::strerror(errno)) +
                                            "): give a -o that can be written");
  }
}

/// The inventory of a tile: as typed, or where the plan has it. It may have moved, but keeps its name, and it must not
/// be that of other tiles.
std::string inventory_of_tile(const std::vector<TilePlan>& plans, std::size_t index, const std::string& typed) {
  const TilePlan& plan = plan_of_tile(plans, index);
  if (typed.empty()) return inventory_of(plan);
  std::error_code ignored;
  const auto is_of = [&](const TilePlan& other) { return fs::equivalent(typed, inventory_of(other), ignored); };
  const bool moved = fs::path(typed).filename() == fs::path(plan.inventory).filename() &&
                     std::none_of(plans.begin(), plans.end(), is_of);
  if (moved || is_of(plan)) return typed;
  throw input_error(plan.file, "its tile " + std::to_string(index) + " is of " + plan.inventory + ", not of " + typed +
                                   ": give that inventory, or none");
}

TileTimings timings_since(std::chrono::steady_clock::time_point started, int threads) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  return {elapsed.count(), threads, usage.ru_maxrss, host};
}

}  // namespace

TileResult run_tile(const std::string& plan_file, std::size_t index, const std::string& inventory, const TileRun& run,
                    const ProgressCallback& progress) {
  const auto started = std::chrono::steady_clock::now();
  const std::vector<TilePlan> plans = read_tile_plans(plan_file, index);
  const TilePlan& plan = plan_of_tile(plans, index);
  const std::size_t own = index - plan.first;
  const std::int64_t pixels = plan.tiles[own].pixels();
  const auto check = [&] { check_going(progress, {0, pixels, "computing"}); };
  const std::string part = (fs::path(run.directory) / part_name(index)).string();
  if (run.directory.empty()) throw usage_error("-o: is blank: give the folder that the tiles share");
  const std::string its_inventory = inventory_of_tile(plans, index, inventory);
  const auto strict = PlannedInputs::Stamps::strict;
  const PlannedInputs inputs(plan, its_inventory, strict);  // a finished tile of inputs that changed is none
  if (finished(part, plan, own, run.overwrite, check)) return {part, true, summary(index, part, true, pixels)};

  const PlannedSetup planned(plan, its_inventory, run, strict);
  const RunSetup& setup = planned.setup();
  const RunPlan windows = plan_areas(setup, plan.tiles[own].windows, plan.block);
  const std::string folder = fs::path(part).parent_path().string();
  make_folder(folder);
  const WorkingFolder working(folder);
  RunPass pass = pass_without_names(setup, windows, working);
  pass.over_pixels(progress);
  pass.demand_usable();
  pass.totals.check_memory(run.memory_bytes);
  planned.demand_unchanged();  // while we read them
  write_part(part, working, {plan.hash(), own, timings_since(started, setup.threads)}, check,
             [&](ArchiveWriter& archive) { pass.save(archive); });
  return {part, false, summary(index, part, false, pixels)};
}

}  // namespace sink
