// SPDX-License-Identifier: Apache-2.0
// Zones: sets of places to sum over, from polygons or from a class raster, as spans of pixels. A pixel belongs to
// the zone that holds its centre; polygons may overlap.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/grid.hpp"

namespace sink {

struct PolygonLayer;

/// Pixels [begin, end) of one row of the whole grid that belong to a zone.
struct Span {
  std::int32_t zone = 0;
  std::int32_t row = 0, begin = 0, end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Zone {
  std::string id, name;
};

/// Where a zone set comes from, as a person gives it.
struct ZoneSource {
  std::string set;         ///< name of the set: "county"
  std::string file;        ///< polygons FILE[:LAYER], or a class raster FILE[:BAND]
  std::string id_field;    ///< blank: needed for polygons, not for a raster
  std::string name_field;  ///< may be blank
  std::string where;       ///< "field=value": only these zones; blank: all
};

/// A zone made of features of a layer, by their places in `PolygonLayer::features`.
struct ZoneFeatures {
  Zone zone;
  std::vector<std::size_t> features;
};

/// The polygons of a zone set on a grid: read once, shared by all threads (const after construction).
class PolygonZones {
 public:
  /// One zone per feature, in the order of the file. Throws Error::input: no such layer or field, duplicate ids, no
  /// CRS, invalid geometry, no zone touches the grid. A null or empty geometry is a zone without pixels, and a warning.
  PolygonZones(const ZoneSource& source, const Grid& grid);
  /// Zones as told; a pixel in several features of a zone is in it once. Zones may share features, and need no pixels.
  PolygonZones(const PolygonLayer& layer, const std::vector<ZoneFeatures>& zones, const Grid& grid);
  ~PolygonZones();
  PolygonZones(PolygonZones&&) noexcept;
  PolygonZones& operator=(PolygonZones&&) noexcept;

  [[nodiscard]] const std::vector<Zone>& zones() const noexcept;
  /// Spans inside a window, in order of (row, zone, begin), those of a zone apart; appended to `spans`. Safe to call
  /// from many threads; the same for any window.
  void spans(const Window& window, std::vector<Span>& spans) const;
  /// The coordinate operation from the layer's CRS to the grid's, for the run record; blank where they are one.
  [[nodiscard]] const std::string& coordinate_operation() const noexcept;
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace sink
