// SPDX-License-Identifier: Apache-2.0
#include "job/stand_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "job/setup.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(double value) {
  return std::isnan(value) ? Json() : Json(value);
}

Json fields_json(const StandSet& set) {
  Json files = Json::array();
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    const StandFile& file = set.files[f];
    Json fields = Json::object();
    for (const std::string& use : stand_uses())
      if (file.has(use)) fields[use] = file.names.at(use);
    files.push_back({{"file", file.path},
                     {"layer", set.layers[f].layer},
                     {"crs", set.layers[f].crs_name},
                     {"stands", set.layers[f].features.size()},
                     {"encoding", file.fields.encoding.empty() ? "as the file says" : file.fields.encoding},
                     {"fields", fields}});
  }
  return files;
}

Json checks_json(const StandRun& run) {
  Json list = Json::array();
  for (std::size_t rule = 0; rule < run.checks.size(); ++rule) {
    const StandCheck& check = run.checks[rule];
    const auto found = std::count_if(run.findings.begin(), run.findings.end(),
                                     [&](const StandFinding& finding) { return finding.rule == rule; });
    list.push_back({{"rule", check.rule},
                    {"limit", or_null(check.limit)},
                    {"unit", check.unit},
                    {"status", check.status},
                    {"source", check.source},
                    {"meaning", check.meaning_en},
                    {"stands", found}});
  }
  return list;
}

std::string unit_of(const std::string& told, const std::vector<std::string>& units) {
  return told.empty() ? units.front() : told;
}

}  // namespace

std::string stands_record(const StandRun& run, const std::map<std::string, std::string>& hashes,
                          const JobResult& result, StartTime started) {
  const StandsJob& job = run.job;
  Json record = {{"program", "sinkcalc stands"}, {"version", program_version()}, {"libraries", library_versions()}};
  record["year"] = job.year;
  record["grid"] = {{"crs", run.grid.crs_name},
                    {"columns", run.grid.columns},
                    {"rows", run.grid.rows},
                    {"geotransform", run.grid.geotransform()}};
  record["rule"] =
      "a pixel belongs to the stand that holds its centre; where stands overlap to the last in the order of files and "
      "features";
  record["files"] = fields_json(run.set);
  if (!job.where.empty()) record["where"] = job.where;
  record["units"] = {{"area", unit_of(job.area_unit, area_units())},
                     {"volume", unit_of(job.volume_unit, volume_units())},
                     {"canopy", unit_of(job.canopy_unit, canopy_units())}};
  const auto& stands = run.set.stands;
  record["stands"] = {{"read", stands.size()},
                      {"type_from_land_class", std::count_if(stands.begin(), stands.end(),
                                                             [](const Stand& s) { return s.type_by_land_class; })},
                      {"with_pixels", run.pixels.stands()},
                      {"off_the_grid", run.off_grid}};
  record["pixels"] = {{"in_stands", run.pixels.covered}, {"outside", run.grid.pixels() - run.pixels.covered}};
  record["overlaps"] = {{"pixels", run.pixels.overlapped}, {"pairs", run.pixels.taken.size()}};
  if (!run.pixels.coordinate_operations.empty()) record["coordinate_operations"] = run.pixels.coordinate_operations;
  record["layers"] = Json::array();
  for (const StandLayer& layer : run.layers)
    record["layers"].push_back(
        {{"layer", layer.name}, {"field", layer.field}, {"unit", layer.has_codes() ? "code" : layer.unit}});
  record["checks"] = checks_json(run);
  record["legends"] = {{"forest_type", job.legend}, {"landcover", job.landcover_legend}};
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  return closed_record(std::move(record), result,
                       {job.run, job.output, job.command_line, run.pixels.threads, run.pixels.blocks, started});
}

}  // namespace sink
