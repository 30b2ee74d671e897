// SPDX-License-Identifier: Apache-2.0
#include "job/strata_pass.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "job/run_plan.hpp"
#include "pipeline/block_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "table/csv.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

BandInfo opened(const StrataPlan& plan) {
  OpenFiles files;
  return RasterSource(files, "", plan.map, plan.run.access()).info();
}

bool shipped(const std::string& legend) {
  const auto names = shipped_legends();
  return std::find(names.begin(), names.end(), legend) != names.end();
}

/// Which rows or columns lie on the sampling grid: `size` of them, spacing `step`, start from `seed`.
std::vector<std::uint8_t> grid_lines(std::int64_t size, double step, std::uint64_t seed, std::uint64_t axis) {
  std::vector<std::uint8_t> lines(static_cast<std::size_t>(size), 0);
  const double start = static_cast<double>(draw_key(seed, axis) >> 11U) * 0x1p-53 * step;
  for (double at = start; at < static_cast<double>(size); at += step) lines[static_cast<std::size_t>(at)] = 1;
  return lines;
}

/// What one window adds.
struct WindowStrata {
  std::map<StratumKey, StratumFound> strata;
  std::vector<std::pair<StratumKey, Draw>> draws;
  std::int64_t nodata_pixels = 0, outside_pixels = 0;
};

class StrataWorker {
 public:
  explicit StrataWorker(const StrataMap& map, const std::vector<std::uint8_t>& rows,
                        const std::vector<std::uint8_t>& columns)
      : map_(map),
        source_(files_, "", map.plan().map, map.plan().run.access()),
        chosen_rows_(rows),
        chosen_columns_(columns) {
    if (map.zones() != nullptr) reader_ = map.zones()->reader();
  }

  void compute(const Window& window, WindowStrata& found) {
    found.strata.clear();
    found.draws.clear();
    found.nodata_pixels = 0;
    codes_.resize(static_cast<std::size_t>(window.pixels()));
    areas_.resize(static_cast<std::size_t>(window.columns));
    source_.read_codes(window, codes_);
    list_spans(window);
    std::int64_t inside = 0;
    std::int32_t row = -1, covered_to = 0;
    for (const Span& span : spans_) {
      if (span.row != row) map_.areas().row_ha(span.row, window.column, areas_);
      if (span.row == row && span.begin < covered_to) refuse_overlap(span);
      row = span.row;
      covered_to = span.end;
      inside += span.end - span.begin;
      add(window, span, found);
    }
    found.outside_pixels = window.pixels() - inside;
  }

 private:
  void list_spans(const Window& window) {
    if (map_.zones() != nullptr) return map_.zones()->spans(reader_, window, spans_);
    spans_.clear();
    for (std::int64_t row = window.row; row < window.row + window.rows; ++row) {
      spans_.push_back({StratumKey::no_zone, static_cast<std::int32_t>(row), static_cast<std::int32_t>(window.column),
                        static_cast<std::int32_t>(window.column + window.columns)});
    }
  }
  [[noreturn]] void refuse_overlap(const Span& span) const {
    const Point at = map_.grid().to_crs(span.begin + 0.5, span.row + 0.5);
    throw input_error(map_.plan().zones->file, "zones overlap at x " + number_text(at.x) + ", y " + number_text(at.y) +
                                                   ": a unit must lie in one stratum: give zones that do not");
  }
  /// Runs of one code within a span.
  void add(const Window& window, const Span& span, WindowStrata& found) {
    const std::size_t line = static_cast<std::size_t>((span.row - window.row) * window.columns);
    const auto at = [&](std::int32_t column) { return line + static_cast<std::size_t>(column - window.column); };
    for (std::int32_t begin = span.begin; begin < span.end;) {
      const std::int32_t code = codes_[at(begin)];
      std::int32_t end = begin + 1;
      while (end < span.end && codes_[at(end)] == code) ++end;
      if (code == RasterSource::no_code) {
        found.nodata_pixels += end - begin;
      } else {
        add_run(window, {span.zone, code}, {span.zone, span.row, begin, end}, found);
      }
      begin = end;
    }
  }
  void add_run(const Window& window, const StratumKey& key, const Span& run, WindowStrata& found) {
    const std::int64_t first_cell = run.row * map_.grid().columns + run.begin;
    auto& stratum = found.strata[key];
    if (stratum.pixels == 0) stratum.first_cell = first_cell;
    stratum.first_cell = std::min(stratum.first_cell, first_cell);
    const std::int32_t length = run.end - run.begin;
    stratum.pixels += length;
    stratum.area_ha.add(areas_.data() + (run.begin - window.column), static_cast<std::size_t>(length));
    if (map_.plan().keep == 0) return;
    const bool on_grid = map_.plan().step > 0;
    if (on_grid && chosen_rows_[static_cast<std::size_t>(run.row)] == 0) return;
    auto& mine = smallest(key);
    std::uint64_t bound = mine.bound();
    for (std::int32_t i = 0; i < length; ++i) {
      if (on_grid && chosen_columns_[static_cast<std::size_t>(run.begin + i)] == 0) continue;
      const Draw draw{draw_key(map_.plan().seed, static_cast<std::uint64_t>(first_cell + i)), first_cell + i};
      if (draw.key > bound || !mine.offer(draw)) continue;
      bound = mine.bound();
      found.draws.emplace_back(key, draw);
    }
  }
  /// The smallest keys that this worker has seen: only what is among them can be among the smallest of all.
  SmallestKeys& smallest(const StratumKey& key) {
    const auto packed = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.zone)) << 32U) |
                        static_cast<std::uint32_t>(key.code);
    return smallest_.try_emplace(packed, static_cast<std::size_t>(map_.plan().keep)).first->second;
  }

  const StrataMap& map_;
  OpenFiles files_;
  RasterSource source_;
  ZoneSet::Reader reader_;
  const std::vector<std::uint8_t>&chosen_rows_, &chosen_columns_;
  std::vector<std::int32_t> codes_;
  std::vector<double> areas_;
  std::vector<Span> spans_;
  std::unordered_map<std::uint64_t, SmallestKeys> smallest_;
};

void merge(WindowStrata& from, std::size_t keep, StrataPass& into) {
  for (auto& [key, found] : from.strata) {
    auto& all = into.strata.try_emplace(key, StratumFound{0, {}, found.first_cell, SmallestKeys(keep)}).first->second;
    all.pixels += found.pixels;
    all.area_ha += found.area_ha;
    all.first_cell = std::min(all.first_cell, found.first_cell);
  }
  for (const auto& [key, draw] : from.draws) into.strata.at(key).draws.offer(draw);
  into.nodata_pixels += from.nodata_pixels;
  into.outside_pixels += from.outside_pixels;
}

void demand_classes(const StrataMap& map, const StrataPass& pass) {
  if (pass.strata.empty()) {
    throw input_error(map.plan().map, map.zones() != nullptr
                                          ? "has no class inside the zones: check that they belong together"
                                          : "holds no class: every pixel is nodata: check its nodata value");
  }
  if (map.legend().size() == 0) return;
  std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> stray;  // code -> pixels, first cell
  for (const auto& [key, found] : pass.strata) {
    if (map.legend().index_of(key.code) != no_class) continue;
    auto& [pixels, cell] = stray.try_emplace(key.code, 0, found.first_cell).first->second;
    pixels += found.pixels;
    cell = std::min(cell, found.first_cell);
  }
  if (stray.empty()) return;
  std::string text;
  for (const auto& [code, where] : stray) {
    if (text.size() > 200) break;
    const Point at = map.grid().to_crs(static_cast<double>(where.second % map.grid().columns) + 0.5,
                                       static_cast<double>(where.second / map.grid().columns) + 0.5);
    text += (text.empty() ? "code " : ", code ") + std::to_string(code) + " in " + std::to_string(where.first) +
            " pixels (first at x " + number_text(at.x) + ", y " + number_text(at.y) + ")";
  }
  throw input_error(map.plan().map, std::to_string(stray.size()) + " codes are not in the legend: " + text +
                                        ": add rows for them to " + map.legend().file());
}

}  // namespace

StrataMap::StrataMap(const StrataPlan& plan) : plan_(plan), band_(opened(plan)), areas_(band_.grid) {
  if (plan_.zones) zones_.emplace(*plan_.zones, "", band_.grid, plan_.run);
  if (!plan_.legend.empty()) legend_ = load_legend(plan_.legend, load_parameters({}));
}

std::string StrataMap::class_name(std::int64_t code) const {
  const ClassIndex index = legend_.index_of(code);
  if (index == no_class) return "";
  return legend_[index].name_en.empty() ? legend_[index].name_zh : legend_[index].name_en;
}

std::vector<std::string> StrataMap::files() const {
  std::vector<std::string> files = {parse_band_path(plan_.map).file};
  if (plan_.zones)
    files.push_back(zones_->from_raster() ? parse_band_path(plan_.zones->file).file
                                          : parse_layer_path(plan_.zones->file).file);
  if (!plan_.legend.empty() && !shipped(plan_.legend)) files.push_back(plan_.legend);
  return files;
}

StrataPass run_strata_pass(const StrataMap& map, const ProgressCallback& progress) {
  const StrataPlan& plan = map.plan();
  const Grid& grid = map.grid();
  StrataPass pass;
  pass.threads = threads_of(plan.run.threads);
  std::vector<std::uint8_t> rows, columns;
  if (plan.step > 0) {
    rows = grid_lines(grid.rows, plan.step, plan.seed, 0);
    columns = grid_lines(grid.columns, plan.step, plan.seed, 1);
  }
  const std::int64_t fitting = plan.run.memory_bytes / 2 / (2 * pass.threads * 24);
  const BlockPlan blocks = plan_blocks(grid, {map.band().block_columns, map.band().block_rows},
                                       std::clamp<std::int64_t>(fitting, 16 * 1024, 512 * 512), plan.run.block_rows);
  pass.blocks = std::to_string(blocks.window.columns) + " x " + std::to_string(blocks.window.rows);
  const auto keep = static_cast<std::size_t>(plan.keep);
  std::set<std::int32_t> classes;
  Progress state{0, grid.pixels(), plan.keep > 0 ? "drawing" : "counting"};
  run_blocks<WindowStrata>(
      blocks.windows, {pass.threads, static_cast<std::size_t>(2 * pass.threads)},
      [&] { return StrataWorker(map, rows, columns); },
      [](StrataWorker& worker, const Window& window, WindowStrata& found) { worker.compute(window, found); },
      [&](const Window& window, WindowStrata& found) {
        merge(found, keep, pass);
        for (const auto& [key, unused] : found.strata) classes.insert(key.code);
        if (classes.size() > max_classes) {
          throw input_error(plan.map, "holds more than " + std::to_string(max_classes) + " codes: is it a class map?");
        }
        // Every worker keeps as many draws as the whole.
        std::size_t draws = 0;
        for (const auto& [key, all] : pass.strata) draws += all.draws.size();
        const std::size_t bytes = draws * sizeof(Draw) * static_cast<std::size_t>(pass.threads + 1);
        if (bytes > static_cast<std::size_t>(plan.run.memory_bytes) / 2) {
          throw Error(Error::Kind::memory, "the units drawn in " + std::to_string(pass.strata.size()) +
                                               " strata take more than half of --memory: give more, or draw fewer");
        }
        state.pixels_done += window.pixels();
        if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
      });
  demand_classes(map, pass);
  return pass;
}

}  // namespace sink
