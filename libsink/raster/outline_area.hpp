// SPDX-License-Identifier: Apache-2.0
// Areas of outlines as they stand, to hold a field against: a thousand times faster than `GeodesicAreas`.
#pragma once

#include <cstddef>
#include <memory>

#include "raster/polygon_layer.hpp"

namespace sink {

/// Outer rings less holes, each edge a geodesic, nothing repaired and nothing united: good to 1e-6 for edges of less
/// than a kilometre. Not for use by two threads at a time.
class OutlineAreas {
 public:
  /// Throws Error::input where the CRS is not one of the Earth's surface. `layer` outlives this.
  explicit OutlineAreas(const PolygonLayer& layer);
  ~OutlineAreas();
  OutlineAreas(OutlineAreas&&) noexcept;

  /// Area [ha] of a feature; NaN where a point has no place on Earth.
  [[nodiscard]] double area_ha(std::size_t feature) const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace sink
