// SPDX-License-Identifier: Apache-2.0
#include "method/methods.hpp"

#include <memory>
#include <nlohmann/json.hpp>

#include "console.hpp"
#include "report/table.hpp"
#include "sinkcalc/commands.hpp"

namespace sink::tools {
namespace {

std::string names_of(const std::vector<LayerInfo>& layers) {
  std::string text;
  for (const LayerInfo& info : layers) text += (text.empty() ? "" : ", ") + std::string(info.name);
  return text;
}

std::string list_text() {
  std::vector<std::vector<std::string>> rows = {{"method", "reads", "what it is"}};
  for (const MethodInfo& info : all_methods()) {
    rows.push_back({std::string(info.name), names_of(shape_of(info).inputs), std::string(info.summary)});
  }
  return to_terminal(rows) + "\nsinkcalc methods NAME tells more.\n";
}

std::string method_text(const MethodInfo& info) {
  const Method method = shape_of(info);
  std::vector<std::vector<std::string>> rows;
  for (const LayerInfo& layer : method.inputs) {
    rows.push_back({"  reads", std::string(layer.name), std::string(layer.unit), std::string(layer.meaning)});
  }
  for (const LayerInfo& layer : method.outputs) {
    rows.push_back({"  gives", std::string(layer.name), std::string(layer.unit), std::string(layer.meaning)});
  }
  return std::string(info.name) + ": " + std::string(info.summary) + "\n" + to_terminal(rows) + "  source  " +
         std::string(info.source) + "\n";
}

nlohmann::ordered_json layers_json(const std::vector<LayerInfo>& layers) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LayerInfo& info : layers)
    list.push_back({{"name", info.name}, {"unit", info.unit}, {"meaning", info.meaning}});
  return list;
}

nlohmann::ordered_json method_json(const MethodInfo& info) {
  const Method method = shape_of(info);
  return {{"name", info.name},
          {"summary", info.summary},
          {"source", info.source},
          {"inputs", layers_json(method.inputs)},
          {"outputs", layers_json(method.outputs)}};
}

/// All methods, or those named.
std::string methods_text(const std::vector<std::string>& names, bool json) {
  std::vector<const MethodInfo*> chosen;
  for (const std::string& name : names) chosen.push_back(&method_called(name));
  if (json) {
    if (names.empty()) {
      for (const MethodInfo& info : all_methods()) chosen.push_back(&info);
    }
    nlohmann::ordered_json object = {{"methods", nlohmann::ordered_json::array()}};
    for (const MethodInfo* info : chosen) object["methods"].push_back(method_json(*info));
    return object.dump(2) + "\n";
  }
  if (names.empty()) return list_text();
  std::string text;
  for (const MethodInfo* info : chosen) text += method_text(*info);
  return text;
}

}  // namespace

Command methods_command() {
  struct MethodsCommand {
    std::vector<std::string> names;
    bool json = false;
  };
  return {"methods", "the methods there are: what they read, what they give, where they come from",
          "sinkcalc methods bef", [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<MethodsCommand>();
            app.add_option("NAME", options->names, "only these methods, in full")->type_name("NAME");
            declare_json(app, options->json);
            return [options](const std::string&) {
              print(methods_text(options->names, options->json));
              return 0;
            };
          }};
}

}  // namespace sink::tools
