// SPDX-License-Identifier: Apache-2.0
// Options that mean the same everywhere: declared once, used by all commands. Each `declare` binds to a struct that
// must outlive the parsing. The option's type name (RASTER, FILE, DIR, NAME, N, YEAR, SIZE, …) is shown in the help
// and, in lower case, in `--describe`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "job/job.hpp"

namespace sink::tools {

/// Groups of the shared options, in the order of the help.
inline constexpr const char* shared_groups[] = {"Zones", "Parameters", "Output", "Run", "Console", "Help"};
bool is_shared_group(const std::string& group);

/// How a command speaks.
struct ConsoleOptions {
  bool json = false, quiet = false;
  std::string progress = "auto";
};
/// --json, -q, --progress.
void declare(CLI::App& app, ConsoleOptions& options);
/// -q, --progress, for commands whose output is no text.
void declare_voice(CLI::App& app, ConsoleOptions& options);
/// --json alone, for commands that only print.
void declare_json(CLI::App& app, bool& json);

/// -o, --overwrite.
void declare_output(CLI::App& app, OutputOptions& options);
/// The same, and --csv-bom.
void declare_directory(CLI::App& app, OutputOptions& options);
/// --layers, --of, --co.
void declare_rasters(CLI::App& app, OutputOptions& options);
/// --threads, --memory.
void declare_effort(CLI::App& app, RunOptions& options);
/// --threads, --memory, --align, --allow-driver, --io.
void declare(CLI::App& app, RunOptions& options);
/// --strict.
void declare_strict(CLI::App& app, RunOptions& options);

struct ParameterOptions {
  std::vector<std::string> parameters;  ///< files, later ones override
  std::string legend, landcover_legend;
};
/// --parameters.
void declare(CLI::App& app, ParameterOptions& options);
/// --landcover-legend; `declare_legends` adds --legend.
void declare_landcover_legend(CLI::App& app, ParameterOptions& options);
void declare_legends(CLI::App& app, ParameterOptions& options);

/// Zone sets as typed: fields given once hold for every set, or once per set.
struct ZoneOptions {
  std::vector<std::string> files, id_fields, name_fields, wheres;
};
/// --zones, --zone-id, --zone-name, --where. `several`: one --zones may take several values; not for commands with
/// positional arguments, which it would swallow.
void declare(CLI::App& app, ZoneOptions& options, bool several);
/// The zone sets, each called by its file's base name (by its layer where two would be alike). Throws Error::usage.
std::vector<ZoneSource> zone_sources(const ZoneOptions& options);

/// All of them at once, for the help of a program.
struct SharedOptions {
  ZoneOptions zones;
  ParameterOptions parameters;
  OutputOptions output;
  RunOptions run;
  ConsoleOptions console;
};
void declare_all(CLI::App& app, SharedOptions& options);

/// Lets an option take only `choices` (in any case); the message names the nearest.
CLI::Option* limit_to(CLI::Option* option, const std::vector<std::string>& choices);
/// The choices of such an option; empty for others.
std::vector<std::string> choices_of(const CLI::Option& option);
/// Lets an option take only years.
CLI::Option* limit_to_years(CLI::Option* option);

/// "512M", "4G", "1.5GiB" or bytes; throws Error::usage.
std::int64_t parse_size(const std::string& text);
/// Processors this process may use.
int available_threads();

}  // namespace sink::tools
