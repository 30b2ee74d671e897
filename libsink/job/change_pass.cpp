// SPDX-License-Identifier: Apache-2.0
#include "job/change_pass.hpp"

#include <algorithm>

#include "job/measure_maps.hpp"
#include "job/run_plan.hpp"
#include "pipeline/run_blocks.hpp"

namespace sink {
namespace {

constexpr std::size_t blocks_between_checks = 64;

std::vector<ZoneSource> or_whole_grid(const std::vector<ZoneSource>& sources) {
  if (!sources.empty()) return sources;
  return {{.set = "all", .file = "", .id_field = "", .name_field = "", .where = ""}};
}

/// What a worker holds of a pixel, and a result that waits for its turn.
std::int64_t bytes_per_pixel(std::size_t dates, std::size_t stocks) {
  return 32 + 14 * static_cast<std::int64_t>(dates) + 16 * static_cast<std::int64_t>(stocks);
}

struct BlockChanges {
  ChangeSums sums;
  std::vector<std::vector<std::uint32_t>> codes;  ///< by interval
};

class ChangeWorker {
 public:
  ChangeWorker(const ChangeSetup& setup, bool with_codes)
      : setup_(setup),
        with_codes_(with_codes),
        reader_(setup.maps.reader()),
        stock_sources_(open_measures(setup.maps, setup.carbon.inputs().stocks, reader_.files)),
        counter_(setup) {}

  void compute(const Window& window, BlockChanges& block) {
    block.sums = {};
    const auto pixels = static_cast<std::size_t>(window.pixels());
    classes_.resize(setup_.intervals() + 1);
    for (std::size_t date = 0; date < classes_.size(); ++date) {
      setup_.maps.read(reader_, date, window, classes_[date], block.sums.stray);
    }
    area_ha_.resize(pixels);
    for (std::int64_t row = 0; row < window.rows; ++row) {
      setup_.areas.row_ha(window.row + row, window.column,
                          std::span(area_ha_).subspan(static_cast<std::size_t>(row * window.columns),
                                                      static_cast<std::size_t>(window.columns)));
    }
    encode(pixels, block);
    read_stocks(window, block.sums);
    counter_.count(window, interval_columns(setup_, classes_, area_ha_, stocks_), classes_, block.sums);
  }

 private:
  void read_stocks(const Window& window, ChangeSums& sums) {
    stocks_.resize(stock_sources_.size());
    for (std::size_t s = 0; s < stock_sources_.size(); ++s) {
      stocks_[s].resize(static_cast<std::size_t>(window.pixels()));
      stock_sources_[s].read(window, stocks_[s]);
    }
    sums.negative = negative_pixels(stocks_);
  }
  void encode(std::size_t pixels, BlockChanges& block) {
    const auto k = static_cast<std::uint32_t>(setup_.classes());
    const std::size_t codes = std::size_t{k} * k + 1;
    const std::uint32_t nodata = nodata_code(setup_.code_pixels());
    block.codes.resize(with_codes_ ? setup_.intervals() : 0);
    block.sums.seen.assign(setup_.intervals(), std::vector<std::uint8_t>(codes, 0));
    for (std::size_t t = 0; t < setup_.intervals(); ++t) {
      const auto &from = classes_[t], &to = classes_[t + 1];
      auto& seen = block.sums.seen[t];
      if (with_codes_) block.codes[t].resize(pixels);
      for (std::size_t p = 0; p < pixels; ++p) {
        const bool known = from[p] != no_class && to[p] != no_class;
        const std::uint32_t code = known ? from[p] * k + to[p] + 1 : nodata;
        if (with_codes_) block.codes[t][p] = code;
        if (code != nodata) seen[code] = 1;
      }
    }
  }

  const ChangeSetup& setup_;
  bool with_codes_;
  ClassMaps::Reader reader_;
  std::vector<RasterSource> stock_sources_;
  ChangeCounter counter_;
  std::vector<std::vector<ClassIndex>> classes_;
  std::vector<std::vector<double>> stocks_;
  std::vector<double> area_ha_;
};

void demand_carbon(const ChangeSetup& setup, const ChangeSums& sums) {
  for (std::size_t s = 0; s < sums.negative.size(); ++s) {
    if (sums.negative[s] == 0) continue;
    throw input_error(setup.carbon.inputs().stocks[s],
                      "holds negative carbon in " + std::to_string(sums.negative[s]) +
                          (sums.negative[s] == 1 ? " pixel" : " pixels") +
                          ": if that is its nodata value: gdal_edit.py -a_nodata VALUE");
  }
  setup.carbon.demand_rows(classes_seen(setup, sums));
}

bool has_zones(const ChangeCells& cells) {
  return std::any_of(cells.cells().begin(), cells.cells().end(), [](const auto& cell) { return cell.first.zone >= 0; });
}

}  // namespace

void check_memory(const ChangeSetup& setup, const ChangeSums& sums) {
  if (sums.bytes() <= static_cast<std::size_t>(setup.maps.inputs().run.memory_bytes) / 2) return;
  std::size_t cells = 0;
  for (const auto& set : sums.cells) cells += set.cells().size();
  const bool paths = sums.trajectories.size() > cells;
  throw Error(Error::Kind::memory, paths ? "the maps hold " + std::to_string(sums.trajectories.size()) +
                                               " trajectories, more than half of --memory: add --no-trajectories"
                                         : "the matrices of all zones take more than half of --memory: give more");
}

void check_sums(const ChangeSetup& setup, const ChangeSums& sums) {
  check_memory(setup, sums);
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    if (setup.zones[set].from_raster()) demand_some_zone(setup.zones[set], has_zones(sums.cells[set]));
  }
  demand_carbon(setup, sums);
}

std::vector<ChangeColumns> interval_columns(const ChangeSetup& setup, const std::vector<std::vector<ClassIndex>>& dates,
                                            const std::vector<double>& area_ha,
                                            const std::vector<std::vector<double>>& stocks) {
  std::vector<ChangeColumns> intervals(setup.intervals());
  for (std::size_t t = 0; t < intervals.size(); ++t) {
    intervals[t].from = dates[t].data();
    intervals[t].to = dates[t + 1].data();
    intervals[t].area_ha = area_ha.data();
    setup.carbon.set_columns(t, stocks, intervals[t]);
  }
  return intervals;
}

std::vector<std::int64_t> negative_pixels(const std::vector<std::vector<double>>& stocks) {
  std::vector<std::int64_t> negative;
  for (const auto& stock : stocks) {
    negative.push_back(std::count_if(stock.begin(), stock.end(), [](double tc_ha) { return tc_ha < 0; }));
  }
  return negative;
}

void ChangeSums::merge(const ChangeSums& other) {
  cells.resize(other.cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] += other.cells[i];
  map += other.map;
  for (const auto& [path, sum] : other.trajectories) trajectories[path] += sum;
  inside.resize(other.inside.size());
  for (std::size_t i = 0; i < other.inside.size(); ++i) inside[i] += other.inside[i];
  if (seen.empty()) seen.resize(other.seen.size());
  for (std::size_t t = 0; t < other.seen.size(); ++t) {
    seen[t].resize(other.seen[t].size());
    for (std::size_t code = 0; code < other.seen[t].size(); ++code) seen[t][code] |= other.seen[t][code];
  }
  negative.resize(other.negative.size());
  for (std::size_t i = 0; i < negative.size(); ++i) negative[i] += other.negative[i];
  overlapping.insert(other.overlapping.begin(), other.overlapping.end());
  for (const auto& [code, pixels] : other.stray) stray[code] += pixels;
}

std::size_t ChangeSums::bytes() const noexcept {
  // A node of a hash table and its links, as measured with libstdc++.
  const std::size_t path_bytes = trajectories.empty() ? 0 : 2 * trajectories.begin()->first.size();
  std::size_t bytes = map.bytes() + trajectories.size() * (112 + path_bytes);
  for (const auto& set : cells) bytes += set.bytes();
  return bytes;
}

ChangeSetup::ChangeSetup(const ClassMapInputs& inputs, const std::vector<ZoneSource>& sources, bool trajectories,
                         const ChangeCarbonInputs& carbon_inputs)
    : maps(inputs),
      carbon(carbon_inputs, maps),
      areas(maps.grid()),
      with_trajectories(trajectories && inputs.maps.size() > 2),
      threads(threads_of(inputs.run.threads)),
      plan(maps.plan(bytes_per_pixel(inputs.maps.size(), carbon_inputs.stocks.size()), threads)) {
  if (inputs.maps.size() < 2) throw usage_error("change needs two maps: give them with the oldest first");
  for (const auto& source : or_whole_grid(sources)) zones.emplace_back(source, "", maps.grid(), inputs.run);
}

ChangeCounter::ChangeCounter(const ChangeSetup& setup) : setup_(setup) {
  for (const auto& set : setup.zones) readers_.push_back(set.reader());
}

void ChangeCounter::count(const Window& window, const std::vector<ChangeColumns>& intervals,
                          const std::vector<std::vector<ClassIndex>>& classes, ChangeSums& sums) {
  sums.inside.assign(setup_.zones.size(), 0);
  sums.cells.assign(setup_.zones.size(), ChangeCells());
  for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
    setup_.zones[set].spans(readers_[set], window, spans_);
    const bool overlap = cover(window, spans_, inside_, outside_);
    if (overlap) sums.overlapping.insert(set);
    for (const Span& span : inside_) sums.inside[set] += span.end - span.begin;
    if (set == 0 && setup_.with_trajectories) count_trajectories(window, classes, intervals[0].area_ha, sums);
    ChangeCells apart;
    count_zones(window, {spans_, inside_, overlap, setup_.zones[set].whole_grid()}, intervals, apart, sums.cells[set]);
    join_apart(apart, sums.cells[set]);
  }
  if (setup_.carbon.inputs().accuracies.empty()) return;
  for (std::uint32_t t = 0; t < intervals.size(); ++t) {
    ChangeColumns areas{intervals[t].from, intervals[t].to, intervals[t].area_ha};
    sums.map.add(ZoneSet::once, t, areas, 0, static_cast<std::size_t>(window.pixels()));
  }
}

void ChangeCounter::count_trajectories(const Window& window, const std::vector<std::vector<ClassIndex>>& classes,
                                       const double* area_ha, ChangeSums& sums) {
  path_.resize(classes.size());
  const auto same = [&](std::size_t a, std::size_t b) {
    return std::all_of(classes.begin(), classes.end(), [&](const auto& date) { return date[a] == date[b]; });
  };
  for (const Span& span : inside_) {
    const auto first = static_cast<std::size_t>((span.row - window.row) * window.columns + span.begin - window.column);
    const std::size_t last = first + static_cast<std::size_t>(span.end - span.begin);
    for (std::size_t begin = first; begin < last;) {
      std::size_t end = begin + 1;
      while (end < last && same(begin, end)) ++end;
      for (std::size_t date = 0; date < path_.size(); ++date) path_[date] = classes[date][begin];
      PixelArea& sum = sums.trajectories[path_];
      sum.pixels += static_cast<std::int64_t>(end - begin);
      sum.area_ha.add(area_ha + begin, end - begin);
      begin = end;
    }
  }
}

ChangeSums count_changes(const ChangeSetup& setup, const WriteCodes& write, const ProgressCallback& progress) {
  ChangeSums sums;
  Progress state{0, setup.maps.grid().pixels(), "comparing"};
  const auto check_going = [&] {
    if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
  };
  check_going();
  std::size_t blocks = 0;
  TileScratch scratch;
  struct Worker {
    ChangeWorker counter;
    TileScratch scratch;
  };
  run_blocks<BlockChanges>(
      setup.plan.windows, {setup.threads, static_cast<std::size_t>(2 * setup.threads)},
      [&] {
        return Worker{ChangeWorker(setup, static_cast<bool>(write.write)), {}};
      },
      [&](Worker& worker, const Window& window, BlockChanges& block) {
        worker.counter.compute(window, block);
        if (write.write && write.in_any_order) write.write(worker.scratch, window, block.codes);
      },
      [&](const Window& window, BlockChanges& block) {
        sums.merge(block.sums);
        if (write.write && !write.in_any_order && sums.stray.empty()) write.write(scratch, window, block.codes);
        if (++blocks % blocks_between_checks == 0) check_memory(setup, sums);
        state.pixels_done += window.pixels();
        check_going();
      });
  setup.maps.demand_known(sums.stray);
  check_sums(setup, sums);
  return sums;
}

std::vector<std::uint8_t> classes_seen(const ChangeSetup& setup, const ChangeSums& sums) {
  std::vector<std::uint8_t> classes(setup.classes(), 0);
  for (const auto& codes : sums.seen) {
    for (std::size_t code = 1; code < codes.size(); ++code) {
      if (codes[code] != 0) classes[(code - 1) / setup.classes()] = classes[(code - 1) % setup.classes()] = 1;
    }
  }
  return classes;
}

void for_each_zone(const ChangeSetup& setup, const ChangeSums& sums,
                   const std::function<void(const ZoneChanges&)>& use) {
  const auto place = [&](ClassIndex index) { return index == no_class ? setup.classes() : index; };
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    const CellsByZone cells = cells_by_zone(sums.cells[set]);
    for (const std::int32_t code : zones_of(setup.zones[set], cells)) {
      const bool total = code == ZoneSet::once;
      ZoneChanges changes{set, total ? Zone{"total", ""} : setup.zones[set].zone(code), total, {}};
      changes.intervals.assign(setup.intervals(), TransitionMatrix(setup.classes()));
      const auto own = cells.find(code);
      if (own != cells.end()) {
        for (const auto& [key, cell] : own->second) {
          changes.intervals[key.interval].at(place(key.from), place(key.to)) = cell.all;
        }
      }
      use(changes);
    }
  }
}

}  // namespace sink
