// SPDX-License-Identifier: Apache-2.0
#include "job/change_patches.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "job/change_record.hpp"
#include "job/output_directory.hpp"
#include "job/patch_table.hpp"
#include "job/sha256.hpp"
#include "raster/geopackage_writer.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

/// Names of columns that overlays must not take.
void check(const ChangePatchesJob& job) {
  if (job.transitions.empty() && job.presets.empty()) {
    throw usage_error("no transition: give --transition FROM:TO, such as forest:20, or --preset tea or building");
  }
  if (!job.presets.empty() && job.maps.legends.empty()) {
    throw usage_error("--preset needs land uses: give --legend");
  }
  std::set<std::string> names;
  for (const auto& [name, file] : job.overlays) {
    if (!names.insert(name).second)
      throw usage_error("--overlay " + name + ": stands twice: give each a name of its own");
  }
}

void check_columns(const Table& table, const ChangePatchesJob& job) {
  for (const auto& [name, file] : job.overlays) {
    const auto count = std::count_if(table.columns.begin(), table.columns.end(),
                                     [&, n = &name](const Column& column) { return column.name == *n; });
    if (count > 1) throw usage_error("--overlay " + name + ": the layer has a column of this name: choose another");
  }
}

std::vector<std::string> inputs_of(const ChangePatchesJob& job, const ChangeSetup& setup) {
  std::vector<std::string> files = files_read(setup);
  for (const auto& [name, file] : job.overlays) files.push_back(parse_layer_path(file).file);
  for (const auto& stock : job.stocks) files.push_back(parse_band_path(stock).file);
  if (!job.impossible.empty()) files.push_back(job.impossible);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::string with_patches(const std::string& record, const ChangePatchesJob& job, const PatchLayer& layer) {
  Json json = Json::parse(record), patches;
  patches["transitions"] = job.transitions;
  patches["presets"] = job.presets;
  patches["minimum_mapping_units"] = job.minimum_units;
  patches["connectivity"] = static_cast<int>(job.connectivity);
  for (const auto& [name, file] : job.overlays) patches["overlays"].push_back({{"name", name}, {"file", file}});
  patches["stock"] = job.stocks;
  patches["found"] = layer.table.rows.size();
  patches["id"] = "FNV-1a (64 bits) of from code, to code and first pixel (row x columns + column), 8 bytes each";
  patches["perimeter"] = "staircase along pixel edges";
  patches["carbon"] =
      "mapped carbon before, less what the new class holds; the range is that of the new class: nothing grown yet to "
      "its density + 1.96 sd";
  json["patches"] = patches;
  return json.dump(2) + "\n";
}

}  // namespace

JobResult run_change_patches(const ChangePatchesJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check(job);
  const ChangeSetup setup(job.maps, job.zones, false);
  const auto inputs = inputs_of(job, setup);
  PatchPasses passes(job, setup);
  check_columns(patch_layer(job, setup, {}).table, job);
  const std::vector<std::string> names = {"patches.gpkg", "patches.csv", "run.json"};
  OutputDirectory directory(job.output.directory, job.output.overwrite, names, inputs);
  BackgroundHashes hashes(inputs);
  const PatchLayer layer = patch_layer(job, setup, passes.find(progress));
  std::vector<const PolygonFeature*> features;
  for (const auto& feature : layer.features) features.push_back(&feature);
  GeoPackageWriter geopackage(directory.working("patches.gpkg"));
  geopackage.add_polygons("patches", setup.maps.grid().crs_wkt, features, layer.table);
  geopackage.close();
  directory.write_text("patches.csv", to_csv(layer.table, job.output.csv_bom));
  JobResult result;
  result.warnings = passes.warnings();
  result.files = {{"patches.gpkg", "polygons of the patches, layer `patches`"},
                  {"patches.csv", "the same without shapes"},
                  {"run.json", "the run record"}};
  result.summary_json = with_patches(
      change_record(setup, {"sinkchange patches", job.output, job.command_line, started}, {}, hashes.get(), result),
      job, layer);
  directory.write_text("run.json", result.summary_json);
  directory.publish(names);
  result.county_table = patch_text(layer);
  return result;
}

}  // namespace sink
