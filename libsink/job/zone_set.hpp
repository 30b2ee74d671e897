// SPDX-License-Identifier: Apache-2.0
// ZoneSet: one set of zones, from polygons or a class raster, as spans of a window; and what can be done with spans.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "job/job.hpp"
#include "raster/raster_source.hpp"
#include "raster/zones.hpp"

namespace sink {

class ZoneSet {
 public:
  /// Codes of what is no zone: every pixel in any zone, once; the pixels in none; those in any zone and a parcel.
  static constexpr std::int32_t once = -1, outside = -2, once_in_parcels = -3;

  /// Opens the source on `grid`; relative paths start at `directory`. A source without a file is the whole grid, which
  /// has a total and no zones. Throws Error::input.
  ZoneSet(const ZoneSource& source, const std::string& directory, const Grid& grid, const RunOptions& options);

  [[nodiscard]] const ZoneSource& source() const noexcept { return source_; }
  [[nodiscard]] bool whole_grid() const noexcept { return source_.file.empty(); }
  [[nodiscard]] bool from_raster() const noexcept { return !polygons_ && !whole_grid(); }
  /// Id and name of a zone: of the polygon, or the raster's code.
  [[nodiscard]] Zone zone(std::int32_t zone) const;
  /// The zones that are known beforehand, in order of id (polygons); those of a raster are found in the pass.
  [[nodiscard]] std::vector<std::int32_t> known_zones() const;
  [[nodiscard]] const std::optional<PolygonZones>& polygons() const noexcept { return polygons_; }

  /// What a worker needs of its own: a handle on the raster.
  struct Reader {
    OpenFiles files;
    std::optional<RasterSource> raster;
    std::vector<std::int32_t> codes;
  };
  [[nodiscard]] Reader reader() const;
  /// Spans inside the window, in order of (row, begin); replaces `spans`.
  void spans(Reader& reader, const Window& window, std::vector<Span>& spans) const;

 private:
  ZoneSource source_;
  std::string directory_;
  RunOptions options_;
  Grid grid_;
  std::optional<PolygonZones> polygons_;
};

/// Throws Error::input where a class raster turned out to hold no zone.
void demand_some_zone(const ZoneSet& set, bool found);

/// Splits a window into the pixels that are in any of `spans` and those in none, as spans of zone `once`. `spans` are
/// in order of (row, begin). Returns true where two spans share a pixel.
bool cover(const Window& window, const std::vector<Span>& spans, std::vector<Span>& inside, std::vector<Span>& outside);

/// The pixels that are in a span of `a` and a span of `b`, with the zone of `b`; both in order of (row, begin).
void intersect(const std::vector<Span>& a, const std::vector<Span>& b, std::vector<Span>& both);

}  // namespace sink
