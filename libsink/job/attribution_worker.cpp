// SPDX-License-Identifier: Apache-2.0
#include "job/attribution_worker.hpp"

#include <algorithm>

namespace sink {

AttributionWorker::AttributionWorker(const Attribution& account)
    : account_(account), clearings_(account.setup()), causes_(account.periods() * account.methods()) {}

PixelPeriod AttributionWorker::facts(std::size_t period, std::size_t pixel, Flow flow) const {
  const PartView::Date &before = part_->dates[period], &after = part_->dates[period + 1];
  const PartView::Period& between = part_->periods[period];
  const ClassIndex type_1 = before.type[pixel], type_2 = after.type[pixel];
  PixelPeriod p;
  p.flow = flow;
  p.class_known_before = before.known[pixel] != 0;
  p.class_known_after = after.known[pixel] != 0;
  p.land_use_after = account_.land_use(type_2);
  p.event = between.event == nullptr ? EventKind::none : account_.kind_of(between.event[pixel]);
  p.felled = between.harvest[pixel] != 0;
  // The volume of bamboo says nothing, and culms are not to be compared with a volume.
  const bool bamboo = account_.bamboo(type_1) && account_.bamboo(type_2);
  const bool mixed = account_.bamboo(type_1) != account_.bamboo(type_2);
  p.stock_before = mixed ? no_value : (bamboo ? before.culms : before.volume)[pixel];
  p.stock_after = mixed ? no_value : (bamboo ? after.culms : after.volume)[pixel];
  if (flow == Flow::loss && is_clearing(p.land_use_after)) p.later = clearings_.seen_later(*part_, period, pixel);
  p.waited = flow == Flow::gain && clearings_.waits_since(*part_, period, pixel).has_value();
  return p;
}

void AttributionWorker::compute(const PartView& part) {
  part_ = &part;
  ones_.resize(part.pixels, 1.0);
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    const std::size_t period = i / account_.methods();
    const Flow* flow = part.flows[i];
    causes_[i].resize(part.pixels);
    for (std::size_t p = 0; p < part.pixels; ++p) {
      causes_[i][p] = flow[p] <= Flow::loss ? static_cast<std::uint8_t>(cause_of(facts(period, p, flow[p]))) : no_cause;
    }
  }
}

void AttributionWorker::add(std::size_t from, std::size_t n, std::span<FixedSum> sums) {
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    const std::size_t period = i / account_.methods(), method = i % account_.methods();
    const double* before = part_->stocks[period * account_.methods() + method].carbon;
    const double* after = part_->stocks[(period + 1) * account_.methods() + method].carbon;
    const std::uint8_t* cause = causes_[i].data();
    for (std::size_t begin = from, end = from; begin < from + n; begin = end) {
      while (end < from + n && cause[end] == cause[begin]) ++end;
      if (cause[begin] == no_cause) continue;
      const std::size_t run = end - begin;
      const auto sum = [&](Attribution::CauseSum which) -> FixedSum& {
        return sums[account_.place(period, method, cause[begin], which)];
      };
      sum(Attribution::pixels).add(ones_.data(), run);
      sum(Attribution::area).add(part_->area_ha + begin, run);
      // As the account does it: what became of a stock is the difference of two sums.
      FixedSum opening;
      opening.add_products(before + begin, part_->area_ha + begin, run);
      sum(Attribution::carbon).add_products(after + begin, part_->area_ha + begin, run);
      sum(Attribution::carbon) -= opening;
    }
  }
}

void AttributionWorker::fill(std::size_t item, std::span<std::uint32_t> codes) const {
  const std::vector<std::uint8_t>& cause = causes_[item];
  for (std::size_t p = 0; p < codes.size(); ++p) {
    codes[p] = cause[p] == no_cause ? nodata_code(RasterPixels::uint8) : cause[p] + 1U;
  }
}

std::vector<SideFact> AttributionWorker::explain(std::size_t pixel) const {
  std::vector<SideFact> facts;
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    const std::size_t period = i / account_.methods();
    SideFact fact;
    fact.name = "cause";
    fact.year_from = account_.setup().dates[period].year;
    fact.year_to = account_.setup().dates[period + 1].year;
    fact.method = account_.setup().methods[i % account_.methods()].name;
    const std::uint8_t cause = causes_[i][pixel];
    if (cause == no_cause) {
      fact.text = "none";
      fact.because = "no rate: not forest at either date, or a stock not known at both";
    } else {
      const CauseWords& words = cause_words()[cause];
      fact.value = cause + 1;
      fact.text = std::string(words.name) + (words.to_land_use.empty() ? "" : ": " + std::string(words.to_land_use));
      fact.because = words.rule;
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace sink
