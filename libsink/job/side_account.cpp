// SPDX-License-Identifier: Apache-2.0
#include "job/side_account.hpp"

#include <algorithm>

#include "job/attribution.hpp"
#include "job/balance_account.hpp"
#include "job/projection.hpp"
#include "job/zone_table.hpp"

namespace sink {

void SideWorker::fill(std::size_t, std::span<float>) const {
  throw Error(Error::Kind::internal, "this account has no such raster of measures");
}

void SideWorker::fill(std::size_t, std::span<std::uint32_t>) const {
  throw Error(Error::Kind::internal, "this account has no such raster of codes");
}

std::vector<SideFact> SideWorker::explain(std::size_t) const {
  return {};
}

std::vector<std::string> SideAccount::warnings(const ZoneEntry&) const {
  return {};
}

std::vector<Closure> SideAccount::closures(const std::vector<std::vector<ZoneEntry>>&,
                                           const std::vector<std::vector<ZoneEntry>>&) const {
  return {};
}

void RunSetup::open_sides() {
  if (job.attribution) sides.push_back(std::make_unique<Attribution>(*this));
  if (job.balance) {
    sides.push_back(balance_account(*this));
    for (const auto& file : job.balance->proportions) input_files.push_back(file);
  }
  if (job.projection) sides.push_back(std::make_unique<Projection>(*this));
}

void RunSetup::add_side_outputs(const std::vector<std::string>& asked_for) {
  for (std::size_t side = 0; side < sides.size(); ++side) {
    const auto rasters = sides[side]->rasters();
    for (std::size_t item = 0; item < rasters.size(); ++item) {
      const SideRaster& raster = rasters[item];
      const bool named = std::find(asked_for.begin(), asked_for.end(), raster.layer) != asked_for.end();
      if (!named && !(asked_for.empty() && raster.by_default)) continue;
      outputs.push_back({OutputLayer::Of::side, raster.layer, item, side, raster.file, raster.description, raster.unit,
                         raster.pixels, raster.categories, 0, raster.year_from, raster.year_to});
    }
  }
}

bool RunSetup::has_side_layer(const std::string& layer) const {
  for (const auto& side : sides) {
    for (const auto& raster : side->rasters()) {
      if (raster.layer == layer) return true;
    }
  }
  return false;
}

std::vector<std::vector<ZoneEntry>> side_entries(const RunSetup& setup, const RunSums& sums, std::size_t side) {
  std::vector<std::vector<ZoneEntry>> by_set;
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) {
    auto entries = zone_entries(setup, sums, set);
    for (ZoneEntry& entry : entries) entry.sums = sums.sides[side][set].find(entry.code);
    by_set.push_back(std::move(entries));
  }
  return by_set;
}

std::vector<Closure> side_closures(const RunSetup& setup, const RunSums& sums) {
  std::vector<Closure> closures;
  std::vector<std::vector<ZoneEntry>> account;
  for (std::size_t set = 0; set < setup.zone_sets.size(); ++set) account.push_back(zone_entries(setup, sums, set));
  for (std::size_t side = 0; side < setup.sides.size(); ++side) {
    const auto more = setup.sides[side]->closures(side_entries(setup, sums, side), account);
    closures.insert(closures.end(), more.begin(), more.end());
  }
  return closures;
}

std::vector<SideTable> side_tables(const RunSetup& setup, const RunSums& sums) {
  std::vector<SideTable> tables;
  for (std::size_t side = 0; side < setup.sides.size(); ++side) {
    for (auto& table : setup.sides[side]->tables(side_entries(setup, sums, side))) tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace sink
