// SPDX-License-Identifier: Apache-2.0
// The commands and their options as JSON (`--describe`), from which other programs make themselves a face: the QGIS
// plugin has nothing else to go by.
#pragma once

#include <string>
#include <vector>

#include "run_tool.hpp"

namespace sink::tools {

/// One JSON object: program, command, summary, example, `parameters` and `numbers`. Per parameter:
/// name, aliases, type, required, default, help, choices, group, repeatable, values (how many at a time), positional;
/// most (values in all, null: no limit), unit, minimum, maximum, of (the parameter whose fields it names),
/// output (written, not read), advanced (seldom needed).
/// Types: flag choice integer number text size field; raster (FILE or FILE:BAND) zones (polygons FILE[:LAYER] or class
/// raster) vector (FILE[:LAYER]) sample (points or table); table (CSV) legend (CSV or a built-in name) inventory file
/// directory.
std::string describe(const std::string& program, const Command& command, const CLI::App& app);

/// One JSON object: program, version, summary, and `commands`, each as `describe` has it.
std::string describe_program(const std::string& program, const std::string& summary,
                             const std::vector<Command>& commands);

}  // namespace sink::tools
