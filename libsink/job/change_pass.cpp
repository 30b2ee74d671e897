// SPDX-License-Identifier: Apache-2.0
#include "job/change_pass.hpp"

#include <algorithm>

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
std::int64_t bytes_per_pixel(std::size_t dates) {
  return 32 + 14 * static_cast<std::int64_t>(dates);
}

struct BlockChanges {
  ChangeSums sums;
  std::vector<std::vector<std::uint32_t>> codes;  ///< by interval
};

class ChangeWorker {
 public:
  ChangeWorker(const ChangeSetup& setup, bool with_codes)
      : setup_(setup), with_codes_(with_codes), reader_(setup.maps.reader()), counter_(setup) {}

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
    counter_.count(window, classes_, area_ha_, block.sums);
  }

 private:
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
  ChangeCounter counter_;
  std::vector<std::vector<ClassIndex>> classes_;
  std::vector<double> area_ha_;
};

void check_memory(const ChangeSetup& setup, const ChangeSums& sums) {
  if (sums.bytes() <= static_cast<std::size_t>(setup.maps.inputs().run.memory_bytes) / 2) return;
  const bool paths = sums.trajectories.size() > sums.cells.size();
  throw Error(Error::Kind::memory, paths ? "the maps hold " + std::to_string(sums.trajectories.size()) +
                                               " trajectories, more than half of --memory: add --no-trajectories"
                                         : "the matrices of all zones take more than half of --memory: give more");
}

/// Zones of a set that have pixels.
std::set<std::int32_t> zones_with_pixels(const ChangeSums& sums, std::size_t set) {
  std::set<std::int32_t> zones;
  for (const auto& [cohort, sum] : sums.cells) {
    if (cohort.set == set && cohort.zone >= 0) zones.insert(cohort.zone);
  }
  return zones;
}

}  // namespace

std::size_t CohortHash::operator()(const Cohort& c) const noexcept {
  const std::uint64_t classes = static_cast<std::uint64_t>(c.from) << 16 | c.to;
  const std::uint64_t where = static_cast<std::uint64_t>(static_cast<std::uint32_t>(c.zone)) << 32 | classes;
  const std::uint64_t mixed =
      (where ^ static_cast<std::uint64_t>(c.set) << 52 ^ static_cast<std::uint64_t>(c.interval) << 40) *
      0x9e3779b97f4a7c15ULL;
  return static_cast<std::size_t>(mixed ^ mixed >> 29);
}

void ChangeSums::merge(const ChangeSums& other) {
  for (const auto& [cohort, sum] : other.cells) cells[cohort] += sum;
  for (const auto& [path, sum] : other.trajectories) trajectories[path] += sum;
  inside.resize(other.inside.size());
  for (std::size_t i = 0; i < other.inside.size(); ++i) inside[i] += other.inside[i];
  if (seen.empty()) seen.resize(other.seen.size());
  for (std::size_t t = 0; t < other.seen.size(); ++t) {
    seen[t].resize(other.seen[t].size());
    for (std::size_t code = 0; code < other.seen[t].size(); ++code) seen[t][code] |= other.seen[t][code];
  }
  overlapping.insert(other.overlapping.begin(), other.overlapping.end());
  for (const auto& [code, pixels] : other.stray) stray[code] += pixels;
}

std::size_t ChangeSums::bytes() const noexcept {
  // A node of a hash table and its links, as measured with libstdc++.
  const std::size_t path_bytes = trajectories.empty() ? 0 : 2 * trajectories.begin()->first.size();
  return cells.size() * 96 + trajectories.size() * (112 + path_bytes);
}

ChangeSetup::ChangeSetup(const ClassMapInputs& inputs, const std::vector<ZoneSource>& sources, bool trajectories)
    : maps(inputs),
      areas(maps.grid()),
      with_trajectories(trajectories && inputs.maps.size() > 2),
      threads(threads_of(inputs.run.threads)),
      plan(maps.plan(bytes_per_pixel(inputs.maps.size()), threads)) {
  if (inputs.maps.size() < 2) throw usage_error("change needs two maps: give them with the oldest first");
  for (const auto& source : or_whole_grid(sources)) zones.emplace_back(source, "", maps.grid(), inputs.run);
}

ChangeCounter::ChangeCounter(const ChangeSetup& setup) : setup_(setup) {
  for (const auto& set : setup.zones) readers_.push_back(set.reader());
}

void ChangeCounter::count(const Window& window, const std::vector<std::vector<ClassIndex>>& classes,
                          const std::vector<double>& area_ha, ChangeSums& sums) {
  window_ = &window;
  classes_ = &classes;
  area_ha_ = area_ha.data();
  sums.inside.assign(setup_.zones.size(), 0);
  for (std::size_t set = 0; set < setup_.zones.size(); ++set) {
    setup_.zones[set].spans(readers_[set], window, spans_);
    const bool overlap = cover(window, spans_, inside_, outside_);
    for (const Span& span : inside_) sums.inside[set] += span.end - span.begin;
    const auto number = static_cast<std::uint32_t>(set);
    if (set == 0 && setup_.with_trajectories) count_trajectories(inside_, sums);
    if (overlap || setup_.zones[set].whole_grid()) {
      if (overlap) sums.overlapping.insert(set);
      count_set(number, inside_, sums);
    }
    if (!setup_.zones[set].whole_grid()) count_set(number, spans_, sums);
    if (overlap || setup_.zones[set].whole_grid()) continue;
    // Where no two zones share a pixel, the total is the sum of the zones.
    std::vector<std::pair<Cohort, PixelArea>> own;
    for (const auto& [cohort, sum] : sums.cells) {
      if (cohort.set == number) own.emplace_back(cohort, sum);
    }
    for (auto& [cohort, sum] : own) {
      cohort.zone = ZoneSet::once;
      sums.cells[cohort] += sum;
    }
  }
}

void ChangeCounter::count_set(std::uint32_t set, const std::vector<Span>& spans, ChangeSums& sums) const {
  for (const Span& span : spans) {
    const auto first =
        static_cast<std::size_t>((span.row - window_->row) * window_->columns + span.begin - window_->column);
    const std::size_t last = first + static_cast<std::size_t>(span.end - span.begin);
    for (std::uint32_t t = 0; t < setup_.intervals(); ++t) {
      const ClassIndex *from = (*classes_)[t].data(), *to = (*classes_)[t + 1].data();
      for (std::size_t begin = first; begin < last;) {
        std::size_t end = begin + 1;
        while (end < last && from[end] == from[begin] && to[end] == to[begin]) ++end;
        PixelArea& cell = sums.cells[{set, t, span.zone, from[begin], to[begin]}];
        cell.pixels += static_cast<std::int64_t>(end - begin);
        cell.area_ha.add(area_ha_ + begin, end - begin);
        begin = end;
      }
    }
  }
}

void ChangeCounter::count_trajectories(const std::vector<Span>& spans, ChangeSums& sums) {
  path_.resize(classes_->size());
  const auto same = [&](std::size_t a, std::size_t b) {
    return std::all_of(classes_->begin(), classes_->end(), [&](const auto& date) { return date[a] == date[b]; });
  };
  for (const Span& span : spans) {
    const auto first =
        static_cast<std::size_t>((span.row - window_->row) * window_->columns + span.begin - window_->column);
    const std::size_t last = first + static_cast<std::size_t>(span.end - span.begin);
    for (std::size_t begin = first; begin < last;) {
      std::size_t end = begin + 1;
      while (end < last && same(begin, end)) ++end;
      for (std::size_t date = 0; date < path_.size(); ++date) path_[date] = (*classes_)[date][begin];
      PixelArea& sum = sums.trajectories[path_];
      sum.pixels += static_cast<std::int64_t>(end - begin);
      sum.area_ha.add(area_ha_ + begin, end - begin);
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
  check_memory(setup, sums);
  setup.maps.demand_known(sums.stray);
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    if (setup.zones[set].from_raster()) demand_some_zone(setup.zones[set], !zones_with_pixels(sums, set).empty());
  }
  return sums;
}

void for_each_zone(const ChangeSetup& setup, const ChangeSums& sums,
                   const std::function<void(const ZoneChanges&)>& use) {
  const std::map<Cohort, PixelArea> cells(sums.cells.begin(), sums.cells.end());
  const auto place = [&](ClassIndex index) { return index == no_class ? setup.classes() : index; };
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    std::vector<std::int32_t> zones = setup.zones[set].known_zones();
    if (setup.zones[set].from_raster()) {
      const auto found = zones_with_pixels(sums, set);
      zones.assign(found.begin(), found.end());
    }
    zones.push_back(ZoneSet::once);
    for (const std::int32_t code : zones) {
      const bool total = code == ZoneSet::once;
      ZoneChanges changes{set, total ? Zone{"total", ""} : setup.zones[set].zone(code), total, {}};
      for (std::uint32_t t = 0; t < setup.intervals(); ++t) {
        TransitionMatrix& matrix = changes.intervals.emplace_back(setup.classes());
        const auto number = static_cast<std::uint32_t>(set);
        for (auto at = cells.lower_bound({number, t, code, 0, 0});
             at != cells.end() && at->first.set == number && at->first.interval == t && at->first.zone == code; ++at) {
          matrix.at(place(at->first.from), place(at->first.to)) = at->second;
        }
      }
      use(changes);
    }
  }
}

}  // namespace sink
