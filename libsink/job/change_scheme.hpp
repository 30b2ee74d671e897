// SPDX-License-Identifier: Apache-2.0
// ChangeScheme: the classes between which a run counts change, in ascending code, and their from-to codes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/legend.hpp"
#include "raster/raster_writer.hpp"

namespace sink {

class ChangeScheme {
 public:
  /// `maps` is the legend that the maps' classes have places in.
  ChangeScheme(const Legend& maps, bool from_landcover);

  /// The classes in ascending code.
  [[nodiscard]] const Legend& legend() const noexcept { return legend_; }
  /// Whether land cover is compared; else forest types.
  [[nodiscard]] bool from_landcover() const noexcept { return from_landcover_; }
  /// The place here of a class by its place in the maps' legend.
  [[nodiscard]] ClassIndex place(ClassIndex in_maps) const noexcept {
    return in_maps == no_class ? no_class : places_[in_maps];
  }
  [[nodiscard]] RasterPixels pixels() const noexcept {
    return legend_.size() <= 255 ? RasterPixels::uint16 : RasterPixels::uint32;
  }
  /// i K + j + 1 (interface.md, Change codes); nodata where either class is unknown.
  [[nodiscard]] std::uint32_t code(ClassIndex from, ClassIndex to) const noexcept {
    if (from == no_class || to == no_class) return nodata_code(pixels());
    return static_cast<std::uint32_t>(from * legend_.size() + to + 1);
  }

 private:
  Legend legend_;
  std::vector<ClassIndex> places_;
  bool from_landcover_;
};

}  // namespace sink
