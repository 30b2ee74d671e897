// SPDX-License-Identifier: Apache-2.0
// Help that fits a screen, from the declared options; describe.hpp says the same to programs.
#pragma once

#include <string>
#include <vector>

#include "run_tool.hpp"

namespace CLI {
class Option;
}

namespace sink::tools {

/// Thrown where `--describe` is met: it wins over everything still missing on the command line.
struct DescribeAsked {};

/// -h, --version, --describe, --config. The first two end parsing with CLI::CallForHelp and CLI::CallForVersion.
void declare_help(CLI::App& app);

/// Help of a command: its own options one by one, the shared ones by name, an example at the end.
std::string command_help(const std::string& program, const Command& command, const CLI::App& app);
/// Help of the program: its commands, and what the shared options mean.
std::string program_help(const std::string& program, const std::string& summary, const std::vector<Command>& commands);
/// The options of a command's own, or the shared ones in the order of their groups.
std::vector<const CLI::Option*> options_of(const CLI::App& app, bool shared);
/// RASTER, FILE, N, …: what its value is called in the help.
std::string type_name_of(const CLI::Option& option);
bool is_flag(const CLI::Option& option);

/// What is typed for an option: "-o,--output DIR", "RASTER …"; in short "-o DIR".
std::string usage_of(const CLI::Option& option, bool short_form);
/// Names of all options of a command, with their dashes.
std::vector<std::string> option_names(const CLI::App& app);

}  // namespace sink::tools
