// SPDX-License-Identifier: Apache-2.0
#include "job/planned_setup.hpp"

#include <filesystem>
#include <set>
#include <utility>

#include "job/sha256.hpp"
#include "raster/raster_folder.hpp"
#include "raster/raster_source.hpp"

namespace sink {
namespace {

constexpr const char* plan_anew =
    ": make the plan anew with sinkcalc tiles (tiles are kept where its hash stays the same)";

Job job_of(const TilePlan& plan, const std::string& inventory, const TileRun& run) {
  Job job = planned_job(plan, inventory);
  job.output.directory = run.directory;
  job.output.overwrite = run.overwrite;
  job.run.threads = run.threads;
  job.run.memory_bytes = run.memory_bytes;
  job.command_line = run.command_line;
  return job;
}

bool is_inside(const Window& window, const Grid& grid) {
  return window.column >= 0 && window.row >= 0 && window.columns > 0 && window.rows > 0 &&
         window.columns <= grid.columns && window.column <= grid.columns - window.columns && window.rows <= grid.rows &&
         window.row <= grid.rows - window.rows;
}

}  // namespace

PlannedInputs::PlannedInputs(const TilePlan& plan, const std::string& inventory, Stamps stamps,
                             std::function<void()> check_going)
    : plan_(plan),
      stamps_(stamps),
      check_going_(std::move(check_going)),
      directory_(std::filesystem::path(inventory).parent_path().string()) {
  if (plan.program != planning_program()) {
    throw input_error(plan.file, "was made by " + plan.program + "; this is " + planning_program() + plan_anew);
  }
  demand_unchanged();
}

std::string PlannedInputs::path_of(const PlannedInput& input) const {
  return path_below(directory_, input.path);
}

void PlannedInputs::demand_unchanged() const {
  std::set<std::string> planned;
  for (const PlannedInput& input : plan_.inputs) planned.insert(input.path);
  for (const std::string& folder : plan_.folders) {
    for (const std::string& file : tiffs_in(path_below(directory_, folder))) {
      const std::string written = path_in(folder, std::filesystem::path(file).filename().string());
      if (!planned.contains(written))
        throw input_error(file, std::string("was not there when the plan was made") + plan_anew);
    }
  }
  for (const PlannedInput& input : plan_.inputs) {
    const std::string path = path_of(input);
    const PlannedInput now = stamp_of(input.path, path);
    if (now.bytes == input.bytes && now.modified == input.modified) continue;
    if (now.bytes == input.bytes && stamps_ == Stamps::by_content &&
        sha256_of_file(path, std::atomic<bool>{false}, check_going_) == input.sha256)
      continue;
    const std::string what = now.bytes == input.bytes ? "another time stamp" : "another size";
    throw input_error(path, "has " + what + " than when the plan was made" + plan_anew);
  }
}

void PlannedInputs::demand_content(const std::map<std::string, std::string>& hashes) const {
  for (const PlannedInput& input : plan_.inputs) {
    const std::string path = path_of(input);
    if (hashes.at(path) != input.sha256)
      throw input_error(path, std::string("was changed since the plan was made") + plan_anew);
  }
}

// The inputs are looked at before anything is opened: what changed may be why it cannot be.
PlannedSetup::PlannedSetup(const TilePlan& plan, const std::string& inventory, const TileRun& run, Stamps stamps,
                           std::function<void()> check_going)
    : PlannedInputs(plan, inventory, stamps, std::move(check_going)),
      setup_(std::make_unique<const RunSetup>(job_of(plan, inventory, run))) {
  if (setup_sha256(*setup_) != plan.setup_sha256) {
    throw input_error(plan.file, std::string("was made with other parameters, legends or outputs") + plan_anew);
  }
  // Hashes in the file do not keep out who writes them anew, and pixels are written wherever windows say.
  for (const PlannedTile& tile : plan.tiles) {
    for (const Window& window : tile.windows) {
      if (is_inside(window, setup_->grid)) continue;
      throw input_error(plan.file, std::string("has windows outside the maps: it was changed") + plan_anew);
    }
  }
}

}  // namespace sink
