// SPDX-License-Identifier: Apache-2.0
#include "job/tile_plan.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "job/record_end.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "sinkcalc tiles 1";

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json windows_json(const PlannedTile& tile) {
  Json windows = Json::array();
  for (const Window& w : tile.windows) windows.push_back({w.column, w.row, w.columns, w.rows});
  return windows;
}

Json estimate_json(const TileEstimate& estimate) {
  return {{"memory_bytes", estimate.memory_bytes}, {"core_seconds", estimate.core_seconds}};
}

TileEstimate estimate_of(const Json& json) {
  return {json.at("memory_bytes").get<std::int64_t>(), json.at("core_seconds").get<double>()};
}

Json header_json(const TilePlan& plan) {
  Json inputs = Json::array();
  for (const auto& input : plan.inputs) {
    inputs.push_back(
        {{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}, {"modified", input.modified}});
  }
  return {{"schema", schema},
          {"hash", plan.hash()},
          {"program", plan.program},
          {"inventory", plan.inventory},
          {"directory", plan.directory},
          {"division", plan.division},
          {"tiles", plan.tiles.size()},
          {"columns", plan.columns},
          {"rows", plan.rows},
          {"block", {plan.block.columns, plan.block.rows}},
          {"setup_sha256", plan.setup_sha256},
          {"options", Json::parse(plan.options)},
          {"inputs", inputs},
          {"folders", plan.folders},
          {"outputs", plan.outputs},
          {"estimated", estimate_json(plan.estimate)}};
}

Json tile_json(const TilePlan& plan, std::size_t index) {
  const PlannedTile& tile = plan.tiles[index];
  std::vector<std::size_t> inputs;  // places in the header's list
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) inputs.push_back(i);
  return {{"index", index},
          {"zone", tile.zone},
          {"windows", windows_json(tile)},
          {"pixels", tile.pixels()},
          {"zones", tile.zones},
          {"inputs", inputs},
          {"outputs", Json::array({part_name(index)})},
          {"estimated", estimate_json(tile.estimate)}};
}

TilePlan header_of(const Json& json) {
  TilePlan plan;
  plan.program = json.at("program");
  plan.inventory = json.at("inventory");
  plan.directory = json.at("directory");
  plan.division = json.at("division");
  plan.columns = json.at("columns");
  plan.rows = json.at("rows");
  plan.block = {json.at("block").at(0).get<std::int64_t>(), json.at("block").at(1).get<std::int64_t>()};
  plan.setup_sha256 = json.at("setup_sha256");
  plan.options = line_of(json.at("options"));
  for (const auto& input : json.at("inputs")) {
    plan.inputs.push_back({input.at("path").get<std::string>(), input.at("sha256").get<std::string>(),
                           input.at("bytes").get<std::int64_t>(), input.at("modified").get<std::string>()});
  }
  plan.folders = json.at("folders").get<std::vector<std::string>>();
  plan.outputs = json.at("outputs").get<std::vector<std::string>>();
  plan.estimate = estimate_of(json.at("estimated"));
  return plan;
}

PlannedTile tile_of(const Json& json) {
  PlannedTile tile;
  tile.zone = json.at("zone");
  for (const auto& window : json.at("windows")) {
    const auto w = window.get<std::array<std::int64_t, 4>>();
    tile.windows.push_back({w[0], w[1], w[2], w[3]});
  }
  tile.zones = json.at("zones").get<std::map<std::string, std::vector<std::string>>>();
  tile.estimate = estimate_of(json.at("estimated"));
  return tile;
}

}  // namespace

std::string part_name(std::size_t index) {
  return "parts/" + std::to_string(index) + ".part";
}

std::int64_t PlannedTile::pixels() const {
  std::int64_t pixels = 0;
  for (const Window& window : windows) pixels += window.pixels();
  return pixels;
}

std::string TilePlan::hash() const {
  Json inputs_json = Json::array(), tiles_json = Json::array();
  for (const auto& input : inputs) inputs_json.push_back({input.path, input.sha256});
  for (const auto& tile : tiles) tiles_json.push_back(windows_json(tile));
  return sha256_of_text(line_of({{"schema", schema},
                                 {"program", program},
                                 {"setup_sha256", setup_sha256},
                                 {"options", options},
                                 {"grid", {columns, rows, block.columns, block.rows}},
                                 {"inputs", inputs_json},
                                 {"folders", folders},
                                 {"outputs", outputs},
                                 {"tiles", tiles_json}}));
}

std::string to_json_lines(const TilePlan& plan) {
  std::string text = line_of(header_json(plan)) + "\n";
  for (std::size_t i = 0; i < plan.tiles.size(); ++i) text += line_of(tile_json(plan, i)) + "\n";
  return text;
}

TilePlan read_tile_plan(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw input_error(file, "cannot be read: give a plan that sinkcalc tiles made");
  TilePlan plan;
  std::string hash;
  try {
    std::string line;
    std::getline(stream, line);
    const Json header = Json::parse(line);
    if (header.at("schema") != schema) throw input_error(file, "is a plan of another version: make it anew");
    plan = header_of(header);
    hash = header.at("hash");
    while (std::getline(stream, line)) {
      const Json json = Json::parse(line);
      if (json.at("index") != plan.tiles.size()) throw input_error(file, "its tiles are not in order: make it anew");
      plan.tiles.push_back(tile_of(json));
    }
  } catch (const nlohmann::json::exception&) {
    throw input_error(file, "is no plan of tiles, or is cut off: make it with sinkcalc tiles");
  }
  if (plan.hash() != hash) throw input_error(file, "was changed after it was made: make it anew with sinkcalc tiles");
  plan.file = file;
  return plan;
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
