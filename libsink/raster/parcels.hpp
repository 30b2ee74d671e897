// SPDX-License-Identifier: Apache-2.0
// Parcels of a target: polygons with the year in which a measure was planned and done.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/geodesic_area.hpp"
#include "raster/polygon_layer.hpp"
#include "raster/zones.hpp"

namespace sink {

/// Names of the fields; a blank one is not read, and `year_planned` and `status` may be missing.
struct ParcelFields {
  std::string id = "id", year_planned = "year_planned", year_done = "year_done", status = "status";
};

struct Parcel {
  std::string id;
  std::optional<int> year_planned, year_done;  ///< none where the field is blank or 0
  std::string status;
};

/// The parcels of one file. A parcel may be several features with one id: its years and status must then agree.
class Parcels {
 public:
  /// `file` is FILE[:LAYER]. Throws Error::input as `read_polygons` does, and for a year that is no number from 1900
  /// to 2200, or differs between the features of a parcel.
  explicit Parcels(const std::string& file, const ParcelFields& fields = {});

  /// In the order in which ids first appear in the file.
  [[nodiscard]] const std::vector<Parcel>& parcels() const noexcept { return parcels_; }
  /// Places in `parcels()` of those done in [first, last].
  [[nodiscard]] std::vector<std::size_t> done(int first_year, int last_year) const;

  /// Geodesic area [ha] of some parcels, each place once.
  [[nodiscard]] double area_ha(std::span<const std::size_t> parcels) const;
  /// The same inside some features of another layer, a county say.
  [[nodiscard]] double area_within_ha(std::span<const std::size_t> parcels, const PolygonLayer& zones,
                                      std::span<const std::size_t> features) const;
  /// Pixels of sets of parcels on a grid: one zone for each set, every pixel in it once.
  [[nodiscard]] PolygonZones on_grid(const std::vector<std::vector<std::size_t>>& sets, const Grid& grid) const;

  [[nodiscard]] const PolygonLayer& layer() const noexcept { return *layer_; }

 private:
  [[nodiscard]] std::vector<std::size_t> features_of(std::span<const std::size_t> parcels) const;

  std::unique_ptr<const PolygonLayer> layer_;  // stays where it is: areas_ refers to it
  std::unique_ptr<const GeodesicAreas> areas_;
  std::vector<Parcel> parcels_;
  std::vector<std::vector<std::size_t>> features_;  ///< of each parcel
};

}  // namespace sink
