// SPDX-License-Identifier: Apache-2.0
// Areas of polygons on the ellipsoid.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "raster/polygon_layer.hpp"

namespace sink {

/// Geodesic areas of a layer's features, edges straight in the layer's CRS. Good to about 1e-9, and 0.1 m2.
class GeodesicAreas {
 public:
  /// Throws Error::input where the CRS is not one of the Earth's surface.
  explicit GeodesicAreas(const PolygonLayer& layer);
  ~GeodesicAreas();
  GeodesicAreas(GeodesicAreas&&) noexcept;

  /// Area [ha] of the union of some features: each place once, within one feature and between them. Throws
  /// Error::input where GEOS cannot make their geometry valid.
  [[nodiscard]] double union_ha(std::span<const std::size_t> features) const;
  /// Area [ha] of that union inside the union of features of another layer, in whatever CRS.
  [[nodiscard]] double shared_ha(std::span<const std::size_t> features, const PolygonLayer& other,
                                 std::span<const std::size_t> other_features) const;

 private:
  class Surveyor;
  static PolygonLayer reprojected(const PolygonLayer& layer, std::span<const std::size_t> features,
                                  const std::string& wkt);
  const PolygonLayer* layer_;  // outlives this object
  std::unique_ptr<const Surveyor> surveyor_;
};

}  // namespace sink
