// SPDX-License-Identifier: Apache-2.0
// Plans as JSON lines: written, hashed, read.
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "job/json_line.hpp"
#include "job/sha256.hpp"
#include "job/tile_plan.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "sinkcalc tiles 1";

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

Json header_json(const TilePlan& plan, std::size_t place, std::size_t plans) {
  Json inputs = Json::array();
  for (const auto& input : plan.inputs) {
    inputs.push_back(
        {{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}, {"modified", input.modified}});
  }
  return {{"schema", schema},
          {"hash", plan.hash()},
          {"program", plan.program},
          {"section", place},
          {"sections", plans},
          {"name", plan.name},
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
          {"outputs", plan.outputs},
          {"estimated", estimate_json(plan.estimate)}};
}

Json tile_json(const TilePlan& plan, std::size_t at) {
  const PlannedTile& tile = plan.tiles[at];
  const std::size_t index = plan.first + at;
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
  plan.name = json.at("name");
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

Error no_plan(const std::string& file) {
  return input_error(file, "is no plan of tiles, or is cut off: make it with sinkcalc tiles");
}

/// Takes the lines of a plan file one by one.
class PlanReader {
 public:
  explicit PlanReader(std::string file) : file_(std::move(file)) {}

  void take(const Json& line) {
    if (line.contains("schema")) return begin(line);
    if (plans_.empty()) throw no_plan(file_);
    if (line.at("index") != next_) throw disordered();
    plans_.back().tiles.push_back(tile_of(line));
    ++next_;
  }

  /// Once all lines are taken.
  [[nodiscard]] std::vector<TilePlan> plans() const {
    if (plans_.empty()) throw no_plan(file_);
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].hash() == hashes_[i] && !plans_[i].tiles.empty()) continue;
      throw input_error(file_, "was changed after it was made: make it anew with sinkcalc tiles");
    }
    if (plans_.size() != announced_) throw no_plan(file_);
    return plans_;
  }

 private:
  void begin(const Json& header) {
    if (header.at("schema") != schema) throw input_error(file_, "is a plan of another version: make it anew");
    if (header.at("section") != plans_.size()) throw disordered();
    plans_.push_back(header_of(header));
    if (!is_plain_name(plans_.back().name)) throw no_plan(file_);  // results must not land anywhere else
    plans_.back().file = file_;
    plans_.back().first = next_;
    hashes_.push_back(header.at("hash"));
    announced_ = header.at("sections");
  }
  [[nodiscard]] Error disordered() const { return input_error(file_, "its tiles are not in order: make it anew"); }

  std::string file_;
  std::vector<TilePlan> plans_;
  std::vector<std::string> hashes_;
  std::size_t next_ = 0, announced_ = 0;
};

}  // namespace

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
                                 {"outputs", outputs},
                                 {"tiles", tiles_json}}));
}

std::string to_json_lines(std::vector<TilePlan> plans) {
  std::string text;
  std::size_t first = 0;
  for (std::size_t place = 0; place < plans.size(); ++place) {
    TilePlan& plan = plans[place];
    plan.first = first;
    first += plan.tiles.size();
    text += line_of(header_json(plan, place, plans.size())) + "\n";
    for (std::size_t i = 0; i < plan.tiles.size(); ++i) text += line_of(tile_json(plan, i)) + "\n";
  }
  return text;
}

std::vector<TilePlan> read_tile_plans(const std::string& file) {
  PlanReader reader(file);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw input_error(
        file, std::string("cannot be read (") + std::strerror(errno) + "): give a plan that sinkcalc tiles made");
  }
  try {
    for (std::string line; std::getline(stream, line);) {
      if (line.find_first_not_of(" \t\r") != std::string::npos) reader.take(Json::parse(line));
    }
  } catch (const nlohmann::json::exception&) {
    throw no_plan(file);
  }
  return reader.plans();
}

bool begins_as_plan(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return false;
  std::ifstream stream(file, std::ios::binary);
  std::string begin(64, ' ');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(stream.gcount()));
  if (begin.empty()) return true;
  std::erase_if(begin, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return begin.starts_with("{\"schema\":\"sinkcalctiles");
}

}  // namespace sink
