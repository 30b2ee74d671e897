// SPDX-License-Identifier: Apache-2.0
// What one thread has of the attribution: the cause of each pixel of a part, by period and method.
#pragma once

#include <vector>

#include "job/attribution.hpp"
#include "job/clearings.hpp"

namespace sink {

class AttributionWorker : public SideWorker {
 public:
  explicit AttributionWorker(const Attribution& account);
  void compute(const PartView& part) override;
  void add(std::size_t from, std::size_t n, std::span<FixedSum> sums) override;
  void fill(std::size_t item, std::span<std::uint32_t> codes) const override;
  [[nodiscard]] std::vector<SideFact> explain(std::size_t pixel) const override;

 private:
  [[nodiscard]] PixelPeriod facts(std::size_t period, std::size_t pixel, Flow flow) const;

  const Attribution& account_;
  Clearings clearings_;
  const PartView* part_ = nullptr;
  std::vector<std::vector<std::uint8_t>> causes_;  ///< by period, then method
  std::vector<double> ones_;
};

}  // namespace sink
