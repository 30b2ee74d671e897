// SPDX-License-Identifier: Apache-2.0
// Plans as JSON lines: written, hashed, read.
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
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

/// `lines`: those of its tiles.
Json header_json(const TilePlan& plan, const std::string& lines, std::size_t place, std::size_t plans) {
  Json inputs = Json::array();
  for (const auto& input : plan.inputs) {
    inputs.push_back(
        {{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}, {"modified", input.modified}});
  }
  Json estimated = estimate_json(plan.estimate);
  estimated["merge_memory_bytes"] = plan.merge_memory_bytes;
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
          {"windows_sha256", plan.windows_sha256},
          {"lines_sha256", sha256_of_text(lines)},
          {"options", Json::parse(plan.options)},
          {"inputs", inputs},
          {"folders", plan.folders},
          {"outputs", plan.outputs},
          {"estimated", estimated}};
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
  plan.windows_sha256 = json.at("windows_sha256");
  plan.options = line_of(json.at("options"));
  for (const auto& input : json.at("inputs")) {
    plan.inputs.push_back({input.at("path").get<std::string>(), input.at("sha256").get<std::string>(),
                           input.at("bytes").get<std::int64_t>(), input.at("modified").get<std::string>()});
  }
  plan.folders = json.at("folders").get<std::vector<std::string>>();
  plan.outputs = json.at("outputs").get<std::vector<std::string>>();
  plan.estimate = estimate_of(json.at("estimated"));
  plan.merge_memory_bytes = json.at("estimated").at("merge_memory_bytes");
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

/// Takes the lines of a plan file one by one. With `only` no other tile is parsed: an array of thousands reads its plan
/// thousands of times.
class PlanReader {
 public:
  PlanReader(std::string file, std::optional<std::size_t> only) : file_(std::move(file)), only_(only) {}

  void take(const std::string& line) {
    if (line.starts_with("{\"schema\"")) return begin(Json::parse(line));
    if (sections_.empty()) throw no_plan(file_);
    Section& section = sections_.back();
    section.lines.add(std::as_bytes(std::span(line)));
    section.lines.add(std::as_bytes(std::span("\n", 1)));
    section.plan.tiles.emplace_back();
    if (!only_ || *only_ == next_) {
      const Json json = Json::parse(line);
      if (json.at("index") != next_) throw disordered();
      section.plan.tiles.back() = tile_of(json);
      const std::string windows = line_of(windows_json(section.plan.tiles.back())) + "\n";
      section.windows.add(std::as_bytes(std::span(windows)));
    }
    ++next_;
  }

  /// Once all lines are taken.
  [[nodiscard]] std::vector<TilePlan> plans() {
    if (sections_.size() != announced_ || sections_.empty()) throw no_plan(file_);
    std::vector<TilePlan> plans;
    for (Section& section : sections_) {
      if (section.plan.hash() != section.hash || section.lines.digits() != section.lines_sha256 ||
          section.plan.tiles.empty() || (!only_ && section.windows.digits() != section.plan.windows_sha256)) {
        throw input_error(file_, "was changed after it was made, or is cut off: make it anew with sinkcalc tiles");
      }
      plans.push_back(std::move(section.plan));
    }
    return plans;
  }

 private:
  /// What its header says, and what came.
  struct Section {
    TilePlan plan;
    std::string hash, lines_sha256;
    Sha256 lines = {}, windows = {};
  };

  void begin(const Json& header) {
    if (header.at("schema") != schema) throw input_error(file_, "is a plan of another version: make it anew");
    if (header.at("section") != sections_.size()) throw disordered();
    sections_.push_back({header_of(header), header.at("hash"), header.at("lines_sha256")});
    TilePlan& plan = sections_.back().plan;
    if (!is_plain_name(plan.name)) throw no_plan(file_);  // results must not land anywhere else
    plan.file = file_;
    plan.first = next_;
    announced_ = header.at("sections");
  }
  [[nodiscard]] Error disordered() const { return input_error(file_, "its tiles are not in order: make it anew"); }

  std::string file_;
  std::optional<std::size_t> only_;
  std::vector<Section> sections_;
  std::size_t next_ = 0, announced_ = 0;
};

}  // namespace

std::string TilePlan::hash() const {
  Json inputs_json = Json::array();
  for (const auto& input : inputs) inputs_json.push_back({input.path, input.sha256});
  return sha256_of_text(line_of({{"schema", schema},
                                 {"program", program},
                                 {"setup_sha256", setup_sha256},
                                 {"options", options},
                                 {"grid", {columns, rows, block.columns, block.rows}},
                                 {"inputs", inputs_json},
                                 {"folders", folders},
                                 {"outputs", outputs},
                                 {"windows", windows_sha256}}));
}

std::string to_json_lines(std::vector<TilePlan> plans) {
  std::string text;
  std::size_t first = 0;
  for (std::size_t place = 0; place < plans.size(); ++place) {
    TilePlan& plan = plans[place];
    plan.first = first;
    first += plan.tiles.size();
    std::string lines, windows;
    for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
      lines += line_of(tile_json(plan, i)) + "\n";
      windows += line_of(windows_json(plan.tiles[i])) + "\n";
    }
    plan.windows_sha256 = sha256_of_text(windows);
    text += line_of(header_json(plan, lines, place, plans.size())) + "\n" + lines;
  }
  return text;
}

std::vector<TilePlan> read_tile_plans(const std::string& file, std::optional<std::size_t> only) {
  PlanReader reader(file, only);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw input_error(
        file, std::string("cannot be read (") + std::strerror(errno) + "): give a plan that sinkcalc tiles made");
  }
  try {
    for (std::string line; std::getline(stream, line);) {
      line.resize(line.find_last_not_of(" \t\r") + 1);
      if (!line.empty()) reader.take(line);
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
