// SPDX-License-Identifier: Apache-2.0
// The county table for a terminal: the answer to "how much stands here, how much is taken up, how do we compare".
#include "job/input_findings.hpp"
#include "job/run_record.hpp"
#include "job/zone_table.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

bool shows_volume(const RunSetup& setup) {
  return setup.classes && setup.dates.back().find(layer::volume.name) != nullptr;
}

std::vector<std::string> header(const RunSetup& setup) {
  const std::string year = std::to_string(setup.dates.back().year);
  std::vector<std::string> cells = {"id", "name", "forest ha", "Mt C " + year};
  if (shows_volume(setup)) cells.insert(cells.begin() + 3, "m3/ha");
  if (setup.layout->shape().periods() == 0) return cells;
  for (const auto* name : {"t CO2/yr", "t CO2/ha/yr", "+/-"}) cells.emplace_back(name);
  cells.back() = setup.job.baseline ? "gap to " + number_text(setup.job.baseline->rate_tco2_ha_yr) : "";
  if (!setup.job.baseline) cells.pop_back();
  if (setup.job.baseline) cells.emplace_back("status");
  return cells;
}

std::vector<std::string> line(const RunSetup& setup, const ZoneEntry& zone, std::size_t method) {
  const std::size_t last = setup.dates.size() - 1;
  const StockResult stock = stock_result(*setup.layout, zone.sums, setup.features(method, last), last, method);
  const bool land_use = setup.classes.has_value();
  std::vector<std::string> cells = {zone.id, zone.name, with_commas(land_use ? stock.forest_area_ha : stock.area_ha, 0),
                                    with_commas(stock.carbon_t / 1e6, 3)};
  if (shows_volume(setup)) {
    const double forest = stock.forest_area_ha;
    cells.insert(cells.begin() + 3, forest > 0 ? with_commas(stock.volume_m3 / forest, 1) : "");
  }
  const std::size_t periods = setup.layout->shape().periods();
  if (periods == 0) return cells;
  const SinkResult sink = sink_result(*setup.layout, zone.sums, setup.period_features(method, periods - 1), periods - 1,
                                      method, setup.years(periods - 1));
  cells.push_back(with_commas(sink.sink_tco2_yr, 0));
  cells.push_back(with_commas(sink.sink_tco2_ha_yr, 2));
  if (setup.job.baseline) {
    const Standing s = standing(sink, setup.job.baseline->rate_tco2_ha_yr);
    cells.push_back(with_commas(s.gap_tco2_ha_yr, 2));
    cells.push_back(s.status);
  }
  return cells;
}

}  // namespace

std::string county_table(const RunSetup& setup, const RunSums& sums, std::size_t set) {
  std::string text;
  const auto entries = zone_entries(setup, sums, set);
  constexpr std::size_t screenful = 40;
  for (std::size_t m = 0; m < setup.methods.size(); ++m) {
    std::vector<std::vector<std::string>> rows = {header(setup)};
    if (!setup.classes) rows[0][2] = "ha";
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i < screenful || i + 1 == entries.size()) rows.push_back(line(setup, entries[i], m));
    }
    text += setup.zone_sets[set].source().set + ", method " + setup.methods[m].name;
    const std::size_t periods = setup.layout->shape().periods();
    if (periods > 0) {
      text += ", sink " + std::to_string(setup.dates[periods - 1].year) + "-" +
              std::to_string(setup.dates[periods].year) + " by stock difference, living biomass, positive = uptake";
    }
    text += "\n" + to_terminal(rows, 2);
    if (entries.size() > screenful + 1) {
      text += "(" + std::to_string(entries.size() - screenful - 1) + " more zones in zones.csv)\n";
    }
  }
  if (setup.job.baseline) {
    text += "gap = benchmark - ours (" + setup.job.baseline->name + "); positive is a shortfall.\n";
    if (!not_comparable_because(setup.job).empty()) text += std::string(benchmark_caveat) + "\n";
  }
  return text;
}

}  // namespace sink
