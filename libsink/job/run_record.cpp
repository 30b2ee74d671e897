// SPDX-License-Identifier: Apache-2.0
#include "job/run_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "job/run_files.hpp"
#include "job/setup.hpp"
#include "method/methods.hpp"
#include "table/disturbances.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

Json benchmark_json(const Benchmark& b) {
  return {{"name", b.name},
          {"rate_tco2_ha_yr", b.rate_tco2_ha_yr},
          {"year", b.year},
          {"method", b.method},
          {"boundary", b.boundary}};
}

/// Why our rate may not be held against a benchmark without a caveat.
std::vector<std::string> reasons_not_comparable(const Benchmark& b) {
  std::vector<std::string> reasons;
  if (b.method == "unknown" || b.method.find("not published") != std::string::npos) {
    reasons.push_back(b.name + ": method of the benchmark: " + b.method);
  }
  if (b.boundary == "unknown") reasons.push_back(b.name + ": boundary of the benchmark unknown");
  if (b.year == "unknown") reasons.push_back(b.name + ": year of the benchmark unknown");
  return reasons;
}

Json layers_json(const RunSetup& setup, const Census& census, std::size_t date) {
  Json layers = Json::array();
  for (const auto& input : setup.dates[date].layers) {
    Json layer = {{"layer", input.layer.name}, {"path", input.band.path},   {"unit", input.layer.unit},
                  {"type", input.band.type},   {"scale", input.band.scale}, {"offset", input.band.offset}};
    if (input.band.files > 0) {
      layer["files"] = input.band.files;
      layer["pixels_in_no_file"] = input.band.grid.pixels() - input.band.covered;
    }
    layer["declared_nodata"] = input.band.nodata ? Json(*input.band.nodata) : Json(nullptr);
    const auto counted = census.layers.find({date, std::string(input.layer.name)});
    if (counted != census.layers.end()) {
      layer["valid"] = counted->second.valid;
      layer["nodata"] = counted->second.nodata;
      if (input.classes) {
        Json codes = Json::object();
        for (const auto& [code, pixels] : counted->second.codes) codes[std::to_string(code)] = pixels;
        layer["pixels_by_code"] = codes;
      } else if (counted->second.valid > 0) {
        layer["min"] = counted->second.min;
        layer["max"] = counted->second.max;
      }
    }
    layers.push_back(layer);
  }
  return layers;
}

Json methods_json(const RunSetup& setup, const Census& census) {
  Json methods = Json::array();
  for (const auto& method : setup.methods) {
    Json steps = Json::array();
    for (const auto& link : method.chain) {
      const MethodInfo& info = method_called(link.name);
      steps.push_back({{"step", link.name}, {"summary", info.summary}, {"source", info.source}});
    }
    Json counts = Json::array();
    for (const auto& [step, tally] : census.steps) {
      if (step.method != method.name) continue;
      counts.push_back({{"year", setup.dates[step.date].year},
                        {"step", step.step},
                        {"pixels", tally.pixels},
                        {"area_ha", tally.area_ha.value()}});
    }
    methods.push_back({{"method", method.name}, {"steps", steps}, {"pixels_by_step", counts}});
  }
  return methods;
}

Json changes_json(const RunSetup& setup, const Census& census) {
  Json changes = Json::array();
  const auto add = [&](const char* what, const auto& tallies) {
    for (const auto& [key, tally] : tallies) {
      changes.push_back(
          {{"what", what},
           {"year_from", setup.dates[key.first].year},
           {"year_to", setup.dates[key.first + 1].year},
           {"method", key.second},
           {"pixels", tally.pixels},
           {"area_ha", tally.area_ha.value()},
           {"sink_tco2_yr", to_co2(CarbonMass(tally.carbon_t.value())).value() / setup.years(key.first)}});
    }
  };
  add("forest type changed", census.species_changed);
  add("crossed an edge of a BCEF class", census.class_edge_crossed);
  return changes;
}

Json disagreements_json(const RunSetup& setup, const Census& census) {
  Json pairs = Json::array();
  for (const auto& [key, tally] : census.disagreements) {
    pairs.push_back({{"year", setup.dates[key.first].year},
                     {"forest_type", setup.classes->name(key.second.first)},
                     {"landcover", setup.classes->name(key.second.second)},
                     {"pixels", tally.pixels},
                     {"area_ha", tally.area_ha.value()}});
  }
  return pairs;
}

Json closures_json(const std::vector<Closure>& closures) {
  Json list = Json::array();
  for (const auto& closure : closures) {
    Json terms = Json::object();
    for (const auto& [name, value] : closure.terms) terms[name] = value;
    list.push_back({{"closure", closure.name},
                    {"where", closure.where},
                    {"terms", terms},
                    {"difference", closure.difference()},
                    {"holds", closure.holds()}});
  }
  return list;
}

/// The options of [balance], and the shares of the disturbances it uses.
Json balance_json(const RunSetup& setup) {
  const BalanceOptions& o = *setup.job.balance;
  Json balance = {{"approaches", o.approaches},
                  {"pools", o.pools},
                  {"edition", o.edition},
                  {"climate", o.climate},
                  {"soil", o.soil},
                  {"dead_matter", o.dead_matter},
                  {"what_burns", o.what_burns},
                  {"fire_forest", o.fire_forest},
                  {"gwp", o.gwp},
                  {"cover_years", o.cover_years},
                  {"proportions", o.proportions}};
  std::vector<std::string> files;
  for (const auto& file : o.proportions) files.push_back(path_below(setup.job.base_directory, file));
  std::set<std::string> used = {"harvest", "conversion"};
  if (setup.events) used.insert(setup.events->names().begin(), setup.events->names().end());
  const DisturbanceTable table = load_disturbances(files);
  for (const auto& name : used) {
    for (const auto& row : table.rows_of(name)) {
      balance["disturbances"].push_back({{"disturbance", row.disturbance},
                                         {"from_pool", row.from_pool},
                                         {"to_pool", row.to_pool},
                                         {"share", row.share},
                                         {"status", row.status},
                                         {"source", row.source}});
    }
  }
  return balance;
}

Json growth_json(const Job& job) {
  const GrowthOptions& options = *job.growth;
  Json growth = {{"set", options.set},
                 {"curves", options.curves},
                 {"anchor", options.anchor == Anchor::ratio ? "ratio" : "equivalent_age"},
                 {"like", options.like}};
  if (job.projection) {
    growth["projected_to"] = job.projection->to;
    growth["assumes"] = "land use stays as it is; nothing is cut, burned or converted";
  }
  return growth;
}

}  // namespace

std::vector<std::string> not_comparable_because(const Job& job) {
  std::vector<std::string> reasons;
  const auto add = [&](const Benchmark& benchmark) {
    const auto more = reasons_not_comparable(benchmark);
    reasons.insert(reasons.end(), more.begin(), more.end());
  };
  if (job.baseline) add(*job.baseline);
  for (const auto& reference : job.references) add(reference);
  return reasons;
}

std::string run_record(const RunSetup& setup, const RunPlan& plan, const Census& census,
                       const std::vector<Closure>& closures, const std::map<std::string, std::string>& hashes,
                       const JobResult& result, StartTime started, const Json& tiles) {
  Json record = {{"program", "sinkcalc"},
                 {"version", program_version()},
                 {"libraries", library_versions()},
                 {"title", setup.job.title}};
  record["sign"] = "the sink is positive for uptake; a gap is benchmark minus ours, positive for a shortfall";
  record["grid"] = {{"crs", setup.grid.crs_name},
                    {"columns", setup.grid.columns},
                    {"rows", setup.grid.rows},
                    {"geotransform", setup.grid.geotransform()},
                    {"pixel_areas", setup.areas->description()}};
  Json inputs = Json::array();
  for (const auto& [written, path] : single_inputs(setup)) {
    inputs.push_back({{"path", written}, {"sha256", hashes.at(path)}});
  }
  record["inputs"] = inputs;
  for (std::size_t d = 0; d < setup.dates.size(); ++d) {
    Json unmodelled = Json::object();
    for (const auto& method : setup.methods) {
      const auto tally = census.steps.find({d, method.name, "unmodelled"});
      unmodelled[method.name] = tally == census.steps.end() ? 0 : tally->second.pixels;
    }
    record["dates"].push_back(
        {{"year", setup.dates[d].year}, {"layers", layers_json(setup, census, d)}, {"unmodelled_pixels", unmodelled}});
  }
  record["land_use_from"] = setup.job.land_use_from;
  record["methods"] = methods_json(setup, census);
  record["parameters"] = parameters_json(setup.parameters.used());
  for (const auto& set : setup.zone_sets) {
    record["zone_sets"].push_back(
        {{"set", set.source().set},
         {"file", set.source().file},
         {"coordinate_operation", set.polygons() ? set.polygons()->coordinate_operation() : ""},
         {"rule", "a pixel belongs to the zone that holds its centre"}});
  }
  if (setup.job.baseline) record["baseline"] = benchmark_json(*setup.job.baseline);
  const auto reasons = not_comparable_because(setup.job);
  record["comparable"] = reasons.empty();
  record["not_comparable_because"] = reasons;
  for (const auto& reference : setup.job.references) record["references"].push_back(benchmark_json(reference));
  if (setup.job.emissions_co2_t) record["emissions_co2_t"] = *setup.job.emissions_co2_t;
  if (setup.job.growth) record["growth"] = growth_json(setup.job);
  if (setup.job.balance) record["balance"] = balance_json(setup);
  if (setup.job.attribution) {
    record["attribution"] = {{"fire", setup.job.attribution->fire}, {"harvest", setup.job.attribution->harvest}};
  }
  record["changes_to_note"] = changes_json(setup, census);
  record["land_use_disagreements"] = disagreements_json(setup, census);
  record["closures"] = closures_json(closures);
  const std::string blocks =
      std::to_string(plan.blocks.window.columns) + " x " + std::to_string(plan.blocks.window.rows);
  return closed_record(
      std::move(record), result,
      {setup.job.run, setup.job.output, setup.job.command_line, setup.threads, blocks, started, &tiles});
}

}  // namespace sink
