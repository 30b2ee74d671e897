// SPDX-License-Identifier: Apache-2.0
// BlockWorker: what one thread does with one window. Reads every input once, computes stocks, flows and output pixels,
// and reduces them to zones.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "account/change_cells.hpp"
#include "account/reduce.hpp"
#include "account/zone_sums.hpp"
#include "core/block.hpp"
#include "core/exact_sum.hpp"
#include "job/census.hpp"
#include "job/patch_finder.hpp"
#include "job/run_setup.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// What a window gives. Reused; `BlockWorker::compute` overwrites everything.
struct BlockResult {
  std::vector<std::vector<std::uint32_t>> codes;      ///< one per output layer; blank but for change
  std::vector<ChangeCells> changes;                   ///< one per zone set; `ZoneSet::once` is the total
  std::vector<std::vector<std::uint8_t>> codes_seen;  ///< by period: 1 for each from-to code of any pixel
  std::vector<std::vector<float>> rasters;            ///< one per output layer, row-major
  std::vector<StoredStatistics> statistics;           ///< one per output layer
  std::vector<ZoneSums> zones;                        ///< one per zone set
  std::vector<ZoneSums> inside;                       ///< one per zone set: `ZoneSet::once` and `ZoneSet::outside`
  ZoneSums whole;                                     ///< zone 0
  std::vector<ZoneSums> parcels;     ///< one per parcel group and zone set, and `ZoneSet::once_in_parcels`
  std::vector<PatchPieces> patches;  ///< by period; blank where not asked for
  Census census;
  bool usable = true;  ///< false: inputs hold what stops the run; the rest is not computed
};

class BlockWorker {
 public:
  explicit BlockWorker(const RunSetup& setup);
  void compute(const Window& window, BlockResult& result);
  /// Reads a window and counts what is there, the steps of the methods included; nothing else.
  void take_census(const Window& window, Census& census);

 private:
  /// One date's inputs and what they say of land use.
  struct DateState {
    std::vector<RasterSource> sources;  ///< in the order of DateSetup::layers
    Block inputs;
    std::vector<std::uint8_t> known, forest;
    std::vector<ClassIndex> change_class;           ///< places in ChangeScheme::legend
    std::vector<double> forest_one, forest_volume;  ///< 1 and the volume on forest, NaN elsewhere
    bool has_volume = false, has_age = false;
  };
  /// One date's stock by one method.
  struct StockState {
    Block results;
    std::vector<double> carbon, unmodelled_one;
    std::vector<std::uint8_t> step;
    const double *agb = nullptr, *bgb = nullptr, *above = nullptr, *below = nullptr, *dead = nullptr, *soil = nullptr;
  };
  /// One period's flows by one method.
  struct FlowState {
    std::vector<Flow> flow;
    std::vector<double> carbon_change, above_change, dead_change, no_rate_one;
  };
  struct PeriodState {
    std::vector<double> volume_change, gained_one, lost_one, harvest_one;
  };

  bool read_window(const Window& window, Census& census);
  bool read_date(std::size_t date, const Window& window, Census& census);
  bool read_classes(std::size_t date, const Window& window, Census& census);
  void find_land_use(std::size_t date, Census& census);
  void compute_stock(std::size_t date, std::size_t method, Census& census);
  void compute_period(std::size_t period, Census& census);
  void compute_flows(std::size_t period, std::size_t method, Census& census);
  void fill_outputs(BlockResult& result);
  void fill_change(std::size_t period, std::vector<std::uint32_t>& codes, std::vector<std::uint8_t>& seen) const;
  void fill_reduction();
  void reduce_changes(const Window& window, std::size_t set, bool overlap, BlockResult& result) const;
  void reduce(const Window& window, BlockResult& result);
  void find_patches(const Window& window, BlockResult& result);
  void reduce_parcels(const Window& window, std::size_t set, BlockResult& result);
  void count_changes(std::size_t period, std::size_t method, Census& census);
  void add_spans(const Window& window, const std::vector<Span>& spans, const Reduction& reduction,
                 ZoneSums& sums) const;
  [[nodiscard]] StockState& stock(std::size_t date, std::size_t method) {
    return stocks_[date * setup_.methods.size() + method];
  }
  [[nodiscard]] FlowState& flows(std::size_t period, std::size_t method) {
    return flows_[period * setup_.methods.size() + method];
  }

  const RunSetup& setup_;
  std::size_t pixels_ = 0;
  OpenFiles files_;
  std::vector<DateState> dates_;
  std::vector<StockState> stocks_;
  std::vector<PeriodState> periods_;
  std::vector<FlowState> flows_;
  std::vector<double> area_ha_;
  std::vector<std::int32_t> codes_;
  std::vector<ClassIndex> types_, covers_;
  std::vector<ZoneSet::Reader> zone_readers_;
  std::optional<PatchFinder> patch_finder_;
  std::vector<Span> spans_, inside_, outside_, parcel_spans_, both_;
  Reduction reduction_;  ///< everything
  Reduction brief_;      ///< area and carbon only: what the closure of zones to the whole needs
};

}  // namespace sink
