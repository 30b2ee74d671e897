// SPDX-License-Identifier: Apache-2.0
// Coordinates of one CRS in another.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/grid.hpp"
#include "raster/proj_objects.hpp"

namespace sink {

/// Degrees, within which an operation should be at its best.
struct GeographicArea {
  double west = -180, south = -90, east = 180, north = 90;
};

/// Transforms between two CRSs, x to the east and y to the north on both sides whatever their authorities say, by one
/// and the same operation for all points. Not for use by two threads at a time.
class CoordinateTransform {
 public:
  /// Takes the most accurate operation over `area`. Throws Error::input where there is none, or where it needs a grid
  /// that is not installed: a silently worse one could move a county by a hundred metres.
  CoordinateTransform(const std::string& from_wkt, const std::string& to_wkt,
                      const std::optional<GeographicArea>& area = std::nullopt);

  /// In place; a point outside the domain becomes infinite.
  void forward(std::span<Point> points) const;
  void inverse(std::span<Point> points) const;

  /// Name of the operation, for the run record.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  /// True where no relation of the two datums is known and they were taken for one: worth a warning.
  [[nodiscard]] bool ballpark() const noexcept { return ballpark_; }
  /// True where their ellipsoids agree within a metre, as those of WGS 84, CGCS2000 and ITRF do: a ballpark
  /// operation is then off by a metre or two, not by the hundred of Beijing 1954 or Xian 1980.
  [[nodiscard]] bool same_ellipsoid() const noexcept { return same_ellipsoid_; }

 private:
  ProjContext context_;
  ProjObject operation_;
  std::string description_;
  bool ballpark_ = false, same_ellipsoid_ = false;
};

/// The geographic surroundings of a grid, in degrees; none where they cannot be told.
std::optional<GeographicArea> geographic_area_of(const Grid& grid);

}  // namespace sink
