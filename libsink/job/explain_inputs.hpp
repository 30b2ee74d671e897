// SPDX-License-Identifier: Apache-2.0
// What the inputs of a run say of one pixel, as stored and as meant.
#pragma once

#include <vector>

#include "job/explain.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// Holds open every band of a run.
class InputExplainer {
 public:
  /// `setup` must outlive this.
  explicit InputExplainer(const RunSetup& setup);
  /// By date, then layer; disturbances last.
  [[nodiscard]] std::vector<ExplainedInput> read(const Window& pixel);
  [[nodiscard]] std::vector<ExplainedZone> zones(const Window& pixel);
  /// Which map says what the pixel is at a date. For setups with classes. Call it after `read`.
  [[nodiscard]] ExplainedLandUse land_use(std::size_t date, const PartView::Date& view) const;

 private:
  struct Band {
    ExplainedInput input;
    RasterSource source;
    bool codes = false;
    const Legend* legend = nullptr;
    const std::map<std::int32_t, std::string>* events = nullptr;
    std::size_t date = 0;
    ClassIndex place = no_class;  ///< of the pixel read last
  };
  Band& open(const std::string& path, const std::string& layer, int year);

  const RunSetup& setup_;
  OpenFiles files_;
  std::vector<Band> bands_;
  std::vector<ZoneSet::Reader> readers_;
};

}  // namespace sink
