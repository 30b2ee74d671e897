// SPDX-License-Identifier: Apache-2.0
// ClassMaps: class maps of several dates on one grid, with one list of classes for all of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "job/date_legends.hpp"
#include "job/job.hpp"
#include "pipeline/block_plan.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// The maps of a change command as a person gives them.
struct ClassMapInputs {
  std::vector<std::string> maps;            ///< FILE or FILE:BAND, oldest first
  std::vector<int> years;                   ///< as many, ascending; may be left out where there is one map
  std::vector<std::string> legends;         ///< shipped name or CSV, of all maps or of each; none: codes as found
  std::vector<std::int64_t> unknown_codes;  ///< codes that mean cloud or shadow: counted as unknown, never as a class
  std::vector<std::string> parameter_files;
  RunOptions run;
};

/// Opened and checked once; const from then on and shared by all workers.
class ClassMaps {
 public:
  /// Codes that the legend does not have -> pixels, over all dates.
  using Stray = std::map<std::int32_t, std::int64_t>;

  /// Throws Error::input: no file, other grids or CRS (unless `run.align`), years that do not ascend. With a legend no
  /// pixel is read here: codes that it lacks show in the pass (`read`, then `demand_known`). Without one the classes
  /// are found by reading the maps once.
  explicit ClassMaps(const ClassMapInputs& inputs);

  [[nodiscard]] const Grid& grid() const noexcept { return grid_; }
  [[nodiscard]] const std::vector<int>& years() const noexcept { return inputs_.years; }
  [[nodiscard]] const ClassMapInputs& inputs() const noexcept { return inputs_; }
  [[nodiscard]] const std::vector<BandInfo>& bands() const noexcept { return bands_; }
  /// The united classes in ascending code; a class that only one date has is there too. Names are never blank in both
  /// languages. Where legends differ by date: the first one's classes, then those that only later ones have.
  [[nodiscard]] const Legend& legend() const noexcept { return legends_.united(); }
  [[nodiscard]] const DateLegends& legends() const noexcept { return legends_; }
  [[nodiscard]] bool legend_given() const noexcept { return !inputs_.legends.empty(); }
  /// "#rrggbb" of a class at a date: of a legend, else of the band's colour table, else blank.
  [[nodiscard]] std::string colour(std::size_t place, std::size_t date) const;
  /// The files that a run on these maps reads, each once: maps, legend and parameter files.
  [[nodiscard]] std::vector<std::string> files() const;
  /// Windows for a pass in which each of `threads` workers keeps within its share of half of `run.memory_bytes`.
  [[nodiscard]] BlockPlan plan(std::int64_t bytes_per_pixel, int threads) const;

  /// What a worker needs of its own.
  struct Reader {
    OpenFiles files;
    std::vector<RasterSource> sources;
    std::vector<std::int32_t> codes;
  };
  [[nodiscard]] Reader reader() const;
  /// Reads one date's window as places in the united legend, `no_class` where unknown. Codes that the legend does not
  /// have are counted in `stray` and read as `no_class`.
  void read(Reader& reader, std::size_t date, const Window& window, std::vector<ClassIndex>& classes,
            Stray& stray) const;
  /// Throws Error::input where `stray` is not empty, with every code's map, pixels and first coordinate. These come
  /// from one more reading of the maps, so that they are the same whatever the threads and windows were.
  void demand_known(const Stray& stray) const;

 private:
  void open();
  void load_classes();
  void load_legends();
  [[nodiscard]] Legend sorted_legend(const std::string& name_or_file) const;
  [[nodiscard]] Legend found_classes() const;
  ClassMapInputs inputs_;
  Grid grid_;
  std::vector<BandInfo> bands_;
  DateLegends legends_;
  /// Place of a code in a map: `no_class` for nodata and unknown codes, `stray_` for those that are in no legend.
  [[nodiscard]] ClassIndex place_of(std::size_t date, std::int32_t code) const noexcept {
    if (code == RasterSource::no_code) return no_class;
    const std::size_t legend = legends_.legend_of(date), at = static_cast<std::size_t>(code);
    return at < places_[legend].size() ? places_[legend][at] : find_place(legend, code);
  }
  [[nodiscard]] ClassIndex find_place(std::size_t legend, std::int64_t code) const noexcept;
  static constexpr ClassIndex stray_ = no_class + 1;
  std::vector<std::vector<ClassIndex>> places_;  ///< by legend: of the codes below 65536
};

}  // namespace sink
