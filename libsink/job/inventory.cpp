// SPDX-License-Identifier: Apache-2.0
// Inventory files: TOML to Job, as interface.md describes them.
#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "job/choices.hpp"
#include "job/inventory_attribution.hpp"
#include "job/inventory_balance.hpp"
#include "job/inventory_growth.hpp"
#include "job/inventory_patches.hpp"
#include "job/job.hpp"
#include "job/toml_table.hpp"

namespace sink {
namespace {

constexpr double mu_per_ha = 15;

const std::vector<std::string> benchmark_keys = {"name", "rate_tco2_ha_yr", "year", "method", "boundary"};

/// A calendar year, or nothing where the key is absent.
std::optional<int> year_of(const TomlTable& table, std::string_view key) {
  const auto year = table.integer(key);
  if (!year) return std::nullopt;
  if (*year < 1000 || *year > 2999) throw table.error(key, "'" + std::string(key) + "' must be a year such as 2015");
  return static_cast<int>(*year);
}

int need_year(const TomlTable& table, std::string_view key) {
  const auto year = year_of(table, key);
  if (!year) throw table.missing(key, std::string(key) + " = 2015");
  return *year;
}

std::optional<double> positive(const TomlTable& table, std::string_view key) {
  const auto number = table.number(key);
  if (number && *number <= 0) throw table.error(key, "'" + std::string(key) + "' must be more than 0");
  return number;
}

/// Each name once; they become names of tables and columns.
void add_name(std::set<std::string>& names, const std::string& name, const TomlTable& table, std::string_view what) {
  if (names.insert(name).second) return;
  throw table.error("name", "two " + std::string(what) + " are called '" + name + "': give each its own name");
}

std::vector<ZoneSource> read_zones(const TomlTable& top, const std::string& file) {
  std::vector<ZoneSource> sources;
  std::set<std::string> names;
  for (const toml::table* entry : top.tables("zones")) {
    const TomlTable table(*entry, file, "[[zones]]", {"name", "file", "id", "label", "where"});
    ZoneSource source;
    source.file = table.need_text("file", "file = \"counties.gpkg\"");
    source.set = table.text("name").value_or(zone_set_name(source.file));
    source.id_field = table.text("id").value_or("");
    source.name_field = table.text("label").value_or("");
    source.where = table.text("where").value_or("");
    add_name(names, source.set, table, "zone sets");
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<DateInputs> read_dates(const TomlTable& top, const std::string& file) {
  std::vector<std::string> known = {"year"};
  for (const LayerInfo& info : input_layers()) known.emplace_back(info.name);
  std::vector<DateInputs> dates;
  for (const toml::table* entry : top.tables("date")) {
    const TomlTable table(*entry, file, "[[date]]", known);
    DateInputs date;
    date.year = need_year(table, "year");
    for (const LayerInfo& info : input_layers()) {
      if (auto path = table.text(info.name)) date.layers[std::string(info.name)] = *std::move(path);
    }
    if (date.layers.empty()) throw table.error("", "[[date]] names no map: add a line such as volume = \"volume.tif\"");
    if (!dates.empty() && date.year <= dates.back().year) {
      const std::string before = std::to_string(dates.back().year), year = std::to_string(date.year);
      throw table.error("year",
                        date.year == dates.back().year
                            ? "the year " + year + " stands twice: each date needs its own year"
                            : "the year " + year + " comes after " + before + ": put the dates in ascending order");
    }
    dates.push_back(std::move(date));
  }
  if (dates.empty()) throw top.error("date", "no [[date]] in the inventory: add one with a year and its maps");
  return dates;
}

std::vector<DisturbanceInput> read_disturbances(const TomlTable& top, const std::string& file) {
  std::vector<DisturbanceInput> inputs;
  for (const toml::table* entry : top.tables("disturbance")) {
    const TomlTable table(*entry, file, "[[disturbance]]", {"type", "year", "codes"});
    DisturbanceInput input;
    input.type = table.need_text("type", "type = \"disturbance.tif:1\"");
    input.year = table.need_text("year", "year = \"disturbance.tif:2\"");
    const toml::table* section = table.table("codes");
    if (section == nullptr || section->empty()) throw table.missing("codes", "codes = {1 = \"fire\"}");
    std::vector<std::string> keys;
    for (const auto& [key, value] : *section) keys.emplace_back(key.str());
    const TomlTable codes(*section, file, "codes of [[disturbance]]", keys);
    for (const std::string& key : keys) {
      const bool number = key.size() <= 9 && key.find_first_not_of("0123456789") == std::string::npos;
      if (!number) throw codes.error(key, "a code is a whole number of the type raster, such as 1 = \"fire\"");
      input.codes[std::stoi(key)] = codes.need_text(key, key + " = \"fire\"");
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

StockOptions read_stock(const TomlTable& top, const std::string& file) {
  StockOptions stock;
  const toml::table* section = top.table("stock");
  if (!section) return stock;
  const TomlTable table(*section, file, "[stock]",
                        {"method", "pools", "bcef_zone", "bcef_interpolate", "regression_set", "densities"});
  if (auto methods = table.choices("method", stock_method_names())) stock.methods = *std::move(methods);
  if (auto pools = table.choices("pools", pool_names())) stock.pools = *std::move(pools);
  stock.bcef_zone = table.choice("bcef_zone", bcef_zone_names()).value_or("");
  stock.bcef_interpolate = table.boolean("bcef_interpolate").value_or(stock.bcef_interpolate);
  stock.regression_set = table.text("regression_set").value_or(stock.regression_set);
  stock.densities = table.text("densities").value_or("");
  return stock;
}

Benchmark read_benchmark(const TomlTable& table) {
  Benchmark benchmark;
  benchmark.name = table.need_text("name", "name = \"Fujian\"");
  const auto rate = table.number("rate_tco2_ha_yr");
  if (!rate) throw table.missing("rate_tco2_ha_yr", "rate_tco2_ha_yr = 2.77");
  benchmark.rate_tco2_ha_yr = *rate;
  if (table.is_integer("year")) {
    benchmark.year = std::to_string(need_year(table, "year"));
  } else {
    benchmark.year = table.text("year").value_or(benchmark.year);
  }
  benchmark.method = table.text("method").value_or(benchmark.method);
  benchmark.boundary = table.text("boundary").value_or(benchmark.boundary);
  return benchmark;
}

std::vector<Benchmark> read_references(const TomlTable& top, const std::string& file) {
  std::vector<Benchmark> references;
  std::set<std::string> names;
  for (const toml::table* entry : top.tables("reference")) {
    const TomlTable table(*entry, file, "[[reference]]", benchmark_keys);
    references.push_back(read_benchmark(table));
    add_name(names, references.back().name, table, "references");
  }
  return references;
}

std::optional<double> read_emissions(const TomlTable& top, const std::string& file) {
  const toml::table* section = top.table("emissions");
  if (!section) return std::nullopt;
  const TomlTable table(*section, file, "[emissions]", {"co2_t"});
  const auto emissions = positive(table, "co2_t");
  if (!emissions) throw table.missing("co2_t", "co2_t = 10750000");
  return emissions;
}

double target_area_ha(const TomlTable& table) {
  const auto hectares = positive(table, "area_ha"), mu = positive(table, "area_mu");
  if (hectares && mu) throw table.error("area_mu", "area_ha and area_mu are both given: keep one");
  if (!hectares && !mu) throw table.missing("area_ha", "area_ha = 30000, or area_mu = 450000");
  return hectares ? *hectares : *mu / mu_per_ha;
}

void read_target_fields(const TomlTable& target, const std::string& file, Target& fields) {
  const toml::table* section = target.table("fields");
  if (!section) return;
  const TomlTable table(*section, file, "fields of [[target]]", {"id", "year_planned", "year_done", "status"});
  fields.id_field = table.text("id").value_or(fields.id_field);
  fields.year_planned_field = table.text("year_planned").value_or(fields.year_planned_field);
  fields.year_done_field = table.text("year_done").value_or(fields.year_done_field);
  fields.status_field = table.text("status").value_or(fields.status_field);
}

Target read_target(const TomlTable& table, const std::string& file) {
  Target target;
  target.name = table.need_text("name", "name = \"forest quality\"");
  std::vector<std::string> kinds;
  for (int kind = 0; kind <= static_cast<int>(Target::Kind::restructure); ++kind) {
    kinds.push_back(name_of(static_cast<Target::Kind>(kind)));
  }
  const auto kind = table.choice("kind", kinds);
  if (!kind) throw table.missing("kind", "kind = \"improvement\"");
  target.kind = static_cast<Target::Kind>(std::find(kinds.begin(), kinds.end(), *kind) - kinds.begin());
  target.area_ha = target_area_ha(table);
  target.start = need_year(table, "start");
  target.by = need_year(table, "by");
  if (target.by < target.start) {
    throw table.error("by", "by = " + std::to_string(target.by) + " is before start = " + std::to_string(target.start) +
                                ": a target ends in or after the year it starts");
  }
  target.parcels = table.need_text("parcels", "parcels = \"parcels.gpkg\"");
  read_target_fields(table, file, target);
  return target;
}

std::vector<Target> read_targets(const TomlTable& top, const std::string& file) {
  std::vector<Target> targets;
  std::set<std::string> names;
  for (const toml::table* entry : top.tables("target")) {
    const TomlTable table(*entry, file, "[[target]]",
                          {"name", "kind", "area_ha", "area_mu", "start", "by", "parcels", "fields"});
    targets.push_back(read_target(table, file));
    add_name(names, targets.back().name, table, "targets");
  }
  return targets;
}

toml::table parse_toml(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) throw input_error(file, "no such file: give the path of an inventory");
  if (!std::filesystem::is_regular_file(file, ignored))
    throw input_error(file, "not a file: give the path of an inventory");
  try {
    return toml::parse_file(file);
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    throw input_error(line > 0 ? file + ":" + std::to_string(line) : file,
                      "not valid TOML: " + std::string(error.description()));
  }
}

}  // namespace

std::string name_of(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::improvement:
      return "improvement";
    case Target::Kind::buyout:
      return "buyout";
    case Target::Kind::landscape:
      return "landscape";
    case Target::Kind::restructure:
      return "restructure";
  }
  return "";
}

std::string zone_set_name(const std::string& file) {
  std::string name = std::filesystem::path(file).filename().string();
  const auto colon = name.rfind(':');
  // "counties.gpkg:county" has a layer; "a:b" has not.
  if (colon != std::string::npos && name.find('.') < colon) name.resize(colon);
  return std::filesystem::path(name).stem().string();
}

Job read_inventory(const std::string& file) {
  const toml::table parsed = parse_toml(file);
  const TomlTable top(
      parsed, file, "",
      {"title",       "legend",      "landcover_legend", "land_use_from", "parameters", "zones",      "date",
       "stock",       "output",      "baseline",         "reference",     "emissions",  "target",     "patches",
       "disturbance", "attribution", "balance",          "growth",        "projection", "uncertainty"});
  // A capability that is not there is refused: an ignored section would look like a result.
  if (top.has("uncertainty")) {
    throw top.error("uncertainty", "this version computes no uncertainty: take the section [uncertainty] out");
  }
  Job job;
  job.source_file = file;
  job.base_directory = std::filesystem::path(file).parent_path().string();
  job.title = top.text("title").value_or("");
  job.legend = top.text("legend").value_or("");
  job.landcover_legend = top.text("landcover_legend").value_or("");
  job.land_use_from = top.choice("land_use_from", land_use_sources()).value_or(job.land_use_from);
  job.parameter_files = top.texts("parameters").value_or(std::vector<std::string>{});
  job.zones = read_zones(top, file);
  job.dates = read_dates(top, file);
  job.disturbances = read_disturbances(top, file);
  job.stock = read_stock(top, file);
  if (const toml::table* baseline = top.table("baseline")) {
    job.baseline = read_benchmark(TomlTable(*baseline, file, "[baseline]", benchmark_keys));
  }
  job.references = read_references(top, file);
  job.emissions_co2_t = read_emissions(top, file);
  job.targets = read_targets(top, file);
  job.patches = read_patches(top, file);
  job.attribution = read_attribution(top, file, job.disturbances);
  job.balance = read_balance(top, file);
  job.growth = read_growth(top, file);
  job.projection = read_projection(top, file);
  if (const toml::table* output = top.table("output")) {
    const TomlTable table(*output, file, "[output]", {"layers", "precision"});
    job.output.layers = table.texts("layers").value_or(job.output.layers);
    job.output.precision = positive(table, "precision").value_or(0);
    if (job.output.precision != 0 && !(job.output.precision >= 1e-6 && job.output.precision <= 10)) {
      throw table.error("precision", "'precision' is from 0.000001 to 10, in the unit of each raster");
    }
  }
  return job;
}

}  // namespace sink
