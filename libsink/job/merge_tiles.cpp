// SPDX-License-Identifier: Apache-2.0
// The parts of all tiles put together, as commits of one pass are: encoded tiles are copied, overview tiles that cross
// tiles are built from what each part has of them, sums are added exactly. Then everything is as at the end of a run.
// The inventories of a plan file are merged one after another.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "job/finish_run.hpp"
#include "job/json_line.hpp"
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

/// Folders whose results appear together. They go in reverse order, since the first may have made what all lie in.
struct ResultFolders {
  ResultFolders() = default;
  ResultFolders(const ResultFolders&) = delete;
  ResultFolders& operator=(const ResultFolders&) = delete;
  ~ResultFolders() {
    while (!folders.empty()) folders.pop_back();
  }
  std::vector<std::unique_ptr<OutputDirectory>> folders;
};

/// As `run`, into the folder of one of `plans`.
TileRun run_into(const TileRun& run, const std::vector<TilePlan>& plans, const TilePlan& plan) {
  TileRun own = run;
  if (run.directory.empty()) throw usage_error("-o: is blank: give a folder");
  if (plans.size() > 1) own.directory = (fs::path(run.directory) / plan.name).string();
  return own;
}

/// The setup of a plan. Inputs with another time stamp are read to their ends.
PlannedSetup planned_setup(const TilePlan& plan, const TileRun& run, const ProgressCallback& progress) {
  const auto check = [=] {
    check_going(progress, {0, plan.columns * plan.rows, "hashing inputs with new time stamps"});
  };
  return {plan, inventory_of(plan), run, PlannedSetup::Stamps::by_content, check};
}

/// The results of one plan, all there but for their names.
JobResult merge_plan(const TilePlan& plan, const std::string& from, const TileRun& run,
                     const ProgressCallback& progress, ResultFolders& folders) {
  const StartTime started = std::chrono::steady_clock::now();
  const PlannedSetup planned = planned_setup(plan, run, progress);
  const RunSetup& setup = planned.setup();
  const std::vector<std::string> paths = input_paths(setup);
  folders.folders.push_back(
      std::make_unique<OutputDirectory>(run.directory, run.overwrite, result_names(setup), paths));
  OutputDirectory& directory = *folders.folders.back();
  directory.hold();
  BackgroundHashes hashes(paths);

  const RunPlan blocks = plan_areas(setup, {}, plan.block);
  RunPass pass(setup, blocks, [&](const OutputLayer& output) { return directory.working(output.file + ".working"); });
  TileRecord record{plan};
  const std::string hash = plan.hash();
  Progress state{0, setup.grid.pixels(), "merging"};
  for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
    check_going(progress, state);
    const std::string part = part_of(from, plan.first + i);
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
  return finish_run(
      setup, blocks, pass, directory, [&] { return contents; }, progress, started, record.json());
}

/// What is told of several merged inventories: a table under each name, folders in place of files.
JobResult joined(const std::vector<TilePlan>& plans, const std::vector<JobResult>& results) {
  JobResult whole;
  nlohmann::ordered_json outputs = nlohmann::ordered_json::array(), inventories = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const std::string& name = plans[i].name;
    whole.files.push_back({name, "results of " + plans[i].inventory});
    for (const ResultFile& file : results[i].files) outputs.push_back({{"file", name + "/" + file.name}});
    for (const std::string& warning : results[i].warnings) whole.warnings.push_back(name + ": " + warning);
    whole.county_table += (i > 0 ? "\n" : "") + name + "\n" + results[i].county_table;
    inventories.push_back({{"name", name},
                           {"inventory", plans[i].inventory},
                           {"record", nlohmann::ordered_json::parse(results[i].summary_json)}});
  }
  whole.summary_json =
      line_of({{"outputs", outputs}, {"warnings", whole.warnings}, {"inventories", inventories}}) + "\n";
  return whole;
}

}  // namespace

std::vector<UnusableTile> unusable_tiles(const std::string& plan_file, const std::string& from, bool read_all,
                                         const ProgressCallback& progress) {
  const std::vector<TilePlan> plans = read_tile_plans(plan_file);
  std::error_code ignored;
  if (!fs::is_directory(from, ignored)) {
    throw input_error(from, "no such folder: --from is the folder that sinkcalc run --tile was given by -o");
  }
  const auto total = static_cast<std::int64_t>(tiles_in(plans));
  const PartLook look = read_all ? PartLook::at_all : PartLook::at_its_head;
  std::vector<UnusableTile> unusable;
  for (const TilePlan& plan : plans) {
    const std::string hash = plan.hash();
    for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
      const std::size_t index = plan.first + i;
      const auto check = [&] { check_going(progress, {static_cast<std::int64_t>(index), total, "checking parts"}); };
      check();
      switch (state_of_part(part_of(from, index), hash, i, look, check)) {
        case PartState::whole:
          break;
        case PartState::missing:
          unusable.push_back({index, "is not there"});
          break;
        case PartState::damaged:
          unusable.push_back({index, "is damaged"});
          break;
        case PartState::of_another_plan:
          unusable.push_back({index, "is of another plan or tile", true});
          break;
      }
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

void demand_place_for_merge(const std::string& plan_file, const TileRun& run, const ProgressCallback& progress) {
  const std::vector<TilePlan> plans = read_tile_plans(plan_file);
  for (const TilePlan& plan : plans) {
    const TileRun own = run_into(run, plans, plan);
    const PlannedSetup planned = planned_setup(plan, own, progress);
    const OutputDirectory place(own.directory, own.overwrite, result_names(planned.setup()),
                                input_paths(planned.setup()));
  }
}

JobResult merge_tiles(const std::string& plan_file, const std::string& from, const TileRun& run,
                      const ProgressCallback& progress) {
  const std::vector<TilePlan> plans = read_tile_plans(plan_file);
  ResultFolders folders;
  std::vector<JobResult> results;
  for (const TilePlan& plan : plans) {
    results.push_back(merge_plan(plan, from, run_into(run, plans, plan),
                                 plans.size() > 1 ? progress_of(plan.name, progress) : progress, folders));
  }
  for (const auto& folder : folders.folders) folder->publish_held();
  remove_dead_folders((fs::path(from) / "parts").string());
  return plans.size() > 1 ? joined(plans, results) : std::move(results.front());
}

}  // namespace sink
