// SPDX-License-Identifier: Apache-2.0
// BlockWorker: output pixels, rounded once from the columns in double.
#include "core/quantity.hpp"
#include "job/block_worker.hpp"

namespace sink {
namespace {

double co2_of(double carbon) {
  return to_co2(CarbonDensity(carbon)).value();
}

}  // namespace

void BlockWorker::fill_outputs(BlockResult& result) {
  result.rasters.resize(setup_.outputs.size());
  result.codes.resize(setup_.outputs.size());
  const std::size_t classes = setup_.change ? setup_.change->legend().size() : 0;
  result.codes_seen.assign(periods_.size(), std::vector<std::uint8_t>(classes * classes + 1, 0));
  result.statistics.assign(setup_.outputs.size(), {});
  for (std::size_t i = 0; i < setup_.outputs.size(); ++i) {
    const OutputLayer& output = setup_.outputs[i];
    if (output.of == OutputLayer::Of::change) {
      fill_change(output.when, result.codes[i], result.codes_seen[output.when]);
      continue;
    }
    auto& raster = result.rasters[i];
    raster.resize(pixels_);
    const auto fill = [&](auto value) {
      for (std::size_t p = 0; p < pixels_; ++p) raster[p] = static_cast<float>(value(p));
    };
    if (output.of == OutputLayer::Of::stock) {
      const StockState& s = stock(output.when, output.method);
      const double* column = output.layer == "agb"            ? s.agb
                             : output.layer == "bgb"          ? s.bgb
                             : output.layer == "carbon_above" ? s.above
                             : output.layer == "carbon_below" ? s.below
                             : output.layer == "dead"         ? s.dead
                             : output.layer == "soil"         ? s.soil
                                                              : s.carbon.data();
      if (output.layer == "co2") {
        fill([&](std::size_t p) { return co2_of(column[p]); });
      } else {
        fill([&](std::size_t p) { return column[p]; });
      }
    } else {
      const FlowState& f = flows(output.when, output.method);
      const bool all_land = setup_.methods[output.method].features.all_land;
      const double years = setup_.years(output.when);
      fill([&](std::size_t p) {
        const bool rate = f.flow[p] <= Flow::loss || (all_land && f.flow[p] == Flow::neither);
        if (!rate) return no_value;
        const double change = output.layer == "sink_above"   ? f.above_change[p]
                              : output.layer == "sink_below" ? f.carbon_change[p] - f.above_change[p]
                                                             : f.carbon_change[p];
        return co2_of(change) / years;
      });
    }
    result.statistics[i].add(raster);
  }
}

void BlockWorker::fill_change(std::size_t period, std::vector<std::uint32_t>& codes,
                              std::vector<std::uint8_t>& seen) const {
  codes.resize(pixels_);
  const auto &from = dates_[period].change_class, &to = dates_[period + 1].change_class;
  for (std::size_t p = 0; p < pixels_; ++p) {
    codes[p] = setup_.change->code(from[p], to[p]);
    if (codes[p] < seen.size()) seen[codes[p]] = 1;
  }
}

}  // namespace sink
