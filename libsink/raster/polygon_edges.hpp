// SPDX-License-Identifier: Apache-2.0
// Which pixels' centres lie in which zones: polygon edges in pixel coordinates of a whole grid, ready to be crossed
// with any row. A centre exactly on an edge goes as gdal_rasterize decides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/grid.hpp"
#include "raster/zones.hpp"

namespace sink {

/// Add polygons, call `finish`, then ask for spans from any number of threads. A zone is the union of its polygons, so
/// that a place in two of them counts once; within a polygon the even-odd rule holds over all its rings.
class PolygonEdges {
 public:
  PolygonEdges(std::int64_t columns, std::int64_t rows);

  /// One polygon of a zone; rings in pixel coordinates of the whole grid (x columns, y rows), clockwise on the map.
  void add(std::int32_t zone, std::span<const std::vector<Point>> rings);
  void finish();

  /// Spans inside a window, in order of (row, zone, begin), appended.
  void spans(const Window& window, std::vector<Span>& spans) const;
  /// True where no pixel is in any zone.
  [[nodiscard]] bool empty() const;

 private:
  /// Crosses rows [row_begin, row_end); y1 < y2. A horizontal edge on a row's centre, y1 == y2, fills from x1 to x2.
  struct Edge {
    double x1, y1, x2, y2;
    std::int32_t row_begin, row_end;
  };
  struct Part {
    std::int32_t zone;
    std::int32_t column_begin, column_end;  ///< no pixel outside
    std::size_t edges_begin, edges_end;
  };
  /// Edges of one part that cross one band of rows: a stretch of `band_edges_`.
  struct BandPart {
    std::int32_t part;
    std::size_t edges_begin, edges_end;
  };
  class Rows;

  void add_edge(Point from, Point to);
  void add_horizontal(Point from, Point to);
  [[nodiscard]] std::int32_t column_after(double x) const;
  void cross(const BandPart& entry, Rows& rows) const;

  std::int32_t columns_, rows_;
  std::vector<Edge> edges_;
  std::vector<Part> parts_;
  std::vector<std::size_t> band_starts_;  ///< into `band_parts_`; one more than there are bands
  std::vector<BandPart> band_parts_;
  std::vector<std::uint32_t> band_edges_;
};

}  // namespace sink
