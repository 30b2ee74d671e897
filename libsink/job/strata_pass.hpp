// SPDX-License-Identifier: Apache-2.0
// One streaming pass over a class map: pixels and true area of every stratum (class, or class within a zone), and the
// cells drawn in each. `sinkchange sample` draws with it, `sinkchange accuracy` takes the sizes of the strata.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/fixed_sum.hpp"
#include "core/grid.hpp"
#include "core/legend.hpp"
#include "job/job.hpp"
#include "job/smallest_keys.hpp"
#include "job/zone_set.hpp"
#include "raster/geodesy.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// A class, or a class within a zone; `no_zone` where there are no zones.
struct StratumKey {
  static constexpr std::int32_t no_zone = -1;
  std::int32_t zone = no_zone, code = 0;
  friend auto operator<=>(const StratumKey&, const StratumKey&) = default;
};

struct StratumFound {
  std::int64_t pixels = 0;
  FixedSum area_ha;
  std::int64_t first_cell = 0;  ///< the first in row-major order, for messages
  SmallestKeys draws;
};

/// What the pass should do.
struct StrataPlan {
  std::string map;                  ///< class raster, FILE or FILE:BAND
  std::string legend;               ///< shipped name or CSV: names, and codes it lacks are an error; blank: none
  std::optional<ZoneSource> zones;  ///< strata are classes within these; must not overlap
  RunOptions run;
  std::uint64_t seed = 1;
  std::int64_t keep = 0;  ///< cells to keep per stratum; 0 only counts
  /// Spacing [pixels] of a square grid with a random start; > 0: only its cells are drawn, and all of them.
  double step = 0;
};

/// Map, zones and legend, opened and checked; const from then on and shared by all workers.
class StrataMap {
 public:
  /// Throws Error::input and Error::usage.
  explicit StrataMap(const StrataPlan& plan);

  [[nodiscard]] const StrataPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const BandInfo& band() const noexcept { return band_; }
  [[nodiscard]] const Grid& grid() const noexcept { return band_.grid; }
  [[nodiscard]] const PixelAreas& areas() const noexcept { return areas_; }
  [[nodiscard]] const ZoneSet* zones() const noexcept { return zones_ ? &*zones_ : nullptr; }
  [[nodiscard]] const Legend& legend() const noexcept { return legend_; }
  /// Name of a class in the legend; blank without one.
  [[nodiscard]] std::string class_name(std::int64_t code) const;
  /// The files that the pass reads, each once.
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  StrataPlan plan_;
  BandInfo band_;
  PixelAreas areas_;
  std::optional<ZoneSet> zones_;
  Legend legend_;
};

struct StrataPass {
  std::map<StratumKey, StratumFound> strata;
  std::int64_t nodata_pixels = 0;   ///< in the zones, without a class
  std::int64_t outside_pixels = 0;  ///< in no zone
  std::string blocks;               ///< "512 x 512", for the run record
  int threads = 1;
};

/// Runs the pass. The same for any threads, blocks and memory. Throws
/// Error::input: codes that the legend lacks (with pixels and first coordinate), more than 511 classes, no class at
/// all, overlapping zones; Error::memory.
StrataPass run_strata_pass(const StrataMap& map, const ProgressCallback& progress);

}  // namespace sink
