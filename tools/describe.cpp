// SPDX-License-Identifier: Apache-2.0
#include "describe.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "help.hpp"
#include "job/setup.hpp"
#include "option_facts.hpp"
#include "shared_options.hpp"

namespace sink::tools {
namespace {

using Json = nlohmann::ordered_json;

/// RASTER, FILE, N, … as the words of a machine.
std::string machine_type(const CLI::Option& option) {
  static const std::map<std::string, std::string> types = {
      {"RASTER", "raster"},   {"MAP", "raster"},     {"ZONES", "zones"},         {"VECTOR", "vector"},
      {"POLYGONS", "vector"}, {"STANDS", "vector"},  {"SAMPLE", "sample"},       {"CSV", "table"},
      {"LEGEND", "legend"},   {"FILE", "file"},      {"INVENTORY", "inventory"}, {"PLAN", "file"},
      {"DIR", "directory"},   {"FIELD", "field"},    {"SIZE", "size"},           {"N", "integer"},
      {"YEAR", "integer"},    {"PIXELS", "integer"}, {"INDEX", "integer"},       {"NUMBER", "number"},
      {"DEGREES", "number"},  {"METRES", "number"},  {"LEVEL", "number"},        {"SE", "number"}};
  if (is_flag(option)) return "flag";
  if (!choices_of(option).empty()) return "choice";
  const auto type = types.find(type_name_of(option));
  return type == types.end() ? "text" : type->second;
}

bool is_output(const CLI::Option& option) {
  return option.check_lname("output");
}

/// What a first user need not see: how a run goes about its work, and the form of its files.
bool is_advanced(const CLI::Option& option) {
  const std::string group = option.get_group();
  if (group == "Output") return !is_output(option) && !option.check_lname("overwrite");
  return group == "Run" || group == "Console";
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json number_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json::parse(text);
}

Json describe_option(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  if (names.empty()) names.push_back(option.get_name(true));
  const bool endless = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  Json entry;
  entry["name"] = names.front();
  entry["aliases"] = std::vector<std::string>(names.begin() + 1, names.end());
  entry["type"] = machine_type(option);
  entry["value"] = text_or_null(is_flag(option) ? "" : type_name_of(option));
  entry["required"] = option.get_required();
  entry["default"] = text_or_null(option.get_default_str());
  entry["help"] = option.get_description();
  entry["choices"] = choices_of(option);
  entry["group"] = option.get_group();
  entry["repeatable"] = !is_flag(option) && endless;
  entry["values"] = is_flag(option) ? 0 : std::max(1, option.get_items_expected_min());
  entry["positional"] = option.get_positional();
  entry["most"] = endless ? Json(nullptr) : Json(option.get_items_expected_max());
  entry["unit"] = text_or_null(fact_of(option, Fact::unit));
  entry["minimum"] = number_or_null(fact_of(option, Fact::least));
  entry["maximum"] = number_or_null(fact_of(option, Fact::greatest));
  entry["of"] = text_or_null(fact_of(option, Fact::owner));
  entry["output"] = is_output(option);
  entry["advanced"] = is_advanced(option);
  return entry;
}

Json describe_command(const std::string& program, const Command& command, const CLI::App& app) {
  Json object;
  object["program"] = program;
  object["command"] = command.name;
  object["summary"] = command.summary;
  object["example"] = command.example;
  object["parameters"] = Json::array();
  for (const bool shared : {false, true}) {
    for (const CLI::Option* option : options_of(app, shared)) {
      if (option->get_group() != "Help") object["parameters"].push_back(describe_option(*option));
    }
  }
  object["numbers"] = Json::array();
  for (const ResultNumber& number : command.numbers) {
    object["numbers"].push_back(
        {{"name", number.name}, {"pointer", number.pointer}, {"unit", number.unit}, {"help", number.meaning}});
  }
  return object;
}

}  // namespace

std::string describe(const std::string& program, const Command& command, const CLI::App& app) {
  return describe_command(program, command, app).dump(2) + "\n";
}

std::string describe_program(const std::string& program, const std::string& summary,
                             const std::vector<Command>& commands) {
  Json object;
  object["program"] = program;
  object["version"] = program_version();
  object["summary"] = summary;
  object["commands"] = Json::array();
  for (const Command& command : commands) {
    CLI::App app(command.summary, command.name);
    declare_help(app);
    const auto bound = command.declare(app);  // holds what the options are bound to
    object["commands"].push_back(describe_command(program, command, app));
  }
  return object.dump(2) + "\n";
}

}  // namespace sink::tools
