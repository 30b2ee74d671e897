// SPDX-License-Identifier: Apache-2.0
#include "job/change_patches.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "job/change_record.hpp"
#include "job/output_directory.hpp"
#include "job/patch_output.hpp"
#include "job/patch_pass.hpp"
#include "job/sha256.hpp"

namespace sink {
namespace {

std::vector<std::string> inputs_of(const ChangePatchesJob& job, const ChangeSetup& setup, const PatchSearch& search) {
  std::vector<std::string> files = files_read(setup);
  for (const auto& raster : patch_rasters(job)) files.push_back(parse_band_path(raster).file);
  for (const auto& file : search.files()) files.push_back(file);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

/// The rasters beside the maps, in the object `patches` of the record.
std::string with_rasters(const std::string& record, const ChangePatchesJob& job) {
  auto json = nlohmann::ordered_json::parse(record);
  auto& patches = json["patches"];
  patches["stock"] = job.stocks;
  patches["age"] = job.ages;
  patches["volume"] = job.volumes;
  patches["confidence"] = job.confidences;
  return json.dump(2) + "\n";
}

}  // namespace

JobResult run_change_patches(const ChangePatchesJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  const ChangeSetup setup(job.maps, job.zones, false);
  std::vector<std::vector<ClassLabel>> labels;
  for (std::size_t date = 0; date <= setup.intervals(); ++date) labels.push_back(labels_of(setup, date));
  const PatchSearch search(job.find, {.legend = setup.maps.legend(),
                                      .labels = std::move(labels),
                                      .land_uses = setup.maps.legend_given(),
                                      .years = setup.maps.years(),
                                      .grid = setup.maps.grid(),
                                      .zones = &setup.zones,
                                      .directory = "",
                                      .parameter_files = job.maps.parameter_files,
                                      .carbon = !job.stocks.empty(),
                                      .felled = !job.ages.empty() || !job.volumes.empty()});
  check_patch_rasters(job, setup);
  const auto inputs = inputs_of(job, setup, search);
  const std::vector<std::string> names = {"patches.gpkg", "patches.csv", "run.json"};
  OutputDirectory directory(job.output.directory, job.output.overwrite, names, inputs);
  BackgroundHashes hashes(inputs);
  const PatchLayer layer = patch_layer(search, find_patches(job, setup, search, progress));
  JobResult result;
  for (const auto& set : setup.zones) {
    if (!set.polygons()) continue;
    for (const auto& warning : set.polygons()->warnings()) result.warnings.push_back(set.source().set + ": " + warning);
  }
  result.warnings.insert(result.warnings.end(), search.warnings.begin(), search.warnings.end());
  result.files = write_patches(search, layer, job.output.csv_bom, directory);
  result.files.push_back({"run.json", "the run record"});
  const std::string record =
      change_record(setup, {"sinkchange patches", job.output, job.command_line, started}, {}, hashes.get(), result);
  result.summary_json = with_rasters(with_patches(record, search, layer), job);
  directory.write_text("run.json", result.summary_json);
  directory.publish(names);
  result.county_table = patch_text(layer);
  return result;
}

}  // namespace sink
