// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "core/nearest_name.hpp"
#include "help.hpp"
#include "job/setup.hpp"
#include "shared_options.hpp"

namespace sink::tools {
namespace {

bool is_plain(const std::string& word) {
  const std::string plain = "-_./:=,+@%";
  return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80 || plain.find(c) != std::string::npos;
  });
}

/// Text after `prefix`, or blank.
std::string after(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : "";
}

/// Words that no option and no argument took.
struct Remaining {
  std::vector<std::string> before_mark;       ///< before `--`: options may be among them
  std::optional<std::string> first_argument;  ///< the first that is one too many
};

/// CLI11 counts the mark `--` itself among them, though it is no mistake; behind it a dash starts no option.
Remaining remaining_of(const CLI::App& app) {
  std::vector<std::string> words = app.remaining();
  const auto mark = std::find(words.begin(), words.end(), "--");
  Remaining left{{words.begin(), mark}, std::nullopt};
  if (mark != words.end()) words.erase(mark);
  if (!words.empty()) left.first_argument = words.front();
  return left;
}

/// An option that other commands share: a letter's slip is not what is wrong with it.
bool is_of_other_commands(const std::string& name) {
  CLI::App all;
  SharedOptions options;
  declare_all(all, options);
  const std::vector<std::string> names = option_names(all);
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string unknown_option(const std::string& word, const std::string& command, const CLI::App& app) {
  const std::string name = word.substr(0, word.find('='));
  if (is_of_other_commands(name)) return "unknown option '" + name + "': '" + command + "' has none: leave it out";
  return "unknown option '" + name + "': the nearest is '" + nearest_name(name, option_names(app)) + "'";
}

/// The option that a message starts with, or nullptr.
const CLI::Option* option_of(const std::string& message, const CLI::App& app) {
  std::string name = message.substr(0, message.find_first_of(":, "));
  return app.get_option_no_throw(name);
}

std::string conversion_message(const std::string& what, const CLI::App& app) {
  const std::string pair = after(what, "Could not convert: ");
  const CLI::Option* option = option_of(pair, app);
  const auto equals = pair.find(" = ");
  if (!option || equals == std::string::npos) return what;
  return usage_of(*option, true) + ": cannot be '" + pair.substr(equals + 3) + "'";
}

/// Missing altogether, or given with too few or too many values.
std::string count_message(const std::string& what, const CLI::App& app) {
  const CLI::Option* option = option_of(what, app);
  if (!option) return what;
  return usage_of(*option, true) + (option->count() == 0 ? ": missing" : ": has another number of values");
}

std::string config_message(const std::string& what, const CLI::App& app) {
  const std::string key = after(what, "INI was not able to parse ");
  if (key.empty()) return "--config: " + what;
  return "--config: unknown option '" + key + "': the nearest is '" +
         after(nearest_name("--" + key, option_names(app)), "--") + "'";
}

}  // namespace

std::vector<std::string> with_gdal_habits(int argc, char** argv) {
  const std::map<std::string, std::string> habits = {{"-co", "--co"}, {"-of", "--of"}, {"-overwrite", "--overwrite"}};
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    const auto habit = habits.find(argument);
    if (habit != habits.end()) argument = habit->second;
  }
  return arguments;
}

std::string usage_message(const std::string& program, const std::string& command, const CLI::App& app,
                          const CLI::ParseError& error) {
  std::string message = error.what();
  // A misspelt option leaves another one missing: the first is what to say.
  const Remaining left = remaining_of(app);
  const auto option =
      std::find_if(left.before_mark.begin(), left.before_mark.end(), [](const auto& word) { return word[0] == '-'; });
  if (option != left.before_mark.end()) {
    message = unknown_option(*option, command, app);
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) && left.first_argument) {
    message = "'" + *left.first_argument + "' is one argument too many";
  } else if (dynamic_cast<const CLI::RequiredError*>(&error) || dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    message = count_message(message, app);
  } else if (dynamic_cast<const CLI::ConversionError*>(&error)) {
    message = conversion_message(message, app);
  } else if (dynamic_cast<const CLI::ConfigError*>(&error)) {
    message = config_message(message, app);
  } else if (dynamic_cast<const CLI::FileError*>(&error)) {
    message = "--config: " + message;
  }
  return message + ": see " + program + " " + command + " --help";
}

std::string quoted_command_line(int argc, char** argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = argv[i];
    if (i > 0) line += ' ';
    if (is_plain(word)) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

std::string version_text(const std::string& program) {
  return program + " " + program_version() + "\n" + library_versions() + "\n";
}

}  // namespace sink::tools
