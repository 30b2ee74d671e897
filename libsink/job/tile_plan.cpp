// SPDX-License-Identifier: Apache-2.0
#include "job/tile_plan.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "job/json_line.hpp"
#include "job/record_end.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"

namespace sink {
using Json = nlohmann::ordered_json;

std::string part_name(std::size_t index) {
  return "parts/" + std::to_string(index) + ".part";
}

std::int64_t PlannedTile::pixels() const {
  std::int64_t pixels = 0;
  for (const Window& window : windows) pixels += window.pixels();
  return pixels;
}

const TilePlan& plan_of_tile(const std::vector<TilePlan>& plans, std::size_t index) {
  for (const TilePlan& plan : plans) {
    if (index >= plan.first && index - plan.first < plan.tiles.size()) return plan;
  }
  throw input_error(plans.front().file, "has no tile " + std::to_string(index) + ": its tiles are 0 to " +
                                            std::to_string(tiles_in(plans) - 1));
}

std::size_t tiles_in(const std::vector<TilePlan>& plans) {
  return plans.back().first + plans.back().tiles.size();
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

ProgressCallback progress_of(const std::string& name, const ProgressCallback& progress) {
  if (!progress) return progress;
  return [=](const Progress& state) {
    return progress({state.pixels_done, state.pixels_total, name + ": " + state.stage});
  };
}

std::string inventory_of(const TilePlan& plan) {
  std::error_code error;
  const bool here = std::filesystem::equivalent(std::filesystem::current_path(error), plan.directory, error);
  return here ? plan.inventory : (std::filesystem::path(plan.directory) / plan.inventory).string();
}

std::string planned_options(const Job& job) {
  Json zones = Json::array();
  for (const ZoneSource& z : job.zones) {
    zones.push_back({{"set", z.set}, {"file", z.file}, {"id", z.id_field}, {"name", z.name_field}, {"where", z.where}});
  }
  return line_of({{"zones", zones},
                  {"parameters", job.parameter_files},
                  {"legend", job.legend},
                  {"landcover_legend", job.landcover_legend},
                  {"cog", job.output.format == OutputFormat::cog},
                  {"creation_options", job.output.creation_options},
                  {"layers", job.output.layers},
                  {"precision", job.output.precision},
                  {"csv_bom", job.output.csv_bom},
                  {"strict", job.run.strict},
                  {"align", job.run.align},
                  {"drivers", job.run.allowed_drivers}});
}

Job planned_job(const TilePlan& plan, const std::string& inventory) {
  Job job = read_inventory(inventory);
  const Json options = Json::parse(plan.options);
  job.zones.clear();
  for (const auto& z : options.at("zones")) {
    const auto text = [&](const char* key) { return z.at(key).get<std::string>(); };
    job.zones.push_back({text("set"), text("file"), text("id"), text("name"), text("where")});
  }
  job.parameter_files = options.at("parameters").get<std::vector<std::string>>();
  job.legend = options.at("legend");
  job.landcover_legend = options.at("landcover_legend");
  job.output.format = options.at("cog").get<bool>() ? OutputFormat::cog : OutputFormat::gtiff;
  job.output.creation_options = options.at("creation_options").get<std::vector<std::string>>();
  job.output.layers = options.at("layers").get<std::vector<std::string>>();
  job.output.precision = options.at("precision");
  job.output.csv_bom = options.at("csv_bom");
  job.run.strict = options.at("strict");
  job.run.align = options.at("align");
  job.run.allowed_drivers = options.at("drivers").get<std::vector<std::string>>();
  return job;
}

std::string planning_program() {
  return "sinkcalc " + program_version() + ", " + library_versions();
}

std::string setup_sha256(const RunSetup& setup) {
  const auto legend_json = [](const std::optional<Legend>& legend) {
    Json rows = Json::array();
    if (!legend) return rows;
    for (const auto& row : legend->rows()) {
      rows.push_back({row.code, row.key, static_cast<int>(row.land_use), row.name_en, row.name_zh, row.colour});
    }
    return rows;
  };
  Json outputs = Json::array();
  for (const auto& output : setup.outputs) {
    outputs.push_back({output.file, output.description, output.unit, static_cast<int>(output.pixels), output.step});
  }
  std::vector<std::size_t> sums = {setup.layout->size()};
  for (const auto& side : setup.sides) sums.push_back(side->sums());
  return sha256_of_text(line_of({{"crs", setup.grid.crs_wkt},
                                 {"geotransform", setup.grid.geotransform()},
                                 {"parameters", parameters_json(setup.parameters.rows())},
                                 {"forest_types", legend_json(setup.forest_types)},
                                 {"landcover", legend_json(setup.landcover)},
                                 {"outputs", outputs},
                                 {"sums", sums}}));
}

PlannedInput stamp_of(const std::string& written, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw input_error(path, "cannot be read: put it where the plan had it");
  char stamp[64];
  std::snprintf(stamp, sizeof stamp, "%lld.%09ld", static_cast<long long>(status.st_mtim.tv_sec),
                status.st_mtim.tv_nsec);
  return {written, "", status.st_size, stamp};
}

}  // namespace sink
