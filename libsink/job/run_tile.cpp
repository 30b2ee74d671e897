// SPDX-License-Identifier: Apache-2.0
// One tile of a plan: the pass of a run over its windows, and the part that it leaves.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
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
  return false;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || access(folder.c_str(), W_OK | X_OK) != 0) {
    throw output_error(folder.string(), "cannot be written (" + (error ? error.message() : "no permission") +
                                            "): give a -o that can be written");
  }
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
  const TilePlan plan = read_tile_plan(plan_file);
  if (index >= plan.tiles.size()) {
    throw input_error(plan_file, "has no tile " + std::to_string(index) + ": its tiles are 0 to " +
                                     std::to_string(plan.tiles.size() - 1));
  }
  const std::int64_t pixels = plan.tiles[index].pixels();
  const auto check = [&] { check_going(progress, {0, pixels, "computing"}); };
  const std::string part = (fs::path(run.directory) / part_name(index)).string();
  if (run.directory.empty()) throw usage_error("-o: is blank: give the folder that the tiles share");
  if (finished(part, plan, index, run.overwrite, check)) return {part, true, summary(index, part, true, pixels)};

  const PlannedSetup planned(plan, inventory, run, PlannedSetup::Stamps::strict);
  const RunSetup& setup = planned.setup();
  const RunPlan windows = plan_areas(setup, plan.tiles[index].windows, plan.block);
  const std::string folder = fs::path(part).parent_path().string();
  make_folder(folder);
  RunPass pass = pass_without_names(setup, windows, folder);
  pass.over_pixels(progress);
  pass.demand_usable();
  pass.totals.check_memory(run.memory_bytes);
  planned.demand_unchanged();  // while we read them
  write_part(part, {plan.hash(), index, timings_since(started, setup.threads)}, [&](ArchiveWriter& archive) {
    check();
    pass.save(archive);
    check();
  });
  return {part, false, summary(index, part, false, pixels)};
}

}  // namespace sink
