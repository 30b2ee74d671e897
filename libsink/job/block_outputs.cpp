// SPDX-License-Identifier: Apache-2.0
// BlockWorker: output pixels, rounded once from the columns in double.
#include <algorithm>

#include "core/quantity.hpp"
#include "core/rounding.hpp"
#include "job/block_worker.hpp"

namespace sink {
namespace {

double co2_of(double carbon) {
  return to_co2(CarbonDensity(carbon)).value();
}

}  // namespace

void BlockWorker::fill_outputs(std::size_t from, BlockResult& result) {
  for (std::size_t i = 0; i < setup_.outputs.size(); ++i) {
    const OutputLayer& output = setup_.outputs[i];
    if (output.of == OutputLayer::Of::change) {
      fill_change(output.when, result.codes[i].data() + from, result.codes_seen[i]);
      continue;
    }
    if (output.codes()) {
      const std::span codes(result.codes[i].data() + from, pixels_);
      if (blank_) {
        std::ranges::fill(codes, nodata_code(output.pixels));
      } else {
        sides_[output.method]->fill(output.when, codes);
        for (const std::uint32_t code : codes) {
          if (code < result.codes_seen[i].size()) result.codes_seen[i][code] = 1;
        }
      }
      continue;
    }
    float* raster = result.rasters[i].data() + from;
    if (blank_) {
      std::fill_n(raster, pixels_, static_cast<float>(no_value));
      continue;
    }
    switch (output.of) {
      case OutputLayer::Of::stock:
        fill_stock(output, raster);
        break;
      case OutputLayer::Of::sink:
        fill_sink(output, raster);
        break;
      default:
        sides_[output.method]->fill(output.when, std::span(raster, pixels_));
    }
    if (output.step > 0) round_to_step(raster, pixels_, static_cast<float>(output.step));
    result.statistics[i].add({raster, pixels_});
  }
}

void BlockWorker::fill_stock(const OutputLayer& output, float* raster) {
  const StockState& s = stock(output.when, output.method);
  const double* column = output.layer == "agb"            ? s.agb
                         : output.layer == "bgb"          ? s.bgb
                         : output.layer == "carbon_above" ? s.above
                         : output.layer == "carbon_below" ? s.below
                         : output.layer == "dead"         ? s.dead
                         : output.layer == "soil"         ? s.soil
                                                          : s.carbon.data();
  const std::size_t pixels = pixels_;
  if (output.layer == "co2") {
    for (std::size_t p = 0; p < pixels; ++p) raster[p] = static_cast<float>(co2_of(column[p]));  // vectorises
  } else {
    for (std::size_t p = 0; p < pixels; ++p) raster[p] = static_cast<float>(column[p]);
  }
}

void BlockWorker::fill_sink(const OutputLayer& output, float* raster) {
  const StockState &s1 = stock(output.when, output.method), &s2 = stock(output.when + 1, output.method);
  const Flow* flow = flows(output.when, output.method).data();
  // Where a stock is not known at a date, the difference is NaN; forest at neither date has no rate.
  const Flow last = setup_.methods[output.method].features.all_land ? Flow::neither : Flow::loss;
  const double years = setup_.years(output.when);
  const auto fill = [&](const double* before, const double* after) {
    for (std::size_t p = 0, pixels = pixels_; p < pixels; ++p) {
      const double rate = co2_of(after[p] - before[p]) / years;
      raster[p] = static_cast<float>(flow[p] <= last ? rate : no_value);
    }
  };
  if (output.layer == "sink_above") {
    fill(s1.above, s2.above);
  } else if (output.layer == "sink_below") {
    fill(s1.below, s2.below);
  } else {
    fill(s1.carbon.data(), s2.carbon.data());
  }
}

void BlockWorker::fill_change(std::size_t period, std::uint32_t* codes, std::vector<std::uint8_t>& seen) const {
  const ClassIndex *from = dates_[period].change_class.data(), *to = dates_[period + 1].change_class.data();
  const std::size_t pixels = pixels_;
  for (std::size_t begin = 0; begin < pixels;) {
    std::size_t end = begin + 1;
    while (end < pixels && from[end] == from[begin] && to[end] == to[begin]) ++end;
    const std::uint32_t code = setup_.change->code(from[begin], to[begin]);
    if (code < seen.size()) seen[code] = 1;
    std::fill(codes + begin, codes + end, code);
    begin = end;
  }
}

}  // namespace sink
