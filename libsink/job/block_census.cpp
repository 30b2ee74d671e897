// SPDX-License-Identifier: Apache-2.0
// WindowCensus: counting by place, so that no name is looked up while pixels are gone through.
#include <algorithm>

#include "job/block_worker.hpp"

namespace sink {
namespace {

void move_to(Tally& tally, const auto& found) {
  if (tally.pixels > 0) found() += tally;
  tally = {};
}

}  // namespace

WindowCensus::WindowCensus(const RunSetup& setup)
    : setup_(setup),
      species_changed_(setup.layout->shape().periods(), std::vector<Tally>(setup.methods.size())),
      class_edge_crossed_(species_changed_),
      lost_from_view_(setup.layout->shape().periods()) {
  for (const auto& date : setup.dates) {
    layers_.emplace_back(date.layers.size());
    auto& by_method = steps_.emplace_back();
    for (const auto& method : setup.methods) by_method.emplace_back(method.chain.size() + 2);
  }
}

void WindowCensus::count_code(std::size_t date, std::size_t input, std::int32_t code, std::int64_t pixels) {
  auto& codes = layers_[date][input].codes;
  const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& entry) { return entry.first == code; });
  if (found != codes.end()) {
    found->second += pixels;
  } else {
    codes.emplace_back(code, pixels);
  }
}

void WindowCensus::flush(Census& census) {
  for (std::size_t d = 0; d < layers_.size(); ++d) {
    for (std::size_t i = 0; i < layers_[d].size(); ++i) {
      Layer& layer = layers_[d][i];
      for (const auto& [code, pixels] : layer.codes) layer.census.codes[code] += pixels;
      census.layers[{d, std::string(setup_.dates[d].layers[i].layer.name)}] += layer.census;
      layer = {};
    }
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      const MethodRun& method = setup_.methods[m];
      for (std::size_t s = 0; s < steps_[d][m].size(); ++s) {
        const std::string name = s < method.chain.size()    ? method.chain[s].name
                                 : s == method.chain.size() ? "unmodelled"
                                                            : "bamboo by area density";
        move_to(steps_[d][m][s], [&]() -> Tally& { return census.steps[{d, method.name, name}]; });
      }
    }
  }
  for (std::size_t p = 0; p < lost_from_view_.size(); ++p) {
    move_to(lost_from_view_[p], [&]() -> Tally& { return census.forest_lost_from_view[p]; });
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      const auto key = std::pair(p, setup_.methods[m].name);
      move_to(species_changed_[p][m], [&]() -> Tally& { return census.species_changed[key]; });
      move_to(class_edge_crossed_[p][m], [&]() -> Tally& { return census.class_edge_crossed[key]; });
    }
  }
}

}  // namespace sink
