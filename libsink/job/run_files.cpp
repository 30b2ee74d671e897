// SPDX-License-Identifier: Apache-2.0
#include "job/run_files.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "job/run_changes.hpp"
#include "raster/raster_folder.hpp"
#include "report/category_files.hpp"
#include "report/raster_style.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

std::string style_of_measures(const RunSetup& setup, const OutputLayer& output) {
  std::optional<double> baseline_tco2_ha_yr;
  if (setup.job.baseline) baseline_tco2_ha_yr = setup.job.baseline->rate_tco2_ha_yr;
  return measure_qml(measure_classes(output.layer, baseline_tco2_ha_yr));
}

}  // namespace

std::vector<std::string> input_paths(const RunSetup& setup) {
  std::vector<std::string> paths;
  for (const auto& file : setup.files_read()) paths.push_back(path_below(setup.job.base_directory, file));
  return paths;
}

std::vector<InputPath> single_inputs(const RunSetup& setup) {
  std::vector<InputPath> inputs;
  for (const auto& written : setup.files_read()) {
    const std::string path = path_below(setup.job.base_directory, written);
    if (!is_folder(path)) {
      inputs.push_back({written, path});
      continue;
    }
    for (const auto& file : tiffs_in(path))
      inputs.push_back({path_in(written, fs::path(file).filename().string()), file});
  }
  std::sort(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) { return a.written < b.written; });
  inputs.erase(
      std::unique(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) { return a.written == b.written; }),
      inputs.end());
  return inputs;
}

std::vector<std::string> input_folders(const RunSetup& setup) {
  std::vector<std::string> folders = setup.files_read();
  std::erase_if(folders, [&](const auto& f) { return !is_folder(path_below(setup.job.base_directory, f)); });
  return folders;
}

RasterFormat raster_format(const RunSetup& setup) {
  const OutputOptions& output = setup.job.output;
  return {output.format == OutputFormat::cog, output.creation_options, setup.threads, setup.job.run.io};
}

std::vector<std::string> RunSetup::files_read() const {
  std::vector<std::string> files = input_files;
  if (!job.source_file.empty()) files.push_back(std::filesystem::path(job.source_file).filename().string());
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

void RunSetup::note_input(const std::string& path, bool vector) {
  // What follows the file's name is told apart by looking whether the file is there, so from the right folder.
  const std::string found = path_below(job.base_directory, path);
  const std::string file = vector ? parse_layer_path(found).file : parse_band_path(found).file;
  const std::string name = path.substr(0, path.size() - (found.size() - file.size()));
  input_files.push_back(name);
  if (!file.ends_with(".shp")) return;
  // A shapefile's names, CRS and encoding are in files beside it.
  for (const char* beside : {".dbf", ".shx", ".prj", ".cpg"}) {
    std::error_code ignored;
    if (!std::filesystem::exists(file.substr(0, file.size() - 4) + beside, ignored)) continue;
    input_files.push_back(name.substr(0, name.size() - 4) + beside);
  }
}

bool has_project(const RunSetup& setup) {
  return !setup.job.source_file.empty();
}

std::vector<std::string> result_names(const RunSetup& setup) {
  std::vector<std::string> names = {"run.json",   "zones.csv",    "zones.gpkg", "targets.csv",
                                    "matrix.csv", "patches.gpkg", "patches.csv"};
  if (has_project(setup)) names.push_back("inventory.qgz");
  for (const auto& side : setup.sides) {
    const auto files = side->files();
    names.insert(names.end(), files.begin(), files.end());
  }
  for (const auto& output : setup.outputs) {
    names.push_back(output.file);
    names.push_back(output.style_file());
    if (output.has_categories()) names.push_back(output.names_file());
  }
  return names;
}

RasterWords raster_words(const std::string& description, const std::string& unit, RasterPixels pixels,
                         const std::vector<ChangeCategory>& categories) {
  RasterWords words = {description, unit};
  if (pixels != RasterPixels::uint8) return words;
  for (const ChangeCategory& category : categories) {
    words.colours.push_back({static_cast<std::uint8_t>(category.code), rgb_of(category.colour)});
  }
  return words;
}

BesideRaster beside_raster(const RunSetup& setup, const OutputLayer& output,
                           const std::vector<std::uint8_t>& codes_seen) {
  if (!output.has_categories()) return {style_of_measures(setup, output), ""};
  std::vector<ChangeCategory> categories =
      output.of == OutputLayer::Of::change ? run_change_categories(setup, codes_seen) : output.categories;
  std::erase_if(categories, [&](const ChangeCategory& category) { return codes_seen[category.code] == 0; });
  return {category_qml(categories), category_aux_xml(categories)};
}

std::vector<ResultFile> write_beside(const OutputLayer& output, const BesideRaster& beside,
                                     const OutputDirectory& directory) {
  std::vector<ResultFile> files;
  const auto write = [&](const std::string& name, const std::string& text, const std::string& meaning) {
    directory.write_text(name, text);
    files.push_back({name, meaning});
  };
  if (output.has_categories()) write(output.names_file(), beside.names_xml, "names of its codes");
  write(output.style_file(), beside.qml, "its style for QGIS");
  return files;
}

}  // namespace sink
