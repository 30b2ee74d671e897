// SPDX-License-Identifier: Apache-2.0
// The command line before and after CLI11: GDAL's habits taken in, its complaints put into our words.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sink::tools {

/// The arguments after the program's name; `-co`, `-of`, `-overwrite`, which people type from GDAL habit, become the
/// long options (CLI11 would read -c and -o).
std::vector<std::string> with_gdal_habits(int argc, char** argv);

/// "what: what to do" for a command line that CLI11 refused.
std::string usage_message(const std::string& program, const std::string& command, const CLI::App& app,
                          const CLI::ParseError& error);

/// The command line as one would type it again, for the run record.
std::string quoted_command_line(int argc, char** argv);

/// Versions of the program and of GDAL and PROJ, one line each.
std::string version_text(const std::string& program);

}  // namespace sink::tools
