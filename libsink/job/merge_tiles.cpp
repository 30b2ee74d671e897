// SPDX-License-Identifier: Apache-2.0
// The parts of all tiles put together, as commits of one pass are: encoded tiles are copied, overview tiles that cross
// tiles are built from what each part has of them, sums are added exactly. Then everything is as at the end of a run.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "job/finish_run.hpp"
#include "job/planned_setup.hpp"
#include "job/run_files.hpp"
#include "job/sha256.hpp"
#include "job/tile_part.hpp"
#include "job/tiles.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

std::string part_of(const std::string& from, std::size_t index) {
  return (fs::path(from) / part_name(index)).string();
}

/// The inventory as it was typed, where we are where it was typed: messages are then those of a plain run.
std::string inventory_of(const TilePlan& plan) {
  std::error_code error;
  const bool here = fs::equivalent(fs::current_path(error), plan.directory, error);
  return here ? plan.inventory : (fs::path(plan.directory) / plan.inventory).string();
}

/// What the record's timings say of the tiles.
struct TileRecord {
  const TilePlan& plan;
  double elapsed_s = 0, longest_s = 0;
  std::int64_t peak_rss_kib = 0;
  std::set<std::string> hosts = {};

  void add(const TileTimings& timings) {
    elapsed_s += timings.elapsed_s;
    longest_s = std::max(longest_s, timings.elapsed_s);
    peak_rss_kib = std::max(peak_rss_kib, timings.peak_rss_kib);
    hosts.insert(timings.host);
  }
  [[nodiscard]] nlohmann::ordered_json json() const {
    return {{"tiles", plan.tiles.size()},
            {"division", plan.division},
            {"plan", plan.hash()},
            {"elapsed_s", elapsed_s},
            {"longest_s", longest_s},
            {"largest_peak_rss_kib", peak_rss_kib},
            {"hosts", hosts}};
  }
};

}  // namespace

std::vector<UnusableTile> unusable_tiles(const std::string& plan_file, const std::string& from, bool read_all,
                                         const ProgressCallback& progress) {
  const TilePlan plan = read_tile_plan(plan_file);
  const std::string hash = plan.hash();
  const auto total = static_cast<std::int64_t>(plan.tiles.size());
  const PartLook look = read_all ? PartLook::at_all : PartLook::at_its_head;
  std::vector<UnusableTile> unusable;
  for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
    const std::string part = part_of(from, i);
    const auto check = [&] { check_going(progress, {static_cast<std::int64_t>(i), total, "checking parts"}); };
    check();
    switch (state_of_part(part, hash, i, look, check)) {
      case PartState::whole:
        break;
      case PartState::missing:
        unusable.push_back({i, "is not there"});
        break;
      case PartState::damaged:
        unusable.push_back({i, "is damaged"});
        break;
      case PartState::of_another_plan:
        unusable.push_back({i, "is of another plan or tile"});
        break;
    }
  }
  if (read_all || unusable.empty()) return unusable;
  return unusable_tiles(plan_file, from, true, progress);  // all that are to be made again, in one list
}

std::string ranges_of(const std::vector<UnusableTile>& tiles) {
  std::string text;
  for (std::size_t i = 0; i < tiles.size();) {
    std::size_t last = i;
    while (last + 1 < tiles.size() && tiles[last + 1].index == tiles[last].index + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(tiles[i].index);
    if (last > i) text += "-" + std::to_string(tiles[last].index);
    i = last + 1;
  }
  return text;
}

JobResult merge_tiles(const std::string& plan_file, const std::string& from, const TileRun& run,
                      const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  const TilePlan plan = read_tile_plan(plan_file);
  const PlannedSetup planned(plan, inventory_of(plan), run, PlannedSetup::Stamps::by_content);
  const RunSetup& setup = planned.setup();
  const std::vector<std::string> paths = input_paths(setup);
  OutputDirectory directory(run.directory, run.overwrite, result_names(setup), paths);
  BackgroundHashes hashes(paths);

  const RunPlan blocks = plan_areas(setup, {}, plan.block);
  RunPass pass(setup, blocks, [&](const OutputLayer& output) { return directory.working(output.file + ".working"); });
  TileRecord record{plan};
  const std::string hash = plan.hash();
  Progress state{0, setup.grid.pixels(), "merging"};
  for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
    check_going(progress, state);
    const std::string part = part_of(from, i);
    read_part(
        part, [&] { check_going(progress, state); },
        [&](const TilePartHead& head, ArchiveReader& archive) {
          if (head.plan_hash != hash || head.index != i) throw input_error(part, "is of another plan or tile");
          record.add(head.timings);
          pass.load(archive);
        });
    pass.totals.check_memory(run.memory_bytes);
    state.pixels_done += plan.tiles[i].pixels();
  }
  // Before anything is published. A plan whose inputs have changed makes maps of two worlds.
  const auto contents = hashes.get([&] { check_going(progress, {0, setup.grid.pixels(), "hashing the inputs"}); });
  planned.demand_content(contents);
  JobResult result = finish_run(
      setup, blocks, pass, directory, [&] { return contents; }, progress, started, record.json());
  remove_passing((fs::path(from) / "parts").string());
  return result;
}

}  // namespace sink
