// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <utility>

#include "core/error.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

/// A path typed on the command line starts at the working directory, a relative one in a job at the inventory.
std::string from_here(const std::string& path) {
  return std::filesystem::absolute(path).string();
}

/// A legend is a file or the name of a built-in one.
std::string legend_from_here(const std::string& legend) {
  std::error_code ignored;
  return std::filesystem::exists(legend, ignored) ? from_here(legend) : legend;
}

}  // namespace

Job inventory_job(const std::string& inventory, const ZoneOptions& zones, const ParameterOptions& parameters) {
  Job job = read_inventory(inventory);
  for (ZoneSource& source : zone_sources(zones)) {
    for (const ZoneSource& other : job.zones) {
      if (other.set == source.set) {
        throw usage_error("--zones: the inventory has a zone set '" + source.set + "' already: rename the file");
      }
    }
    source.file = from_here(source.file);
    job.zones.push_back(std::move(source));
  }
  for (const std::string& file : parameters.parameters) job.parameter_files.push_back(from_here(file));
  if (!parameters.legend.empty()) job.legend = legend_from_here(parameters.legend);
  if (!parameters.landcover_legend.empty()) job.landcover_legend = legend_from_here(parameters.landcover_legend);
  return job;
}

Job inventory_job(const std::string& inventory, const ZoneOptions& zones, const ParameterOptions& parameters,
                  const OutputOptions& output, const RunOptions& run) {
  Job job = inventory_job(inventory, zones, parameters);
  std::vector<std::string> layers = std::move(job.output.layers);
  const double precision = job.output.precision;
  job.output = output;
  job.output.precision = precision;
  if (job.output.layers.empty()) job.output.layers = std::move(layers);
  job.run = run;
  return job;
}

}  // namespace sink::tools
