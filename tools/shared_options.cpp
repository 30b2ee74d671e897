// SPDX-License-Identifier: Apache-2.0
#include "shared_options.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "option_facts.hpp"

namespace sink::tools {
namespace {

constexpr std::int64_t smallest_memory = 16LL << 20;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

/// A list option that takes one value at a time (or several with commas), and may be given again.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->delimiter(',');
}

/// As `add_list`, for values in which a comma may stand.
CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false);
}

CLI::Option* limit_threads(CLI::Option* option) {
  return with_range(option, "0", "1024")
      ->check(CLI::Validator(
          [](std::string& text) {
            int threads = 0;
            const char* end = text.data() + text.size();
            const auto [rest, failure] = std::from_chars(text.data(), end, threads);
            const bool good = failure == std::errc() && rest == end && threads >= 0 && threads <= 1024;
            return good ? std::string() : "'" + text + "' is not a number of threads: give 0 (all) to 1024";
          },
          "", "threads"));
}

}  // namespace

bool is_shared_group(const std::string& group) {
  return std::find(std::begin(shared_groups), std::end(shared_groups), group) != std::end(shared_groups);
}

CLI::Option* limit_to(CLI::Option* option, const std::vector<std::string>& choices) {
  return option->check(CLI::Validator(
      [choices](std::string& text) {
        for (const std::string& choice : choices) {
          if (CLI::detail::to_lower(choice) != CLI::detail::to_lower(text)) continue;
          text = choice;
          return std::string();
        }
        return "'" + text + "' is not one of " + joined(choices) + ": the nearest is '" + nearest_name(text, choices) +
               "'";
      },
      joined(choices), "choices"));
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  try {
    const auto* validator = const_cast<CLI::Option&>(option).get_validator("choices");
    return CLI::detail::split(validator->get_description(), ',');
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

CLI::Option* limit_to_years(CLI::Option* option) {
  return with_range(option, "1000", "2999")
      ->check(CLI::Validator(
          [](std::string& text) {
            const bool good = text.size() == 4 && text[0] >= '1' && text[0] <= '2' &&
                              std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
            return good ? std::string() : "'" + text + "' is not a year: give one such as 2015";
          },
          "", "year"));
}

std::int64_t parse_size(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  const std::string unit = CLI::detail::to_lower(std::string(rest, end));
  static const std::vector<std::vector<std::string>> units = {
      {"", "b"}, {"k", "kb", "kib"}, {"m", "mb", "mib"}, {"g", "gb", "gib"}, {"t", "tb", "tib"}};
  for (std::size_t power = 0; failure == std::errc() && power < units.size(); ++power) {
    if (std::find(units[power].begin(), units[power].end(), unit) == units[power].end()) continue;
    const double bytes = std::ldexp(number, static_cast<int>(10 * power));
    if (!(bytes >= static_cast<double>(smallest_memory)) || bytes > 0x1p60) break;
    return static_cast<std::int64_t>(bytes);
  }
  throw usage_error("--memory: '" + text + "' is not a size of at least 16M: write it as 512M or 4G");
}

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // Fails on machines with more processors than the set has room for; those are asked for --threads.
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

void declare_json(CLI::App& app, bool& json) {
  app.add_flag("--json", json, "one JSON object on stdout instead of text")->group("Console");
}

void declare(CLI::App& app, ConsoleOptions& options) {
  declare_json(app, options.json);
  declare_voice(app, options);
}

void declare_voice(CLI::App& app, ConsoleOptions& options) {
  app.add_flag("-q,--quiet", options.quiet, "no table, messages or progress; errors only")->group("Console");
  auto* progress = app.add_option("--progress", options.progress, "on stderr; auto: a bar on a terminal");
  limit_to(progress, {"auto", "bar", "json", "none"})->capture_default_str()->type_name("STYLE")->group("Console");
}

void declare_output(CLI::App& app, OutputOptions& options) {
  app.add_option("-o,--output", options.directory, "folder for the results")
      ->required()
      ->type_name("DIR")
      ->group("Output");
  app.add_flag("--overwrite", options.overwrite, "replace results that the folder holds")->group("Output");
}

void declare_directory(CLI::App& app, OutputOptions& options) {
  declare_output(app, options);
  app.add_flag("--csv-bom", options.csv_bom, "tables that Excel opens as UTF-8")->group("Output");
}

void declare_rasters(CLI::App& app, OutputOptions& options) {
  add_list(app, "--layers", options.layers, "rasters to write: agb,bgb,carbon,co2,sink,…")
      ->type_name("NAMES")
      ->group("Output");
  auto* format = app.add_option_function<std::string>(
      "--of",
      [&options](const std::string& name) { options.format = name == "COG" ? OutputFormat::cog : OutputFormat::gtiff; },
      "format of the rasters");
  limit_to(format, {"COG", "GTiff"})->default_str("COG")->type_name("FORMAT")->group("Output");
  auto* creation = add_repeated(app, "--co", options.creation_options, "creation option of the format");
  creation->type_name("KEY=VALUE")->group("Output");
  creation->check(CLI::Validator(
      [](std::string& text) {
        const auto equals = text.find('=');
        const bool good = equals != std::string::npos && equals > 0;
        return good ? std::string() : "'" + text + "' is no creation option: write KEY=VALUE, such as LEVEL=9";
      },
      "", "key_value"));
}

void declare_effort(CLI::App& app, RunOptions& options) {
  options.threads = available_threads();
  auto* threads = app.add_option_function<int>(
      "--threads", [&options](int count) { options.threads = count > 0 ? count : available_threads(); },
      "worker threads; 0: all processors it may use");
  limit_threads(threads)->default_str("0")->type_name("N")->group("Run");
  app.add_option_function<std::string>(
         "--memory", [&options](const std::string& size) { options.memory_bytes = parse_size(size); },
         "memory to keep within: 512M, 4G")
      ->default_str("512M")
      ->type_name("SIZE")
      ->group("Run");
}

void declare(CLI::App& app, RunOptions& options) {
  declare_effort(app, options);
  app.add_flag("--align", options.align, "take rasters on another grid onto that of the first")->group("Run");
  add_list(app, "--allow-driver", options.allowed_drivers, "GDAL drivers to read beside GTiff")
      ->type_name("NAMES")
      ->group("Run");
  auto* io = app.add_option_function<std::string>(
      "--io", [&options](const std::string& name) { options.io = name == "own" ? RasterIo::own : RasterIo::gdal; },
      "who decodes GeoTIFF blocks: the workers or GDAL, with the same results");
  limit_to(io, {"own", "gdal"})->default_str("own")->type_name("WAY")->group("Run");
}

void declare_strict(CLI::App& app, RunOptions& options) {
  app.add_flag("--strict", options.strict, "forest without a stock is an error")->group("Run");
}

void declare(CLI::App& app, ParameterOptions& options) {
  add_repeated(app, "--parameters", options.parameters, "CSV rows that override the built-in parameters")
      ->type_name("CSV")
      ->group("Parameters");
}

void declare_legends(CLI::App& app, ParameterOptions& options) {
  app.add_option("--legend", options.legend, "legend of the forest types: a CSV file or a built-in name")
      ->type_name("LEGEND")
      ->group("Parameters");
  declare_landcover_legend(app, options);
}

void declare_landcover_legend(CLI::App& app, ParameterOptions& options) {
  app.add_option("--landcover-legend", options.landcover_legend, "legend of the land cover: the same")
      ->type_name("LEGEND")
      ->group("Parameters");
}

void declare(CLI::App& app, ZoneOptions& options, bool several) {
  app.add_option("--zones", options.files, "polygons (FILE[:LAYER]) or class raster to sum over")
      ->allow_extra_args(several)
      ->type_name("ZONES")
      ->group("Zones");
  const auto of_zones = [&](const char* name, std::vector<std::string>& values, const char* help, const char* type) {
    belongs_to(add_repeated(app, name, values, help), "--zones")->type_name(type)->group("Zones");
  };
  of_zones("--zone-id", options.id_fields, "field of the polygons that tells zones apart", "FIELD");
  of_zones("--zone-name", options.name_fields, "field with their names", "FIELD");
  of_zones("--where", options.wheres, "only zones with this value of a field", "FIELD=VALUE");
}

void declare_all(CLI::App& app, SharedOptions& options) {
  declare(app, options.zones, true);
  declare(app, options.parameters);
  declare_legends(app, options.parameters);
  declare_directory(app, options.output);
  declare_rasters(app, options.output);
  declare(app, options.run);
  declare_strict(app, options.run);
  declare(app, options.console);
}

std::vector<ZoneSource> zone_sources(const ZoneOptions& options) {
  const std::size_t sets = options.files.size();
  for (const auto& file : options.files) {
    if (file.empty()) throw usage_error("--zones: is blank: give a file, or leave it out for the whole grid");
  }
  const auto field = [&](const char* option, const std::vector<std::string>& values, std::size_t set) -> std::string {
    if (values.empty()) return "";
    if (sets == 0) throw usage_error(std::string(option) + ": there is no --zones for it: add one");
    if (values.size() == 1) return values[0];
    if (values.size() == sets) return values[set];
    throw usage_error(std::string(option) + ": given " + std::to_string(values.size()) + " times for " +
                      std::to_string(sets) + " zone sets: give it once, or once per set");
  };
  std::vector<ZoneSource> sources;
  for (std::size_t set = 0; set < std::max<std::size_t>(sets, 1); ++set) {
    ZoneSource source;
    source.id_field = field("--zone-id", options.id_fields, set);
    source.name_field = field("--zone-name", options.name_fields, set);
    source.where = field("--where", options.wheres, set);
    if (sets == 0) return {};
    source.file = options.files[set];
    source.set = zone_set_name(source.file);
    const auto same_name = [&](const ZoneSource& other) { return other.set == source.set; };
    const auto colon = source.file.rfind(':');
    if (colon != std::string::npos && std::any_of(sources.begin(), sources.end(), same_name)) {
      source.set = source.file.substr(colon + 1);
    }
    if (std::any_of(sources.begin(), sources.end(), same_name)) {
      throw usage_error("--zones: two zone sets are called '" + source.set + "': rename one of the files");
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace sink::tools
