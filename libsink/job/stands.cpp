// SPDX-License-Identifier: Apache-2.0
// `run_stands` from beginning to end: fields, units, classes, checks, one pass over the grid, tables, publication.
#include "job/stands.hpp"

#include <algorithm>
#include <filesystem>

#include "job/input_findings.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"
#include "job/stand_record.hpp"
#include "report/raster_style.hpp"
#include "report/table.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

constexpr const char* findings_file = "stands_findings.csv";

void check_job(const StandsJob& job) {
  if (job.files.empty()) throw usage_error("give at least one file of stand polygons");
  if (job.like.empty() == (job.resolution == 0))
    throw usage_error("give either --like RASTER, whose grid is taken, or --resolution and a pixel size");
  if (!job.like.empty() && !job.crs.empty())
    throw usage_error("--crs: is for --resolution; the CRS with --like is that of the raster");
  if (job.like.empty() && !(job.resolution > 0 && std::isfinite(job.resolution)))
    throw usage_error("--resolution: " + number_text(job.resolution) +
                      " is no size of a pixel: give a number above 0, in units of the CRS");
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
}

std::vector<std::string> names_beside(const StandLayer& layer) {
  const std::string base = layer.file.substr(0, layer.file.size() - 4);
  if (layer.has_codes()) return {base + ".qml", layer.file + ".aux.xml"};
  return {base + ".qml"};
}

std::vector<std::string> result_names(const std::vector<StandLayer>& layers) {
  std::vector<std::string> names = {"legend.csv", "landcover_legend.csv", "inventory.toml", findings_file, "run.json"};
  for (const StandLayer& layer : layers) {
    names.push_back(layer.file);
    const auto beside = names_beside(layer);
    names.insert(names.end(), beside.begin(), beside.end());
  }
  return names;
}

/// Every file that the run reads.
std::vector<std::string> files_read(const StandsJob& job, const StandSet& set) {
  std::vector<std::string> files;
  for (const StandFile& file : set.files) {
    for (const std::string& part : vector_parts(file.fields.file))
      if (std::find(files.begin(), files.end(), part) == files.end()) files.push_back(part);
  }
  if (!job.like.empty()) files.push_back(parse_band_path(job.like).file);
  const auto shipped = shipped_legends();
  for (const std::string& legend : {job.legend, job.landcover_legend})
    if (std::find(shipped.begin(), shipped.end(), legend) == shipped.end()) files.push_back(legend);
  files.insert(files.end(), job.parameter_files.begin(), job.parameter_files.end());
  return files;
}

void write_beside(const StandLayer& layer, const OutputDirectory& directory, std::vector<ResultFile>& files) {
  const auto names = names_beside(layer);
  files.push_back({layer.file, layer.description});
  files.push_back({names[0], "its style for QGIS"});
  if (!layer.has_codes()) return directory.write_text(names[0], measure_qml(measure_classes(layer.name, std::nullopt)));
  directory.write_text(names[0], category_qml(layer.categories));
  directory.write_text(names[1], category_aux_xml(layer.categories));
  files.push_back({names[1], "names of its codes"});
}

void write_legends(const StandsJob& job, const StandLegends& legends, const std::vector<StandLayer>& layers,
                   const OutputDirectory& directory, std::vector<ResultFile>& files) {
  const auto write = [&](const std::string& layer, const std::string& file, const Legend& legend,
                         const std::string& meaning) {
    const bool used = std::any_of(layers.begin(), layers.end(), [&](const auto& l) { return l.name == layer; });
    if (!used) return;
    directory.write_text(file, to_csv(legend_table(legend), job.output.csv_bom));
    files.push_back({file, meaning});
  };
  write("forest_type", "legend.csv", legends.types, "what the codes of the forest types mean");
  write("landcover", "landcover_legend.csv", legends.covers, "what the codes of the land classes mean");
}

void add_guesses(const StandSet& set, std::vector<std::string>& warnings) {
  for (const StandFile& file : set.files) {
    if (!file.fields.guessed) continue;
    warnings.push_back(file.fields.file + ": does not say how its text is encoded: taken as " + file.fields.encoding +
                       "; --encoding says otherwise");
  }
}

/// A file that lacks the field of a layer which others have leaves holes in it.
void warn_of_missing_fields(const StandSet& set, const std::vector<StandLayer>& layers,
                            std::vector<std::string>& warnings) {
  for (const StandLayer& layer : layers) {
    const auto& fields = stand_fields();
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.layer == layer.name; });
    for (const StandFile& file : set.files) {
      if (field == fields.end() || file.has(field->use) || !set.any_has(field->use)) continue;
      warnings.push_back(file.path + ": has no field for " + layer.name + " (" + set.name(field->use) +
                         " in other files): its stands are nodata in " + layer.file);
    }
  }
}

}  // namespace

JobResult run_stands(const StandsJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_job(job);
  const StandLegends legends = load_stand_legends(job);
  JobResult result;
  StandSet set = read_stands(job);
  add_guesses(set, result.warnings);
  check_zone_numbers(set);
  to_standard_units(job, set, result.warnings);
  classify(legends, set, result.warnings);
  const std::vector<StandCheck> checks = stand_checks();
  std::vector<StandFinding> findings = check_fields(set, legends, checks);
  blank_wrong_values(job, checks, findings, set, result.warnings);
  const Grid grid = stand_grid(job, set, result.warnings);
  std::vector<StandLayer> layers = stand_layers(job, set, legends);
  warn_of_missing_fields(set, layers, result.warnings);

  const std::vector<std::string> inputs = files_read(job, set);
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(layers), inputs);
  BackgroundHashes hashes(inputs);
  const StandPixels pixels = write_stand_layers(job, set, grid, layers, directory, progress, result.warnings);
  const std::int64_t off_grid = add_pixel_findings(set, grid, pixels, checks, findings);
  if (off_grid > 0)
    result.warnings.push_back(
        with_commas(off_grid) + " of " + with_commas(static_cast<std::int64_t>(set.stands.size())) +
        (off_grid == 1 ? " stands lies" : " stands lie") + " off the grid of " + job.like + ": in no raster");
  const std::string words = findings_in_words(checks, findings);
  if (!words.empty()) result.warnings.push_back(words + ": see " + findings_file);

  const std::string lack = inventory_lacks(layers, pixels);
  if (!lack.empty()) result.warnings.push_back(lack);

  for (const StandLayer& layer : layers) write_beside(layer, directory, result.files);
  write_legends(job, legends, layers, directory, result.files);
  directory.write_text("inventory.toml", inventory_text(job, set, layers, pixels));
  result.files.push_back({"inventory.toml", "an inventory of these rasters: sinkcalc check, sinkcalc run"});
  directory.write_text(findings_file, to_csv(findings_table(set, checks, findings), job.output.csv_bom));
  result.files.push_back({findings_file, "stands that break a rule"});
  result.files.push_back({"run.json", "the run record"});
  result.summary_json =
      stands_record({job, set, grid, layers, pixels, checks, findings, off_grid}, hashes.get(), result, started);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const ResultFile& file : result.files) names.push_back(file.name);
  directory.publish(names);
  result.county_table = stands_text(set, grid, layers, pixels);
  return result;
}

}  // namespace sink
