// SPDX-License-Identifier: Apache-2.0
#include "job/sample_draw.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "account/area_accuracy.hpp"
#include "job/input_findings.hpp"
#include "job/output_directory.hpp"
#include "job/row_builder.hpp"
#include "job/run_record.hpp"
#include "job/sample_plan.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"
#include "job/strata_pass.hpp"
#include "raster/geopackage_writer.hpp"
#include "raster/transform.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

const std::vector<ResultFile> result_files = {
    {"sample.gpkg", "the units as points, for labelling in QGIS: fill the field 'reference'"},
    {"sample.csv", "the same as a table"},
    {"strata.csv", "strata: pixels, true area, weight, units"},
    {"run.json", "the run record"}};

constexpr const char* wgs84 =
    "GEOGCRS[\"WGS 84\",DATUM[\"World Geodetic System 1984\",ELLIPSOID[\"WGS "
    "84\",6378137,298.257223563,LENGTHUNIT[\"metre\",1]]],PRIMEM[\"Greenwich\",0,ANGLEUNIT[\"degree\",0."
    "0174532925199433]],CS[ellipsoidal,2],AXIS[\"geodetic latitude (Lat)\",north],AXIS[\"geodetic longitude "
    "(Lon)\",east],ANGLEUNIT[\"degree\",0.0174532925199433],ID[\"EPSG\",4326]]";

struct DrawnStratum {
  StratumKey key;
  NamedStratum named;
  std::string zone_id, class_name;
  double area_ha = 0;
  std::vector<Draw> draws;  ///< those in the sample
};

/// A unit of the sample.
struct Unit {
  Draw draw;
  std::size_t stratum = 0;
  Point place;
};

StrataPlan plan_of(const SampleJob& job) {
  StrataPlan plan;
  plan.map = job.map;
  plan.legend = job.legend;
  if (!job.zones.empty()) plan.zones = job.zones.front();
  plan.run = job.run;
  plan.seed = job.seed;
  plan.keep = most_units_per_stratum(job);
  if (job.design != SampleJob::Design::systematic) return plan;
  const StrataMap map(plan);
  plan.step = std::sqrt(static_cast<double>(map.grid().pixels()) / static_cast<double>(job.n));
  if (plan.step < 1) {
    throw usage_error("--n: " + std::to_string(job.n) + " units are more than the " +
                      std::to_string(map.grid().pixels()) + " pixels of the map: give fewer");
  }
  plan.keep = map.grid().pixels();
  return plan;
}

/// Strata in the order of the tables: zones as the zone set orders them, classes by code.
std::vector<DrawnStratum> strata_of(const StrataMap& map, const StrataPass& pass) {
  double total = 0;
  for (const auto& [key, found] : pass.strata) total += found.area_ha.value();
  std::vector<DrawnStratum> strata;
  for (const auto& [key, found] : pass.strata) {
    DrawnStratum stratum;
    stratum.key = key;
    stratum.named.map_class = std::to_string(key.code);
    if (key.zone != StratumKey::no_zone) stratum.zone_id = map.zones()->zone(key.zone).id;
    stratum.named.name = (stratum.zone_id.empty() ? "" : stratum.zone_id + "/") + stratum.named.map_class;
    stratum.class_name = map.class_name(key.code);
    stratum.area_ha = found.area_ha.value();
    stratum.named.weight = stratum.area_ha / total;
    stratum.named.pixels = found.pixels;
    stratum.draws = found.draws.sorted();
    strata.push_back(std::move(stratum));
  }
  std::stable_sort(strata.begin(), strata.end(), [](const DrawnStratum& a, const DrawnStratum& b) {
    return a.zone_id != b.zone_id ? code_before(a.zone_id, b.zone_id) : a.key.code < b.key.code;
  });
  return strata;
}

void keep_sample(const SampleJob& job, std::vector<DrawnStratum>& strata, std::vector<std::string>& warnings) {
  std::vector<NamedStratum> named;
  for (const DrawnStratum& stratum : strata) named.push_back(stratum.named);
  if (job.design == SampleJob::Design::stratified) {
    const auto units = units_per_stratum(job, named, warnings);
    for (std::size_t h = 0; h < strata.size(); ++h) strata[h].draws.resize(static_cast<std::size_t>(units[h]));
    return;
  }
  std::size_t drawn = 0;
  for (const DrawnStratum& stratum : strata) {
    drawn += stratum.draws.size();
    if (stratum.draws.size() >= 2) continue;
    warnings.push_back("the grid meets stratum " + stratum.named.name + " " + std::to_string(stratum.draws.size()) +
                       " times: too few for its accuracy: give a larger --n, or --design stratified");
  }
  warnings.push_back("the systematic grid has " + std::to_string(drawn) + " units on classes of the map (--n " +
                     std::to_string(job.n) +
                     " is for the whole raster); analyse it with sinkchange accuracy --design poststratified");
}

/// All units in random order: whoever labels the first hundred has labelled a random hundred.
std::vector<Unit> units_of(const Grid& grid, const std::vector<DrawnStratum>& strata) {
  std::vector<Unit> units;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    for (const Draw& draw : strata[h].draws) {
      // Another mixing of the key: within a stratum the order by key is random, between strata it is not.
      units.push_back({{mix_bits(draw.key), draw.cell},
                       h,
                       grid.to_crs(static_cast<double>(draw.cell % grid.columns) + 0.5,
                                   static_cast<double>(draw.cell / grid.columns) + 0.5)});
    }
  }
  std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.draw < b.draw; });
  return units;
}

Table sample_table(const StrataMap& map, const std::vector<DrawnStratum>& strata, const std::vector<Unit>& units,
                   std::vector<std::string>& warnings) {
  const CoordinateTransform to_degrees(map.grid().crs_wkt, wgs84, geographic_area_of(map.grid()));
  if (to_degrees.ballpark() && !to_degrees.same_ellipsoid()) {
    warnings.push_back("lon and lat are in the datum of " + map.grid().crs_name +
                       " taken for WGS 84: they may be off by a hundred metres");
  }
  std::vector<Point> degrees;
  for (const Unit& unit : units) degrees.push_back(unit.place);
  to_degrees.forward(degrees);
  using enum Column::Type;
  Table table;
  table.add_column("id", integer);
  for (const auto* name : {"x", "y", "lon", "lat"}) table.add_column(name);
  for (const auto* name : {"stratum", "map_class", "reference", "note"}) table.add_column(name, text);
  for (std::size_t i = 0; i < units.size(); ++i) {
    RowBuilder row(table);
    row.set("id", static_cast<std::int64_t>(i + 1)).set("x", units[i].place.x).set("y", units[i].place.y);
    if (std::isfinite(degrees[i].x) && std::isfinite(degrees[i].y)) {
      // A tenth of a millimetre; what lies below is noise of the projection.
      row.set("lon", std::round(degrees[i].x * 1e9) / 1e9).set("lat", std::round(degrees[i].y * 1e9) / 1e9);
    }
    row.set("stratum", strata[units[i].stratum].named.name).set("map_class", strata[units[i].stratum].named.map_class);
    table.rows.push_back(row.take());
  }
  return table;
}

Table strata_table(const std::vector<DrawnStratum>& strata) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"stratum", "zone_id", "map_class", "class_name"}) table.add_column(name, text);
  table.add_column("pixels", integer);
  table.add_column("area_ha");
  table.add_column("weight");
  table.add_column("n", integer);
  for (const DrawnStratum& s : strata) {
    RowBuilder row(table);
    row.set("stratum", s.named.name).set("zone_id", s.zone_id).set("map_class", s.named.map_class);
    row.set("class_name", s.class_name).set("pixels", s.named.pixels).set("area_ha", s.area_ha);
    row.set("weight", s.named.weight).set("n", static_cast<std::int64_t>(s.draws.size()));
    table.rows.push_back(row.take());
  }
  return table;
}

std::string strata_text(const std::vector<DrawnStratum>& strata) {
  std::vector<std::vector<std::string>> rows = {{"stratum", "class", "pixels", "area ha", "weight", "n"}};
  std::size_t n = 0;
  for (const DrawnStratum& s : strata) {
    n += s.draws.size();
    if (rows.size() == 40 && strata.size() > 41) continue;
    rows.push_back({s.named.name, s.class_name, with_commas(s.named.pixels), with_commas(s.area_ha, 1),
                    with_commas(s.named.weight, 4), with_commas(static_cast<std::int64_t>(s.draws.size()))});
  }
  const bool cut = rows.size() - 1 < strata.size();
  return to_terminal(rows, 2) + (cut ? "(more rows in strata.csv)\n" : "") + with_commas(static_cast<std::int64_t>(n)) +
         " units\n";
}

std::string record_of(const SampleJob& job, const StrataMap& map, const StrataPass& pass,
                      const std::map<std::string, std::string>& hashes, const JobResult& result, StartTime started) {
  using Json = nlohmann::ordered_json;
  Json record = {{"program", "sinkchange sample"}, {"version", program_version()}, {"libraries", library_versions()}};
  record["grid"] = {{"crs", map.grid().crs_name},
                    {"columns", map.grid().columns},
                    {"rows", map.grid().rows},
                    {"geotransform", map.grid().geotransform()},
                    {"pixel_areas", map.areas().description()}};
  const bool systematic = job.design == SampleJob::Design::systematic;
  record["design"] = {{"design", systematic ? "systematic" : "stratified random"}, {"seed", job.seed}};
  if (systematic) record["design"]["spacing_pixels"] = map.plan().step;
  record["design"]["method"] =
      "every pixel has a key, SplitMix64 of the seed and its index in the map; a stratum's sample is its smallest keys";
  record["pixels"] = {{"nodata", pass.nodata_pixels}, {"outside_zones", pass.outside_pixels}};
  record["inputs"] = Json::array();
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  return closed_record(std::move(record), result,
                       {job.run, job.output, job.command_line, pass.threads, pass.blocks, started});
}

}  // namespace

JobResult run_sample(const SampleJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check_sample_job(job);
  const StrataMap map(plan_of(job));
  std::vector<std::string> names;
  for (const auto& file : result_files) names.push_back(file.name);
  OutputDirectory directory(job.output.directory, job.output.overwrite, names, map.files());
  BackgroundHashes hashes(map.files());
  const StrataPass pass = run_strata_pass(map, progress);
  JobResult result;
  result.files = result_files;
  std::vector<DrawnStratum> strata = strata_of(map, pass);
  keep_sample(job, strata, result.warnings);
  const std::vector<Unit> units = units_of(map.grid(), strata);
  if (units.empty()) throw usage_error("the grid meets no class of the map: give a larger --n or another --seed");
  const Table table = sample_table(map, strata, units, result.warnings);
  std::vector<Point> points;
  for (const Unit& unit : units) points.push_back(unit.place);
  GeoPackageWriter geopackage(directory.working("sample.gpkg"));
  geopackage.add_points("sample", map.grid().crs_wkt, points, table);
  geopackage.close();
  directory.write_text("sample.csv", to_csv(table, job.output.csv_bom));
  directory.write_text("strata.csv", to_csv(strata_table(strata), job.output.csv_bom));
  result.summary_json = record_of(job, map, pass, hashes.get(), result, started);
  directory.write_text("run.json", result.summary_json);
  directory.publish(names);
  result.county_table = strata_text(strata);
  return result;
}

}  // namespace sink
