// SPDX-License-Identifier: Apache-2.0
// SideAccount: a further account over the pass of a run, such as the causes of a sink: columns of its own for each part
// of a window, sums of its own for each zone, rasters and tables of its own. BlockWorker drives its workers; run_job
// writes what it gives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "account/layout.hpp"
#include "account/reduce.hpp"
#include "account/results.hpp"
#include "core/block.hpp"
#include "core/class_table.hpp"
#include "core/error.hpp"
#include "core/fixed_sum.hpp"
#include "core/grid.hpp"
#include "core/nodata.hpp"
#include "method/bamboo.hpp"
#include "raster/raster_format.hpp"
#include "report/category_files.hpp"
#include "report/table.hpp"

namespace sink {

/// What a worker knows of a part of a window once stocks and flows are computed. Columns have `pixels` values.
struct PartView {
  struct Date {
    const ClassIndex* type = nullptr;  ///< place in ClassScheme::joined, `no_class` where nothing is known
    Flags known = nullptr, forest = nullptr;
    const double *volume = nullptr, *age = nullptr, *culms = nullptr;  ///< NaN where not given
    const double *agb_map = nullptr, *carbon_map = nullptr;
    const ClassIndex* landcover = nullptr;                ///< place in its own legend
    std::array<const double*, culm_ages> culms_by_age{};  ///< null where not given
  };
  struct Period {
    Flags harvest = nullptr;              ///< felled between the dates, forest at both
    const std::uint8_t* event = nullptr;  ///< place in EventScheme::names, `no_event` or `overlapping_events`; or null
    const std::int16_t* event_year = nullptr;  ///< where there is one event
  };
  Window window;
  std::size_t pixels = 0;
  const double* area_ha = nullptr;
  std::vector<Date> dates;
  std::vector<StockColumns> stocks;        ///< by date, then method
  std::vector<const std::uint8_t*> steps;  ///< the same: place in the chain of the link that gave the stock
  std::vector<Period> periods;
  std::vector<const Flow*> flows;  ///< by period, then method
};

/// One thing that a side account knows of a pixel, for `sinkcalc explain`.
struct SideFact {
  std::string name;                ///< "cause", "increment"
  int year_from = 0, year_to = 0;  ///< 0 where it belongs to none; `year_to` alone is a date
  std::string method;
  double value = no_value;
  std::string text, unit, because;  ///< `because`: the rule, or the equation with numbers
};

/// What one thread has of a side account.
class SideWorker {
 public:
  virtual ~SideWorker() = default;
  /// Computes the columns of a part; parts of which nothing is known are left out.
  virtual void compute(const PartView& part) = 0;
  /// Adds pixels [from, from + n) of that part to a zone's sums.
  virtual void add(std::size_t from, std::size_t n, std::span<FixedSum> sums) = 0;
  /// The pixels of that part of raster `item` of SideAccount::rasters: measures, or codes.
  virtual void fill(std::size_t item, std::span<float> pixels) const;
  virtual void fill(std::size_t item, std::span<std::uint32_t> codes) const;
  /// What is known of a pixel of that part.
  [[nodiscard]] virtual std::vector<SideFact> explain(std::size_t pixel) const;
};

/// A raster that a side account can write.
struct SideRaster {
  std::string layer, file, description, unit;
  RasterPixels pixels = RasterPixels::float32;
  bool by_default = true;                       ///< written where no layers are asked for by name
  std::vector<ChangeCategory> categories = {};  ///< of codes: names and colours, written beside it
  int year_from = 0, year_to = 0;               ///< what it shows: equal for one year; 0: not said
};

struct SideTable {
  std::string file, meaning;
  Table table;
};

struct ZoneEntry;

/// Const and shared by all threads.
class SideAccount {
 public:
  virtual ~SideAccount() = default;
  [[nodiscard]] virtual std::size_t sums() const = 0;
  [[nodiscard]] virtual std::unique_ptr<SideWorker> worker() const = 0;
  [[nodiscard]] virtual std::vector<SideRaster> rasters() const { return {}; }
  /// Files written whatever the pixels hold, beside the rasters.
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
  /// The tables; `zones` are the zones of each zone set with the sums of this account, `total` last.
  [[nodiscard]] virtual std::vector<SideTable> tables(const std::vector<std::vector<ZoneEntry>>& zones) const = 0;
  /// What the reader must know; `total` is that of the first zone set.
  [[nodiscard]] virtual std::vector<std::string> warnings(const ZoneEntry& total) const;
  /// What must add up. `account` are the same zones with the sums of AccountLayout.
  [[nodiscard]] virtual std::vector<Closure> closures(const std::vector<std::vector<ZoneEntry>>& zones,
                                                      const std::vector<std::vector<ZoneEntry>>& account) const;
};

}  // namespace sink
