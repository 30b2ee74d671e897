// SPDX-License-Identifier: Apache-2.0
// BlockWorker: what one thread does with one window. Reads every input once, computes stocks, flows and output pixels,
// and reduces them to zones.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "account/change_cells.hpp"
#include "account/reduce.hpp"
#include "account/zone_sums.hpp"
#include "core/block.hpp"
#include "core/exact_sum.hpp"
#include "job/census.hpp"
#include "job/change_count.hpp"
#include "job/patch_finder.hpp"
#include "job/run_setup.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// What a window gives. Reused; `BlockWorker::compute` overwrites everything.
struct BlockResult {
  std::vector<std::vector<std::uint32_t>> codes;      ///< one per output layer; blank but for change
  std::vector<ChangeCells> changes;                   ///< one per zone set; `ZoneSet::once` is the total
  std::vector<std::vector<std::uint8_t>> codes_seen;  ///< one per output layer of codes: 1 for each of any pixel
  std::vector<std::vector<float>> rasters;            ///< one per output layer, row-major
  std::vector<StoredStatistics> statistics;           ///< one per output layer
  std::vector<ZoneSums> zones;                        ///< one per zone set
  std::vector<ZoneSums> inside;                       ///< one per zone set: `ZoneSet::once` and `ZoneSet::outside`
  ZoneSums whole;                                     ///< zone 0
  std::vector<ZoneSums> parcels;             ///< one per parcel group and zone set, and `ZoneSet::once_in_parcels`
  std::vector<std::vector<ZoneSums>> sides;  ///< by side account and zone set; `ZoneSet::once` is the total
  std::vector<PatchPieces> patches;          ///< by period; blank where not asked for
  Census census;
  bool usable = true;  ///< false: inputs hold what stops the run; the rest is not computed
};

/// What a worker counts while it goes through a window, by place; `flush` writes it into a census by name.
class WindowCensus {
 public:
  explicit WindowCensus(const RunSetup& setup);
  /// A class layer's pixels of one code; few codes in a window, so the list is searched.
  void count_code(std::size_t date, std::size_t input, std::int32_t code, std::int64_t pixels);
  LayerCensus& layer(std::size_t date, std::size_t input) { return layers_[date][input].census; }
  /// Step of a method's chain, then `unmodelled` and `bamboo by area density`.
  Tally& step(std::size_t date, std::size_t method, std::size_t step) { return steps_[date][method][step]; }
  Tally& species_changed(std::size_t period, std::size_t method) { return species_changed_[period][method]; }
  Tally& class_edge_crossed(std::size_t period, std::size_t method) { return class_edge_crossed_[period][method]; }
  Tally& lost_from_view(std::size_t period) { return lost_from_view_[period]; }
  /// Adds everything to `census` and starts anew.
  void flush(Census& census);

 private:
  struct Layer {
    LayerCensus census;
    std::vector<std::pair<std::int32_t, std::int64_t>> codes;
  };
  const RunSetup& setup_;
  std::vector<std::vector<Layer>> layers_;
  std::vector<std::vector<std::vector<Tally>>> steps_;
  std::vector<std::vector<Tally>> species_changed_, class_edge_crossed_;
  std::vector<Tally> lost_from_view_;
};

class BlockWorker {
 public:
  explicit BlockWorker(const RunSetup& setup);
  void compute(const Window& window, BlockResult& result);
  /// Reads a window and counts what is there, the steps of the methods included; nothing else.
  void take_census(const Window& window, Census& census);
  /// What is known of the part computed last.
  [[nodiscard]] const PartView& view() const noexcept { return view_; }
  /// The workers of the side accounts, on that part.
  [[nodiscard]] const std::vector<std::unique_ptr<SideWorker>>& sides() const noexcept { return sides_; }
  /// Whether nothing is known of any pixel of that part.
  [[nodiscard]] bool blank() const noexcept { return blank_; }

 private:
  /// A window is computed in parts of some rows, so that their columns stay in the processor's cache.
  static constexpr std::int64_t part_pixels = 4096;
  void for_parts(const Window& window, const std::function<void(const Window&)>& use);

  /// One date's inputs and what they say of land use.
  struct DateState {
    std::vector<RasterSource> sources;  ///< in the order of DateSetup::layers
    Block inputs;
    std::vector<std::uint8_t> known, forest, has_volume;
    std::vector<ClassIndex> change_class;  ///< places in ChangeScheme::legend
    bool volume_given = false, age_given = false;
  };
  /// One date's stock by one method.
  struct StockState {
    Block results;
    std::vector<double> carbon;
    std::vector<std::uint8_t> has_stock, step;
    const double *agb = nullptr, *bgb = nullptr, *above = nullptr, *below = nullptr, *dead = nullptr, *soil = nullptr;
  };

  bool read_part(const Window& part, Census& census);
  bool read_date(std::size_t date, const Window& part);
  bool read_classes(std::size_t date, const Window& part);
  void find_land_use(std::size_t date, Census& census);
  void compute_part();
  void leave_blank();
  void compute_stock(std::size_t date, std::size_t method);
  void run_chain(const MethodRun& run, StockState& state);
  void count_steps(std::size_t date, std::size_t method);
  void compute_period(std::size_t period);
  void compute_flows(std::size_t period, std::size_t method);
  void count_changes(std::size_t period, std::size_t method);
  void begin_window(const Window& window, BlockResult& result);
  void end_window(BlockResult& result);
  void fill_outputs(std::size_t from, BlockResult& result);
  void fill_stock(const OutputLayer& output, float* raster);
  void fill_sink(const OutputLayer& output, float* raster);
  void fill_change(std::size_t period, std::uint32_t* codes, std::vector<std::uint8_t>& seen) const;
  void point_reduction();
  void point_view(const Window& part);
  void reduce_sides(const Window& part, std::size_t set, bool overlap, BlockResult& result);
  void reduce(const Window& part, BlockResult& result);
  void reduce_set(const Window& part, std::size_t set, BlockResult& result);
  void reduce_changes(const Window& part, const WindowZones& zones, ChangeCells& apart, ChangeCells& cells) const;
  void find_patches(const Window& part);
  void reduce_parcels(const Window& part, std::size_t set, BlockResult& result);
  /// Calls `use(zone, first pixel of the part, pixels)` for every span.
  static void for_spans(const Window& part, const std::vector<Span>& spans, const auto& use);
  [[nodiscard]] StockState& stock(std::size_t date, std::size_t method) {
    return stocks_[date * setup_.methods.size() + method];
  }
  [[nodiscard]] std::vector<Flow>& flows(std::size_t period, std::size_t method) {
    return flows_[period * setup_.methods.size() + method];
  }

  const RunSetup& setup_;
  std::size_t pixels_ = 0;  ///< of the part
  bool blank_ = false;      ///< nothing is known of any pixel of the part
  OpenFiles files_;
  std::vector<DateState> dates_;
  std::vector<StockState> stocks_;
  std::vector<std::vector<std::uint8_t>> harvest_;  ///< by period
  std::vector<std::vector<Flow>> flows_;
  std::vector<double> area_ha_;
  std::vector<std::int32_t> codes_;
  std::vector<ClassIndex> types_, covers_;
  WindowCensus counts_;
  std::vector<ZoneSet::Reader> zone_readers_;
  std::optional<PatchFinder> patch_finder_;
  std::vector<Span> spans_, inside_, outside_, parcel_spans_, both_;
  std::vector<ZoneSums> apart_;                     ///< by zone set: zones of parts in which no two share a pixel
  std::vector<ChangeCells> changes_apart_;          ///< by zone set, the same
  std::vector<std::vector<ZoneSums>> sides_apart_;  ///< by side account and zone set, the same
  std::vector<std::uint8_t> unstocked_;  ///< by joined class and `no_class`; empty where no class is felled land
  Reduction reduction_;
  std::optional<EventReader> event_reader_;
  std::vector<EventColumns> events_;  ///< by period
  std::vector<std::unique_ptr<SideWorker>> sides_;
  PartView view_;
};

}  // namespace sink
