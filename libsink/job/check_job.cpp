// SPDX-License-Identifier: Apache-2.0
// The preflight: opens and reads what a run would read, computes no carbon, and says what is wrong and how to mend it.
#include <cmath>
#include <nlohmann/json.hpp>

#include "job/block_worker.hpp"
#include "job/input_findings.hpp"
#include "job/run_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "raster/raster_writer.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

std::string_view word(Finding::Level level) {
  if (level == Finding::Level::note) return "note";
  return level == Finding::Level::warning ? "warning" : "error";
}

std::string describe_band(const BandInfo& band) {
  std::string text = describe(band.grid) + ", " + band.grid.crs_name + "; " + band.type;
  text += band.nodata_differs ? ", nodata by file"
          : band.nodata       ? ", nodata " + (std::isnan(*band.nodata) ? "NaN" : number_text(*band.nodata))
          : band.masked       ? ", mask in the file"
                              : ", no nodata value";
  if (band.scale_differs) text += ", scale by file";
  if (band.scale != 1 || band.offset != 0) {
    text += ", scale " + number_text(band.scale) + ", offset " + number_text(band.offset);
  }
  if (band.files > 0) return text + ", " + band.compression;
  return text + "; blocks " + std::to_string(band.block_columns) + " x " + std::to_string(band.block_rows) + ", " +
         band.compression;
}

/// What a folder of GeoTIFFs makes of its grid.
std::string describe_files(const BandInfo& band) {
  if (band.files == 0) return "";
  const std::int64_t outside = band.grid.pixels() - band.covered;
  const std::string files = with_commas(static_cast<std::int64_t>(band.files)) + (band.files == 1 ? " file" : " files");
  if (outside == 0) return files + " without a gap\n    ";
  const double share = 100 * static_cast<double>(outside) / static_cast<double>(band.grid.pixels());
  return files + "; " + with_commas(outside) + " pixels (" + with_commas(share, share < 0.1 ? 4 : 1) +
         " %) lie in no file and count as nodata\n    ";
}

std::string describe_codes(const LayerCensus& census, const Legend& legend, const RunSetup& setup, bool is_type) {
  std::string text;
  for (const auto& [code, pixels] : census.codes) {
    const ClassIndex index = legend.index_of(code);
    text += "    " + std::to_string(code) + "  " + with_commas(pixels) + " pixels  ";
    if (index == no_class) {
      text += "NOT IN THE LEGEND\n";
      continue;
    }
    const LegendRow& row = legend[index];
    text += row.name_en + (row.name_zh.empty() ? "" : " " + row.name_zh) + "  " + std::string(name_of(row.land_use));
    text += row.key.empty() ? "" : "  " + row.key;
    if (is_type && is_forest(row.land_use) && row.key.empty()) text += "  no key: no stock";
    if (!row.key.empty() && !setup.parameters.has_key(row.key)) text += "  NO PARAMETERS";
    text += "\n";
  }
  return text;
}

std::string describe_layer(const RunSetup& setup, const InputLayer& input, const LayerCensus& census) {
  std::string text = "  " + std::string(input.layer.name) + ": " + input.band.path + "\n    " +
                     describe_files(input.band) + describe_band(input.band) + "\n    " + with_commas(census.valid) +
                     " valid, " + with_commas(census.nodata) + " nodata pixels";
  if (!input.classes && census.valid > 0) {
    text += "; " + number_text(census.min) + " to " + number_text(census.max) + " " + std::string(input.layer.unit);
  }
  text += "\n";
  if (!input.classes) return text;
  const bool is_type = input.layer.name == layer::forest_type.name;
  return text + describe_codes(census, is_type ? *setup.forest_types : *setup.landcover, setup, is_type);
}

std::string findings_json(const std::vector<Finding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& f : findings) {
    list.push_back({{"level", word(f.level)}, {"file", f.file}, {"what", f.what}, {"fix", f.fix}});
  }
  return nlohmann::ordered_json{{"findings", list}}.dump(2) + "\n";
}

}  // namespace

CheckReport check_job(const Job& job, const ProgressCallback& progress) {
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
  const RunSetup setup(job);
  const RunPlan plan = plan_run(setup);
  Census census;
  Progress state{0, setup.grid.pixels(), "checking"};
  run_blocks<Census>(
      plan.blocks.windows, {setup.threads, plan.live_blocks}, [&] { return BlockWorker(setup); },
      [](BlockWorker& worker, const Window& window, Census& found) { worker.take_census(window, found); },
      [&](const Window& window, Census& found) {
        census += found;
        state.pixels_done += window.pixels();
        if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
      });

  CheckReport report;
  report.findings = input_findings(setup, census);
  for (std::size_t d = 0; d < setup.dates.size(); ++d) {
    report.text += std::to_string(setup.dates[d].year) + "\n";
    for (const auto& input : setup.dates[d].layers) {
      report.text += describe_layer(setup, input, census.layers[{d, std::string(input.layer.name)}]);
    }
  }
  for (const auto& set : setup.zone_sets) {
    if (set.whole_grid()) continue;
    report.text += "zones " + set.source().set + ": " + set.source().file;
    if (set.polygons()) report.text += ", " + std::to_string(set.known_zones().size()) + " polygons";
    report.text += "\n";
  }
  report.text += "pixel areas: " + setup.areas->description() + "\n";
  report.json = findings_json(report.findings);
  return report;
}

}  // namespace sink
