// SPDX-License-Identifier: Apache-2.0
#include "job/run_files.hpp"

#include <optional>

#include "job/run_changes.hpp"
#include "report/category_files.hpp"
#include "report/raster_style.hpp"

namespace sink {
namespace {

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

RasterFormat raster_format(const RunSetup& setup) {
  const OutputOptions& output = setup.job.output;
  return {output.format == OutputFormat::cog, output.creation_options, setup.threads, setup.job.run.io};
}

std::vector<std::string> result_names(const RunSetup& setup) {
  std::vector<std::string> names = {"run.json",   "zones.csv",    "zones.gpkg", "targets.csv",
                                    "matrix.csv", "patches.gpkg", "patches.csv"};
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

std::vector<ResultFile> write_beside(const RunSetup& setup, const OutputLayer& output,
                                     const std::vector<std::vector<std::uint8_t>>& codes_seen,
                                     const OutputDirectory& directory) {
  const ResultFile style = {output.style_file(), "its style for QGIS"};
  if (!output.has_categories()) {
    directory.write_text(style.name, style_of_measures(setup, output));
    return {style};
  }
  const auto categories =
      output.of == OutputLayer::Of::change ? run_change_categories(setup, codes_seen[output.when]) : output.categories;
  directory.write_text(output.names_file(), category_aux_xml(categories));
  directory.write_text(style.name, category_qml(categories));
  return {{output.names_file(), "names of its codes"}, style};
}

}  // namespace sink
