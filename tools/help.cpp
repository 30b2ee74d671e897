// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <algorithm>

#include "console.hpp"
#include "report/table.hpp"
#include "shared_options.hpp"

namespace sink::tools {
namespace {

constexpr std::size_t name_columns = 30, screen_columns = 100;
/// More of them are told by an error or by `--describe`.
constexpr std::size_t longest_choices = 60;

}  // namespace

std::string type_name_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();  // CLI11 joins the validators' descriptions to it
  return type.substr(0, type.find(':'));
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, bool shared) {
  if (!shared) return app.get_options([](const CLI::Option* option) { return !is_shared_group(option->get_group()); });
  std::vector<const CLI::Option*> options;
  for (const std::string group : shared_groups) {
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group() == group) options.push_back(option);
    }
  }
  return options;
}

std::string usage_of(const CLI::Option& option, bool short_form) {
  std::string text;
  for (const std::string& name : option.get_snames()) text += (text.empty() ? "-" : ",-") + name;
  for (const std::string& name : option.get_lnames()) {
    if (!short_form || text.empty()) text += (text.empty() ? "--" : ",--") + name;
  }
  const std::string values = option.get_positional() ? option.get_name(true)
                             : is_flag(option)       ? ""
                                                     : type_name_of(option);
  if (!values.empty()) text += (text.empty() ? "" : " ") + values;
  const int least = option.get_items_expected_min();
  for (int more = 1; more < least; ++more) text += " " + values;
  if (option.get_items_expected_max() > std::max(least, 1)) text += " …";
  return text;
}

namespace {

std::string wrapped(const std::vector<std::string>& words, const std::string& indent) {
  std::string text, line = indent;
  for (const std::string& word : words) {
    if (line.size() > indent.size() && text_width(line) + 2 + text_width(word) > screen_columns) {
      text += line + "\n";
      line = indent;
    }
    line += (line.size() > indent.size() ? "  " : "") + word;
  }
  return text + line + "\n";
}

/// One line per option: what is typed, what it is, its default.
std::string option_line(const CLI::Option& option) {
  std::string line = "  " + padded(usage_of(option, false), name_columns) + "  " + option.get_description();
  const std::string choices = CLI::detail::join(choices_of(option), "|");
  if (!choices.empty() && choices.size() <= longest_choices) line += ": " + choices;
  if (!option.get_default_str().empty()) line += " (" + option.get_default_str() + ")";
  return line + "\n";
}

std::string usage_line(const std::string& program, const Command& command, const CLI::App& app) {
  std::string positional, required;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const std::string words = usage_of(*option, true);
      positional += option->get_required() ? " " + words : " [" + words + "]";
    } else if (option->get_required()) {
      required += " " + usage_of(*option, true);
    }
  }
  return "Usage: " + program + " " + command.name + positional + required + " [options]\n";
}

}  // namespace

void declare_help(CLI::App& app) {
  app.set_help_flag("-h,--help", "help of a command")->group("Help");
  app.set_version_flag("--version", std::string(), "versions of the program and its libraries")->group("Help");
  app.add_flag_callback(
         "--describe", [] { throw DescribeAsked(); }, "the options of a command as JSON")
      ->group("Help");
  app.set_config("--config", "", "options from a file of lines such as threads = 4")->type_name("FILE")->group("Help");
  app.allow_config_extras(CLI::config_extras_mode::error);
}

std::string command_help(const std::string& program, const Command& command, const CLI::App& app) {
  std::string text = program + " " + command.name + ": " + command.summary + "\n";
  text += usage_line(program, command, app) + "\n";
  for (const CLI::Option* option : options_of(app, false)) text += option_line(*option);
  std::vector<std::string> shared;
  for (const CLI::Option* option : options_of(app, true)) shared.push_back(usage_of(*option, true));
  text += "Shared options, explained by " + program + " --help:\n" + wrapped(shared, "  ");
  return text + "\nExample: " + command.example + "\n";
}

std::string program_help(const std::string& program, const std::string& summary, const std::vector<Command>& commands) {
  std::string text =
      program + ": " + summary + "\nUsage: " + program + " COMMAND [options]\nCommands, each with --help:\n";
  for (const Command& command : commands) text += "  " + padded(command.name, 12) + command.summary + "\n";
  CLI::App app;
  SharedOptions options;
  declare_all(app, options);
  declare_help(app);
  text += "Options that mean the same everywhere:\n";
  // Two of the last group to a line, so that all of it fits a screen.
  std::string names, meanings;
  for (const CLI::Option* option : options_of(app, true)) {
    if (option->get_group() != "Help") {
      text += option_line(*option);
      continue;
    }
    const bool second = !names.empty();
    names += (second ? "  " : "") + usage_of(*option, false);
    meanings += (second ? "; " : "") + option->get_description();
    if (!second) continue;
    text += "  " + padded(names, name_columns) + "  " + meanings + "\n";
    names = meanings = "";
  }
  return text + "Example: " + commands.front().example + "\n";
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

}  // namespace sink::tools
