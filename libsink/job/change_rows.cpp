// SPDX-License-Identifier: Apache-2.0
#include "job/change_rows.hpp"

#include <algorithm>

#include "pipeline/run_blocks.hpp"

namespace sink {
namespace {

class StripWorker {
 public:
  StripWorker(const ChangeSetup& setup, const std::vector<std::string>& measures, PrepareStrip prepare)
      : setup_(setup), reader_(setup.maps.reader()), prepare_(std::move(prepare)) {
    const RunOptions& run = setup.maps.inputs().run;
    for (const auto& measure : measures) {
      measures_.emplace_back(reader_.files, "", measure, run.access());
      if (run.align) measures_.back().align_to(setup.maps.grid());
    }
  }

  void read(const Window& window, ChangeStrip& strip) {
    strip.stray.clear();
    const auto pixels = static_cast<std::size_t>(window.pixels());
    strip.classes.resize(setup_.intervals() + 1);
    for (std::size_t date = 0; date < strip.classes.size(); ++date) {
      setup_.maps.read(reader_, date, window, strip.classes[date], strip.stray);
    }
    strip.measures.resize(measures_.size());
    for (std::size_t m = 0; m < measures_.size(); ++m) {
      strip.measures[m].resize(pixels);
      measures_[m].read(window, strip.measures[m]);
    }
    strip.area_ha.resize(pixels);
    for (std::int64_t y = window.row; y < window.row + window.rows; ++y) {
      setup_.areas.row_ha(y, 0, ChangeStrip::part(strip.area_ha, window, y));
    }
    if (prepare_) prepare_(window, strip);
  }

 private:
  const ChangeSetup& setup_;
  ClassMaps::Reader reader_;
  std::vector<RasterSource> measures_;
  PrepareStrip prepare_;
};

}  // namespace

ChangeRows::ChangeRows(const ChangeSetup& setup) : setup_(setup) {
  // Strips as high as a block of the files, so that each is decoded once, unless the memory does not allow that.
  const RunOptions& run = setup.maps.inputs().run;
  std::int64_t block_rows = 1;
  for (const auto& band : setup.maps.bands()) block_rows = std::max(block_rows, band.block_rows);
  const std::int64_t pixel_bytes = 24 + 8 * static_cast<std::int64_t>(setup.intervals() + 1);
  const std::int64_t fitting =
      run.memory_bytes / 2 / ((setup.threads + 1) * pixel_bytes * std::max<std::int64_t>(1, setup.maps.grid().columns));
  const std::int64_t wanted = std::max(block_rows, std::int64_t{512 * 512} / setup.maps.grid().columns);
  rows_ = run.block_rows > 0 ? run.block_rows : std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(1, fitting));
  rows_ = std::min(rows_, setup.maps.grid().rows);
}

void ChangeRows::check_measures() const {
  OpenFiles files;
  const RunOptions& run = setup_.maps.inputs().run;
  for (const auto& measure : measures) {
    const RasterSource source(files, "", measure, run.access());
    if (run.align) continue;
    const Grid &own = source.info().grid, &grid = setup_.maps.grid();
    const std::string difference = grid_difference(own, grid);
    if (!same_crs(own.crs_wkt, grid.crs_wkt)) {
      throw input_error(
          measure, "has another CRS than the maps (" + own.crs_name + " against " + grid.crs_name + "): add --align");
    }
    if (!difference.empty())
      throw input_error(measure, "is on another grid than the maps: " + difference + ": add --align");
  }
}

void ChangeRows::pass(const std::string& stage, const ProgressCallback& progress,
                      const std::function<void(const Window&, ChangeStrip&)>& use) const {
  const Grid& grid = setup_.maps.grid();
  const BlockPlan plan = plan_blocks(grid, {grid.columns, rows_}, grid.columns * rows_, rows_);
  ClassMaps::Stray stray;
  Progress state{0, grid.pixels(), stage};
  run_blocks<ChangeStrip>(
      plan.windows, {setup_.threads, static_cast<std::size_t>(setup_.threads) + 1},
      [&] { return StripWorker(setup_, measures, make_preparation ? make_preparation() : PrepareStrip()); },
      [](StripWorker& worker, const Window& window, ChangeStrip& strip) { worker.read(window, strip); },
      [&](const Window& window, ChangeStrip& strip) {
        for (const auto& [code, pixels] : strip.stray) stray[code] += pixels;
        use(window, strip);
        state.pixels_done += window.pixels();
        if (progress && !progress(state)) throw Error(Error::Kind::interrupted, "stopped");
      });
  setup_.maps.demand_known(stray);
}

}  // namespace sink
