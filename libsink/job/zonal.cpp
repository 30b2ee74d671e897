// SPDX-License-Identifier: Apache-2.0
#include "job/zonal.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/exact_sum.hpp"
#include "job/input_findings.hpp"
#include "job/output_directory.hpp"
#include "job/row_builder.hpp"
#include "job/run_plan.hpp"
#include "job/run_record.hpp"
#include "job/setup.hpp"
#include "job/sha256.hpp"
#include "job/zone_set.hpp"
#include "pipeline/block_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "raster/geodesy.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

constexpr std::int32_t all_classes = -1;

/// Set, zone, raster, class.
using Cohort = std::tuple<std::size_t, std::int32_t, std::size_t, std::int32_t>;
using Moments = std::map<Cohort, ExactMoments>;

struct ZonalSetup {
  explicit ZonalSetup(const ZonalJob& from) : job(from) {
    if (job.rasters.empty()) throw usage_error("give at least one raster");
    for (const auto& path : job.rasters) open(path);
    if (!job.by.empty()) open(job.by);
    for (const auto& source : job.zones) zones.emplace_back(source, "", grid, job.run);
    areas = std::make_unique<PixelAreas>(grid);
  }
  void open(const std::string& path) {
    const RasterSource source(files_, "", path, job.run.access());
    if (grid.columns == 0) {
      grid = source.info().grid;
      blocks = {source.info().block_columns, source.info().block_rows};
    }
    files.push_back(parse_band_path(path).file);
    if (job.run.align) return;
    const std::string difference = grid_difference(source.info().grid, grid);
    if (!same_crs(source.info().grid.crs_wkt, grid.crs_wkt)) {
      throw input_error(
          path, "has another CRS (" + source.info().grid.crs_name + " against " + grid.crs_name + "): add --align");
    }
    if (!difference.empty()) throw input_error(path, "is on another grid: " + difference + ": add --align");
  }

  const ZonalJob& job;
  Grid grid;
  BlockShape blocks;
  std::vector<ZoneSet> zones;
  std::vector<std::string> files;
  std::unique_ptr<PixelAreas> areas;

 private:
  OpenFiles files_;
};

class ZonalWorker {
 public:
  explicit ZonalWorker(const ZonalSetup& setup) : setup_(setup), values_(setup.job.rasters.size()) {
    for (const auto& path : setup.job.rasters) rasters_.push_back(opened(path));
    if (!setup.job.by.empty()) by_.emplace(opened(setup.job.by));
    for (const auto& set : setup.zones) readers_.push_back(set.reader());
  }

  void compute(const Window& window, Moments& moments) {
    moments.clear();
    const auto pixels = static_cast<std::size_t>(window.pixels());
    for (std::size_t r = 0; r < rasters_.size(); ++r) {
      values_[r].resize(pixels);
      rasters_[r].read(window, values_[r]);
    }
    classes_.assign(pixels, all_classes);
    if (by_) by_->read_codes(window, classes_);
    row_area_.resize(static_cast<std::size_t>(window.columns));
    for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
      setup_.zones[set].spans(readers_[set], window, spans_);
      cover(window, spans_, inside_, outside_);
      if (!setup_.zones[set].whole_grid()) spans_.insert(spans_.end(), inside_.begin(), inside_.end());
      std::stable_sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.row < b.row; });
      for (const Span& span : spans_) add(window, span, set, moments);
    }
  }

 private:
  [[nodiscard]] RasterSource opened(const std::string& path) {
    RasterSource source(files_, "", path, setup_.job.run.access());
    if (setup_.job.run.align) source.align_to(setup_.grid);
    return source;
  }
  void add(const Window& window, const Span& span, std::size_t set, Moments& moments) {
    if (span.row != area_row_ || area_column_ != window.column) {
      setup_.areas->row_ha(span.row, window.column, row_area_);
      area_row_ = span.row;
      area_column_ = window.column;
    }
    for (std::size_t r = 0; r < values_.size(); ++r) {
      ExactMoments& all = moments[{set, span.zone, r, all_classes}];  // a zone keeps its row without a valid pixel
      for (std::int32_t column = span.begin; column < span.end; ++column) {
        const auto x = static_cast<std::size_t>(column - window.column);
        const auto p = static_cast<std::size_t>((span.row - window.row) * window.columns) + x;
        const double value = values_[r][p];
        if (std::isnan(value)) continue;
        if (std::isinf(value))
          throw input_error(setup_.job.rasters[r], "holds an infinite value: declare it as nodata");
        all.add(value, row_area_[x]);
        if (by_ && classes_[p] >= 0) moments[{set, span.zone, r, classes_[p]}].add(value, row_area_[x]);
      }
    }
  }

  const ZonalSetup& setup_;
  OpenFiles files_;
  std::vector<RasterSource> rasters_;
  std::optional<RasterSource> by_;
  std::vector<ZoneSet::Reader> readers_;
  std::vector<std::vector<double>> values_;
  std::vector<std::int32_t> classes_;
  std::vector<double> row_area_;
  std::int64_t area_row_ = -1, area_column_ = -1;
  std::vector<Span> spans_, inside_, outside_;
};

/// The zones of a set, those without a valid pixel too where they are known, and the total last.
std::vector<std::int32_t> zones_of(const ZonalSetup& setup, std::size_t set, const Moments& moments) {
  std::vector<std::int32_t> zones = setup.zones[set].known_zones();
  if (setup.zones[set].from_raster()) {
    for (const auto& [cohort, unused] : moments) {
      const auto zone = std::get<1>(cohort);
      if (std::get<0>(cohort) == set && zone >= 0 && (zones.empty() || zones.back() != zone)) zones.push_back(zone);
    }
    std::sort(zones.begin(), zones.end());
    zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  }
  zones.push_back(ZoneSet::once);
  return zones;
}

Table zonal_table(const ZonalSetup& setup, const Moments& moments) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "zone_name", "raster"}) table.add_column(name, text);
  table.add_column("class", integer);
  table.add_column("pixels", integer);
  for (const auto* name : {"area_ha", "sum", "mean", "std", "min", "max"}) table.add_column(name);
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    for (const std::int32_t code : zones_of(setup, set, moments)) {
      const Zone zone = code == ZoneSet::once ? Zone{"total", ""} : setup.zones[set].zone(code);
      for (std::size_t r = 0; r < setup.job.rasters.size(); ++r) {
        const auto add_row = [&](std::int32_t by_class, const ExactMoments& m) {
          RowBuilder row(table);
          row.set("zone_set", setup.zones[set].source().set).set("zone_id", zone.id).set("zone_name", zone.name);
          row.set("raster", setup.job.rasters[r])
              .set("pixels", m.count())
              .set("area_ha", m.weight())
              .set("sum", m.sum());
          if (by_class != all_classes) row.set("class", std::int64_t{by_class});
          if (m.count() > 0) row.set("mean", m.mean()).set("std", m.std()).set("min", m.min()).set("max", m.max());
          table.rows.push_back(row.take());
        };
        const auto all = moments.find({set, code, r, all_classes});
        add_row(all_classes, all == moments.end() ? ExactMoments{} : all->second);
        for (auto at = moments.upper_bound({set, code, r, all_classes});
             at != moments.end() && std::tuple(std::get<0>(at->first), std::get<1>(at->first),
                                               std::get<2>(at->first)) == std::tuple(set, code, r);
             ++at) {
          add_row(std::get<3>(at->first), at->second);
        }
      }
    }
  }
  return table;
}

std::string zonal_text(const Table& table) {
  std::vector<std::vector<std::string>> rows(1);
  for (const auto& column : table.columns) rows[0].push_back(column.name);
  for (const auto& row : table.rows) {
    if (rows.size() == 40 && table.rows.size() > 41) continue;
    rows.emplace_back();
    for (std::size_t c = 0; c < row.size(); ++c) {
      const auto* number = std::get_if<double>(&row[c]);
      rows.back().push_back(number != nullptr ? with_commas(*number, 3) : text_of(row[c]));
    }
  }
  return to_terminal(rows, 4) + (rows.size() == 40 ? "(more rows in zonal.csv)\n" : "");
}

std::string zonal_record(const ZonalSetup& setup, const std::map<std::string, std::string>& hashes,
                         const JobResult& result, const std::string& blocks, int threads, StartTime started) {
  using Json = nlohmann::ordered_json;
  Json record = {{"program", "sinkcalc zonal"}, {"version", program_version()}, {"libraries", library_versions()}};
  record["grid"] = {{"crs", setup.grid.crs_name},
                    {"columns", setup.grid.columns},
                    {"rows", setup.grid.rows},
                    {"geotransform", setup.grid.geotransform()},
                    {"pixel_areas", setup.areas->description()}};
  record["sums"] =
      "value per hectare x true pixel area; mean and std weighted by area; a pixel belongs to the zone that "
      "holds its centre";
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  return closed_record(std::move(record), result,
                       {setup.job.run, setup.job.output, setup.job.command_line, threads, blocks, started});
}

}  // namespace

JobResult run_zonal(const ZonalJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  ZonalSetup setup(job);
  for (const auto& set : setup.zones) {
    setup.files.push_back(set.from_raster() ? parse_band_path(set.source().file).file
                                            : parse_layer_path(set.source().file).file);
  }
  OutputDirectory directory(job.output.directory, job.output.overwrite, {"zonal.csv", "run.json"}, setup.files);
  BackgroundHashes hashes(setup.files);
  const int threads = threads_of(job.run.threads);
  const std::int64_t bytes = 16 + 8 * static_cast<std::int64_t>(job.rasters.size());
  const std::int64_t fitting = job.run.memory_bytes / 2 / (2 * threads * bytes);
  const BlockPlan plan = plan_blocks(setup.grid, setup.blocks, std::clamp<std::int64_t>(fitting, 16 * 1024, 512 * 512),
                                     job.run.block_rows);
  Moments moments;
  Progress state{0, setup.grid.pixels(), "summing"};
  run_blocks<Moments>(
      plan.windows, {threads, static_cast<std::size_t>(2 * threads)}, [&] { return ZonalWorker(setup); },
      [](ZonalWorker& worker, const Window& window, Moments& found) { worker.compute(window, found); },
      [&](const Window& window, Moments& found) {
        for (const auto& [cohort, m] : found) moments[cohort] += m;
        if (moments.size() * sizeof(ExactMoments) > static_cast<std::size_t>(job.run.memory_bytes) / 2) {
          throw Error(Error::Kind::memory, "the sums of " + std::to_string(moments.size()) +
                                               " zones and classes take more than half of --memory: give more");
        }
        state.pixels_done += window.pixels();
        if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
      });

  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    const bool found = zones_of(setup, set, moments).size() > 1;
    if (setup.zones[set].from_raster()) demand_some_zone(setup.zones[set], found);
  }
  const Table table = zonal_table(setup, moments);
  JobResult result;
  result.files = {{"zonal.csv", "sums by zone"}, {"run.json", "the run record"}};
  directory.write_text("zonal.csv", to_csv(table, job.output.csv_bom));
  result.summary_json =
      zonal_record(setup, hashes.get(), result,
                   std::to_string(plan.window.columns) + " x " + std::to_string(plan.window.rows), threads, started);
  directory.write_text("run.json", result.summary_json);
  directory.publish({"zonal.csv", "run.json"});
  result.county_table = zonal_text(table);
  return result;
}

}  // namespace sink
