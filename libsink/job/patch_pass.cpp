// SPDX-License-Identifier: Apache-2.0
#include "job/patch_pass.hpp"

#include <algorithm>
#include <limits>

#include "account/harvest.hpp"
#include "core/layer.hpp"
#include "core/nodata.hpp"
#include "job/measure_maps.hpp"
#include "pipeline/run_blocks.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// A value that no raster of a kind may hold: where in the list of rasters, and the first that was met.
struct Impossible {
  std::size_t raster = std::numeric_limits<std::size_t>::max();
  double smallest = 0, largest = 0;

  void merge(const Impossible& other) {
    if (other.raster > raster) return;
    if (other.raster < raster) {
      *this = other;
      return;
    }
    smallest = std::min(smallest, other.smallest);
    largest = std::max(largest, other.largest);
  }
};

struct WindowResult {
  std::vector<PatchPieces> patches;
  ClassMaps::Stray stray;
  Impossible impossible;
};

class PatchWorker {
 public:
  PatchWorker(const ChangePatchesJob& job, const ChangeSetup& setup, const PatchSearch& search)
      : job_(job), setup_(setup), search_(search), reader_(setup.maps.reader()), finder_(search) {
    for (const auto& set : setup.zones) zone_readers_.push_back(set.reader());
    sources_ = open_measures(setup.maps, patch_rasters(job), reader_.files);
    columns_.resize(sources_.size());
  }

  void find(const Window& window, WindowResult& result) {
    result.stray.clear();
    result.impossible = {};
    const auto pixels = static_cast<std::size_t>(window.pixels());
    classes_.resize(setup_.intervals() + 1);
    for (std::size_t date = 0; date < classes_.size(); ++date) {
      setup_.maps.read(reader_, date, window, classes_[date], result.stray);
    }
    area_ha_.resize(pixels);
    for (std::int64_t row = 0; row < window.rows; ++row) {
      setup_.areas.row_ha(window.row + row, window.column,
                          std::span(area_ha_).subspan(static_cast<std::size_t>(row * window.columns),
                                                      static_cast<std::size_t>(window.columns)));
    }
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      columns_[i].resize(pixels);
      sources_[i].read(window, columns_[i]);
      check_values(i, result.impossible);
    }
    for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
      if (setup_.zones[set].whole_grid()) continue;
      setup_.zones[set].spans(zone_readers_[set], window, spans_);
      finder_.take_spans(set, spans_);
    }
    finder_.find(window, patch_columns(), result.patches);
  }

 private:
  /// Rasters in the order of `patch_rasters`.
  [[nodiscard]] const double* column(std::size_t kind_starts, std::size_t count, std::size_t i) const {
    return count == 0 ? nullptr : columns_[kind_starts + (count == 1 ? 0 : i)].data();
  }

  void check_values(std::size_t raster, Impossible& impossible) const {
    const std::size_t measures = job_.stocks.size(), stands = measures + job_.ages.size() + job_.volumes.size();
    const double most = raster < measures ? layer::carbon_map.possible_max
                        : raster < stands ? layer::age.possible_max
                                          : 1;
    Impossible own{raster, 0, 0};
    for (const double value : columns_[raster]) {
      own.smallest = value < own.smallest ? value : own.smallest;
      own.largest = value > own.largest ? value : own.largest;
    }
    if (own.smallest < 0 || own.largest > most) impossible.merge(own);
  }

  PatchColumns patch_columns() {
    PatchColumns columns;
    for (const auto& date : classes_) columns.classes.push_back(date.data());
    columns.area_ha = area_ha_.data();
    felled_.resize(search_.world.felled ? setup_.intervals() : 0);
    const std::size_t ages = job_.stocks.size(), volumes = ages + job_.ages.size(),
                      confidences = volumes + job_.volumes.size();
    for (std::size_t t = 0; t < setup_.intervals(); ++t) {
      columns.stock.push_back(column(0, job_.stocks.size(), t));
      if (search_.world.felled) {
        fill_felled(t, column(ages, job_.ages.size(), t), column(ages, job_.ages.size(), t + 1),
                    column(volumes, job_.volumes.size(), t), column(volumes, job_.volumes.size(), t + 1));
      }
      columns.felled.push_back(search_.world.felled ? felled_[t].data() : nullptr);
    }
    for (std::size_t i = 0; i < job_.confidences.size(); ++i) {
      columns.confidence.push_back(columns_[confidences + i].data());
    }
    return columns;
  }

  void fill_felled(std::size_t interval, const double* age_1, const double* age_2, const double* volume_1,
                   const double* volume_2) {
    auto& column = felled_[interval];
    column.resize(area_ha_.size());
    const auto &from = classes_[interval], &to = classes_[interval + 1];
    const Legend& legend = search_.world.legend;
    const auto forest = [&](ClassIndex index) { return index != no_class && is_forest(legend[index].land_use); };
    const auto at = [](const double* values, std::size_t p) { return values == nullptr ? no_value : values[p]; };
    for (std::size_t p = 0; p < column.size(); ++p) {
      const bool cut =
          forest(from[p]) && forest(to[p]) && felled(at(age_1, p), at(age_2, p), at(volume_1, p), at(volume_2, p));
      column[p] = cut ? 1 : 0;
    }
  }

  const ChangePatchesJob& job_;
  const ChangeSetup& setup_;
  const PatchSearch& search_;
  ClassMaps::Reader reader_;
  PatchFinder finder_;
  std::vector<ZoneSet::Reader> zone_readers_;
  std::vector<RasterSource> sources_;
  std::vector<std::vector<double>> columns_;
  std::vector<std::vector<std::uint8_t>> felled_;
  std::vector<std::vector<ClassIndex>> classes_;
  std::vector<double> area_ha_;
  std::vector<Span> spans_;
};

void check_count(const char* option, std::size_t given, std::initializer_list<std::size_t> allowed, const char* words) {
  if (given == 0 || std::find(allowed.begin(), allowed.end(), given) != allowed.end()) return;
  throw usage_error(std::string(option) + ": " + std::to_string(given) + " rasters: give " + words);
}

}  // namespace

std::vector<std::string> patch_rasters(const ChangePatchesJob& job) {
  std::vector<std::string> rasters;
  for (const auto* list : {&job.stocks, &job.ages, &job.volumes, &job.confidences}) {
    rasters.insert(rasters.end(), list->begin(), list->end());
  }
  return rasters;
}

void check_patch_rasters(const ChangePatchesJob& job, const ChangeSetup& setup) {
  const std::size_t intervals = setup.intervals(), dates = intervals + 1;
  check_count("--stock", job.stocks.size(), {1, intervals}, "one carbon map, or one for each interval");
  check_count("--age", job.ages.size(), {dates}, "one for each date");
  check_count("--volume", job.volumes.size(), {dates}, "one for each date");
  check_count("--confidence", job.confidences.size(), {dates, intervals},
              "one for each date, or one for each interval");
  if ((!job.ages.empty() || !job.volumes.empty()) && !setup.maps.legend_given()) {
    throw usage_error("--age and --volume need land uses: give --legend");
  }
  check_measures(setup.maps, patch_rasters(job));
}

std::vector<PatchFacts> find_patches(const ChangePatchesJob& job, const ChangeSetup& setup, const PatchSearch& search,
                                     const ProgressCallback& progress) {
  const auto rasters = patch_rasters(job);
  const auto dates = static_cast<std::int64_t>(setup.intervals() + 1);
  const std::int64_t bytes_per_pixel = 32 + 18 * dates + 8 * static_cast<std::int64_t>(rasters.size());
  const RunOptions& run = setup.maps.inputs().run;
  PatchCollection collection(search);
  ClassMaps::Stray stray;
  Impossible impossible;
  Progress state{0, setup.maps.grid().pixels(), "finding patches"};
  run_blocks<WindowResult>(
      setup.maps.plan(bytes_per_pixel, setup.threads).windows,
      {setup.threads, static_cast<std::size_t>(2 * setup.threads)}, [&] { return PatchWorker(job, setup, search); },
      [](PatchWorker& worker, const Window& window, WindowResult& result) { worker.find(window, result); },
      [&](const Window& window, WindowResult& result) {
        for (const auto& [code, pixels] : result.stray) stray[code] += pixels;
        impossible.merge(result.impossible);
        collection.add(result.patches, run.memory_bytes);
        state.pixels_done += window.pixels();
        if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
      });
  setup.maps.demand_known(stray);
  if (impossible.raster < rasters.size()) {
    const bool negative = impossible.smallest < 0;
    throw input_error(rasters[impossible.raster],
                      "holds " + number_text(negative ? impossible.smallest : impossible.largest) +
                          ", which is no possible value: declare it as nodata (gdal_translate -a_nodata), or mend the "
                          "unit");
  }
  return collection.finish();
}

}  // namespace sink
