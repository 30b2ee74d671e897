// SPDX-License-Identifier: Apache-2.0
// Zones of polygons against GDAL's own rasteriser on the whole grid.
#include "raster/zones.hpp"

#include <algorithm>

#include "raster/polygon_layer.hpp"
#include "raster/zone_shapes.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;

TEST_CASE("thousands of random polygons are burned as GDAL burns them", "[zones]") {
  const TempFolder folder;
  for (const Grid& grid :
       {small_grid(), Grid{57, 61, 117.1, 27.9, 0.00025, 0.00025, wkt_of("EPSG:4490"), "EPSG:4490"}}) {
    const std::vector<TestFeature> features = random_features(grid, 3000, 7);
    const std::string file = folder.file(std::to_string(grid.columns) + ".gpkg");
    write_polygons(file, grid.crs_wkt, features);
    const PolygonZones zones(source(file), grid);
    const std::vector<Span> spans = all_spans(zones, grid);
    Rasteriser gdal(grid);
    std::size_t different = 0, next = 0;
    std::vector<std::vector<Span>> by_zone(features.size());
    for (const Span& span : spans) by_zone[static_cast<std::size_t>(span.zone)].push_back(span);
    for (; next < features.size(); ++next)
      if (burned(by_zone[next], static_cast<std::int32_t>(next), grid) != gdal.burn(features[next].wkt)) ++different;
    CHECK(different == 0);
  }
}

TEST_CASE("spans are in order, apart, and the same through any window", "[zones]") {
  const TempFolder folder;
  const Grid grid = small_grid(150, 130);
  write_polygons(folder.file("z.gpkg"), grid.crs_wkt, random_features(grid, 300, 11));
  const PolygonZones zones(source(folder.file("z.gpkg")), grid);
  const std::vector<Span> whole = all_spans(zones, grid);
  for (std::size_t i = 1; i < whole.size(); ++i) {
    const Span &a = whole[i - 1], &b = whole[i];
    const bool ordered = a.row != b.row ? a.row < b.row : a.zone != b.zone ? a.zone < b.zone : a.end < b.begin;
    REQUIRE(ordered);
  }
  for (const auto& [width, height] : {std::pair{1, 130}, {150, 1}, {7, 5}, {64, 64}, {150, 33}, {31, 130}}) {
    std::vector<Span> pieces;
    for (std::int64_t r = 0; r < grid.rows; r += height)
      for (std::int64_t c = 0; c < grid.columns; c += width)
        zones.spans(
            {c, r, std::min<std::int64_t>(width, grid.columns - c), std::min<std::int64_t>(height, grid.rows - r)},
            pieces);
    std::sort(pieces.begin(), pieces.end(), [](const Span& a, const Span& b) {
      return std::tie(a.row, a.zone, a.begin) < std::tie(b.row, b.zone, b.begin);
    });
    std::vector<Span> joined;
    for (const Span& span : pieces) {
      if (!joined.empty() && joined.back().row == span.row && joined.back().zone == span.zone &&
          joined.back().end == span.begin)
        joined.back().end = span.end;
      else
        joined.push_back(span);
    }
    CHECK(joined == whole);
  }
}

TEST_CASE("tiles of a patchwork in degrees share every pixel of the grid once", "[zones]") {
  const TempFolder folder;
  const Grid grid = grid_around("EPSG:4548", {117.3, 26.5, 119.2, 28.1}, 200);
  write_polygons(folder.file("z.gpkg"), wkt_of("EPSG:4490"), patchwork(nanping, 12, 9, 3));
  const PolygonZones zones(source(folder.file("z.gpkg")), grid);
  std::vector<std::uint8_t> count(static_cast<std::size_t>(grid.pixels()));
  for (const Span& span : all_spans(zones, grid))
    for (std::int32_t c = span.begin; c < span.end; ++c) ++count[static_cast<std::size_t>(span.row * grid.columns + c)];
  CHECK(std::all_of(count.begin(), count.end(), [](std::uint8_t n) { return n == 1; }));
  CHECK(zones.warnings().empty());
  CHECK_FALSE(zones.coordinate_operation().empty());
}

TEST_CASE("a zone in degrees has the pixels of its densified outline in the grid's CRS", "[zones]") {
  const TempFolder folder;
  const Grid grid = grid_around("EPSG:4508", nanping, 100);
  const std::vector<TestFeature> features = patchwork({117.5, 26.6, 119, 28}, 2, 2, 5);
  write_polygons(folder.file("z.gpkg"), wkt_of("EPSG:4490"), features);
  const std::vector<Span> spans = all_spans(PolygonZones(source(folder.file("z.gpkg")), grid), grid);
  const CoordinateTransform transform(wkt_of("EPSG:4490"), grid.crs_wkt);
  Rasteriser gdal(grid);
  for (std::size_t zone = 0; zone < features.size(); ++zone) {
    OGRGeometry* geometry = nullptr;
    OGRGeometryFactory::createFromWkt(features[zone].wkt.c_str(), nullptr, &geometry);
    const OGRGeometryUniquePtr owned(geometry);
    geometry->segmentize(0.0005);  // half a pixel: as good as exact
    std::vector<Point> ring;
    for (const OGRPoint& point : geometry->toPolygon()->getExteriorRing()) ring.push_back({point.getX(), point.getY()});
    const std::size_t edge_pixels = ring.size() / 2;
    transform.forward(ring);
    const std::vector<std::uint8_t> exact = gdal.burn("POLYGON" + polygon_wkt({ring}));
    const std::vector<std::uint8_t> ours = burned(spans, static_cast<std::int32_t>(zone), grid);
    std::size_t different = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) different += exact[i] != ours[i] ? 1 : 0;
    // A tenth of a pixel off moves at most a tenth of the centres along the outline.
    CHECK(different < edge_pixels / 10);
    // Straight in the grid's CRS instead, the same edges are further off: the test would notice.
    OGRGeometryFactory::createFromWkt(features[zone].wkt.c_str(), nullptr, &geometry);
    const OGRGeometryUniquePtr unsegmented(geometry);
    std::vector<Point> corners;
    for (const OGRPoint& point : geometry->toPolygon()->getExteriorRing())
      corners.push_back({point.getX(), point.getY()});
    transform.forward(corners);
    const std::vector<std::uint8_t> straight = gdal.burn("POLYGON" + polygon_wkt({corners}));
    std::size_t off = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) off += exact[i] != straight[i] ? 1 : 0;
    CHECK(off > 4 * different);
  }
}

TEST_CASE("zones in EPSG:4326 have the same pixels, and a warning about the datum", "[zones]") {
  const TempFolder folder;
  const Grid grid = grid_around("EPSG:4548", {117.3, 26.5, 119.2, 28.1}, 500);
  const std::vector<TestFeature> features = patchwork(nanping, 4, 4, 3);
  write_polygons(folder.file("wgs84.gpkg"), wkt_of("EPSG:4326"), features);
  write_polygons(folder.file("cgcs2000.gpkg"), wkt_of("EPSG:4490"), features);
  const PolygonZones wgs84(source(folder.file("wgs84.gpkg")), grid),
      cgcs2000(source(folder.file("cgcs2000.gpkg")), grid);
  CHECK(all_spans(wgs84, grid) == all_spans(cgcs2000, grid));
  REQUIRE(wgs84.warnings().size() == 1);
  CHECK(wgs84.warnings()[0].find("taken as equal") != std::string::npos);
}

TEST_CASE("projected zones lie on a geographic grid", "[zones]") {
  const TempFolder folder;
  const Grid grid = grid_around("EPSG:4490", {117.5, 26.5, 118.5, 27.5}, 0.005);
  const Grid metres = grid_around("EPSG:4548", {117.4, 26.4, 118.6, 27.6}, 1000);
  const GeographicArea area{metres.x_min, metres.to_crs(0, static_cast<double>(metres.rows)).y,
                            metres.to_crs(static_cast<double>(metres.columns), 0).x, metres.y_max};
  write_polygons(folder.file("z.gpkg"), metres.crs_wkt, patchwork(area, 5, 5, 4));
  std::int64_t pixels = 0;
  for (const Span& span : all_spans(PolygonZones(source(folder.file("z.gpkg")), grid), grid))
    pixels += span.end - span.begin;
  CHECK(pixels == grid.pixels());
}

TEST_CASE("a zone of several features has each pixel once, and zones may overlap", "[zones]") {
  const TempFolder folder;
  const Grid grid = small_grid(10, 10);
  const auto box = [&](double c0, double r0, double c1, double r1) {
    return "POLYGON" +
           polygon_wkt({{grid.to_crs(c0, r0), grid.to_crs(c1, r0), grid.to_crs(c1, r1), grid.to_crs(c0, r1)}});
  };
  write_polygons(folder.file("z.gpkg"), grid.crs_wkt,
                 {{"a", "", box(1, 1, 5, 3)}, {"b", "", box(3, 2, 8, 4)}, {"c", "", box(8, 3, 9, 4)}});
  const PolygonLayer layer = read_polygons(folder.file("z.gpkg"), {"code"}, "");
  const PolygonZones zones(layer, {{{"all", ""}, {0, 1, 2}}, {{"none", ""}, {}}, {{"b", ""}, {1}}}, grid);
  CHECK(zones.zones().size() == 3);
  CHECK(all_spans(zones, grid) ==
        std::vector<Span>{{0, 1, 1, 5}, {0, 2, 1, 8}, {2, 2, 3, 8}, {0, 3, 3, 9}, {2, 3, 3, 8}});
}

TEST_CASE("zones without geometry or outside the grid keep their place", "[zones]") {
  const TempFolder folder;
  const Grid grid = small_grid(10, 10);
  const std::string box =
      "POLYGON" + polygon_wkt({{grid.to_crs(1, 1), grid.to_crs(3, 1), grid.to_crs(3, 3), grid.to_crs(1, 3)}});
  const std::string far = "POLYGON((0 0,1 0,1 1,0 0))";
  write_polygons(folder.file("z.gpkg"), grid.crs_wkt,
                 {{"1", "一", ""}, {"2", "延平区", box}, {"3", "", far}, {"4", "", "POLYGON EMPTY"}});
  const PolygonZones zones(source(folder.file("z.gpkg")), grid);
  CHECK(zones.zones().size() == 4);
  CHECK(zones.zones()[1].name == "延平区");
  CHECK(all_spans(zones, grid) == std::vector<Span>{{1, 1, 1, 3}, {1, 2, 1, 3}});
  REQUIRE(zones.warnings().size() == 1);
  CHECK(zones.warnings()[0].find("feature '1' has no geometry: it has no pixels (and 1 more)") != std::string::npos);
}

TEST_CASE("formats, filters and layers", "[zones]") {
  const TempFolder folder;
  const Grid grid = small_grid(10, 10);
  const std::string box =
      "POLYGON" + polygon_wkt({{grid.to_crs(1, 1), grid.to_crs(3, 1), grid.to_crs(3, 3), grid.to_crs(1, 3)}});
  const std::vector<TestFeature> features = {{"1", "a b", box}, {"2", "c", box}};
  write_polygons(folder.file("z.gpkg"), grid.crs_wkt, features);
  write_polygons(folder.file("中文 z.shp"), grid.crs_wkt, features, "ESRI Shapefile");
  write_polygons(folder.file("z.geojson"), grid.crs_wkt, features, "GeoJSON");
  for (const std::string name : {"z.gpkg", "中文 z.shp", "z.geojson", "z.gpkg:zones"}) {
    CAPTURE(name);
    CHECK(all_spans(PolygonZones(source(folder.file(name)), grid), grid).size() == 4);
  }
  for (const std::string where : {"name=a b", " name = 'a b'", "code=1", "CODE=\"1\""}) {
    CAPTURE(where);
    ZoneSource some = source(folder.file("z.gpkg"));
    some.where = where;
    const PolygonZones zones(some, grid);
    REQUIRE(zones.zones().size() == 1);
    CHECK(zones.zones()[0].id == "1");
  }
  CHECK_FALSE(std::filesystem::exists(folder.file("z.gpkg-wal")));
  CHECK_FALSE(std::filesystem::exists(folder.file("z.gpkg-shm")));
}

TEST_CASE("zones that cannot be used are refused with the way out", "[zones]") {
  const TempFolder folder;
  const Grid grid = small_grid(10, 10);
  const std::string box =
      "POLYGON" + polygon_wkt({{grid.to_crs(1, 1), grid.to_crs(3, 1), grid.to_crs(3, 3), grid.to_crs(1, 3)}});
  const std::string file = folder.file("z.gpkg");
  const auto says = [&](const std::string& crs, const std::vector<TestFeature>& features, const auto& change) {
    std::filesystem::remove(file);
    write_polygons(file, crs, features);
    ZoneSource zones = source(file);
    change(zones);
    const std::string words = refusal(Error::Kind::input, [&] { PolygonZones(zones, grid); });
    CHECK(words.size() - file.size() < 300);
    return words;
  };
  using Catch::Matchers::Contains;
  const auto nothing = [](ZoneSource&) {};
  CHECK_THAT(says(grid.crs_wkt, {{"7", "", box}, {"7", "", box}}, nothing),
             Contains("id '7'") && Contains("ST_Union(geom)"));
  CHECK_THAT(says(grid.crs_wkt, {{"", "", box}}, nothing), Contains("FID 1 has no id"));
  CHECK_THAT(says("", {{"1", "", box}}, nothing), Contains("-a_srs EPSG:CODE"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", "POLYGON((0 0,1 0,1 1,0 0))"}}, nothing), Contains("touches the raster"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", "POLYGON((0 0,1 0,0 0))"}}, nothing),
             Contains("'1'") && Contains("four points"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", "POLYGON((0 0,1 1e999,1 1,0 0))"}}, nothing),
             Contains("'1'") && Contains("not finite"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", "LINESTRING(0 0,1 1)"}}, nothing),
             Contains("'1'") && Contains("not a polygon"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.id_field = "county"; }),
             Contains("no field 'county'") && Contains("code, name"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.id_field = ""; }), Contains("--zone-id"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.file += ":towns"; }),
             Contains("no layer 'towns'"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.where = "name"; }), Contains("field=value"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.where = "name=x"; }),
             Contains("check the filter"));
  CHECK_THAT(says(grid.crs_wkt, {{"1", "", box}}, [](ZoneSource& s) { s.file += "x"; }), Contains("no such file"));
}
