// SPDX-License-Identifier: Apache-2.0
// Projection: living carbon of forest year by year after a date, along growth curves laid through the stocks of that
// date. Land use stays as it is, and nothing is cut, burned or converted: what would stand, not a forecast.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "job/run_setup.hpp"
#include "method/growth_sums.hpp"

namespace sink {

class Projection : public SideAccount {
 public:
  /// Throws Error::usage for a year that cannot be, an anchor that needs what a method or a date does not give.
  explicit Projection(const RunSetup& setup);

  [[nodiscard]] std::size_t sums() const override { return setup_.methods.size() * sums_per_method(); }
  [[nodiscard]] std::unique_ptr<SideWorker> worker() const override;
  [[nodiscard]] std::vector<SideRaster> rasters() const override;
  [[nodiscard]] std::vector<std::string> files() const override { return {"projection.csv"}; }
  /// projection.csv: a row per zone set, zone, method and year, the first year that of the date.
  [[nodiscard]] std::vector<SideTable> tables(const std::vector<std::vector<ZoneEntry>>& zones) const override;
  [[nodiscard]] std::vector<std::string> warnings(const ZoneEntry& total) const override;

 private:
  friend class ProjectionWorker;
  /// One raster: carbon at the end of a year, or the increment of the year that ends then.
  struct Item {
    std::size_t method = 0;
    int year = 0;  ///< after `from`
    bool increment = false;
  };
  /// What a zone's sums say of one method [ha].
  struct Areas {
    double projected = 0, unmodelled = 0;
    std::array<double, growth_gaps> by_gap = {};  ///< blank for GrowthGap::none
  };

  void check_years() const;
  void check_inputs() const;
  void list_rasters();
  /// Of a method: carbon of the years 0, 1, …, then areas by GrowthGap.
  [[nodiscard]] std::size_t sums_per_method() const { return static_cast<std::size_t>(years_) + 1 + growth_gaps; }
  [[nodiscard]] std::size_t areas_at(std::size_t method) const {
    return method * sums_per_method() + static_cast<std::size_t>(years_) + 1;
  }
  [[nodiscard]] Areas areas(const ZoneEntry& zone, std::size_t method) const;
  void add_rows(const std::string& zone_set, const ZoneEntry& zone, std::size_t method, Table& table) const;

  const RunSetup& setup_;
  const GrowthCurves& curves_;
  std::size_t date_ = 0;
  int from_ = 0, years_ = 0;
  std::vector<Item> items_;
};

}  // namespace sink
