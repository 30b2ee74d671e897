// SPDX-License-Identifier: Apache-2.0
#include "raster/gauss_kruger.hpp"
#include "raster/geodesic_area.hpp"
#include "raster/geographic_grids.hpp"
#include "raster/grid_around.hpp"
#include "raster/outline_area.hpp"
#include "raster/polygon_request.hpp"
#include "raster/temp_files.hpp"
#include "raster/vector_fields.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::polygon_wkt;
using sink::tests::refusal;
using sink::tests::TempFolder;
using sink::tests::write_polygons;

TEST_CASE("three-degree zones by longitude and by number, as EPSG has them", "[stands]") {
  // EPSG: 4548 is CM 117E, 4549 CM 120E, 4527 zone 39, 4534 CM 75E, 4554 CM 135E.
  CHECK(three_degree_crs(117.9) == "EPSG:4548");
  CHECK(three_degree_crs(118.6) == "EPSG:4549");
  CHECK(three_degree_crs(75) == "EPSG:4534");
  CHECK(three_degree_crs(135) == "EPSG:4554");
  CHECK(three_degree_crs(60).empty());
  CHECK(numbered_zone_crs(39) == "EPSG:4527");
  CHECK(numbered_zone_crs(25) == "EPSG:4513");
  CHECK(numbered_zone_crs(46).empty());
  for (double meridian = 75; meridian <= 135; meridian += 3) {
    const auto plain = gauss_kruger(crs_from_text(three_degree_crs(meridian)));
    const auto numbered = gauss_kruger(crs_from_text(numbered_zone_crs(static_cast<int>(meridian) / 3)));
    REQUIRE((plain && numbered));
    CHECK(plain->central_meridian_deg == meridian);
    CHECK(numbered->central_meridian_deg == meridian);
    CHECK(plain->false_easting_m == 500000);
    CHECK(numbered->false_easting_m == meridian / 3 * 1e6 + 500000);
    CHECK((plain->three_degrees && numbered->three_degrees));
  }
  CHECK_FALSE(gauss_kruger(crs_from_text("EPSG:4490")));
  CHECK_FALSE(gauss_kruger(crs_from_text("EPSG:32650"))->three_degrees);
}

TEST_CASE("a CRS is what a person writes", "[stands]") {
  CHECK(is_geographic_crs(crs_from_text("EPSG:4490")));
  CHECK_FALSE(is_geographic_crs(crs_from_text("EPSG:4548")));
  for (const char* text : {"EPSG:999999", "nonsense", "", "/etc/passwd", "EPSG:5703", "http://example.org/x"})
    CHECK_THAT(refusal(Error::Kind::usage, [&] { crs_from_text(text); }), Catch::Contains("--crs"));
}

TEST_CASE("a grid around polygons lies on multiples of its pixels", "[stands]") {
  const TempFolder folder;
  const std::string crs = crs_from_text("EPSG:4548");
  write_polygons(folder.file("z.gpkg"), crs,
                 {{"a", "", "POLYGON((600010 2959990,600010 2959000,601000 2959000,600010 2959990))"},
                  {"b", "", "POLYGON((602100 2958000,602100 2958100,602200 2958100,602100 2958000))"}});
  const std::vector<PolygonLayer> layers = {read_polygons(folder.file("z.gpkg"), {"code"}, "")};
  const Grid grid = grid_around(layers, crs, 100);
  CHECK(grid.x_min == 600000);
  CHECK(grid.y_max == 2960000);
  CHECK(grid.columns == 22);  // 602200 is an edge: no pixel more
  CHECK(grid.rows == 20);
  CHECK(read_polygons(PolygonRequest{folder.file("z.gpkg"), {}, ""}).fids == std::vector<std::int64_t>{1, 2});
  CHECK_THAT(refusal(Error::Kind::usage, [&] { grid_around(layers, crs, 1e-4); }), Catch::Contains("--resolution"));
  const Longitudes reach = longitudes_of(layers[0]);
  CHECK(reach.west == Approx(118.006).margin(0.01));
  CHECK(reach.east > reach.west);
  Grid part = grid;
  part.columns = 12;
  CHECK(on_grid(layers[0], {0, 1}, part) == std::vector<bool>{true, false});
  // Neither vertex of an edge lies on the grid, and yet it crosses.
  write_polygons(folder.file("far.gpkg"), crs,
                 {{"across", "", "POLYGON((500000 2959050,700000 2959050,700000 2959051,500000 2959050))"},
                  {"beside", "", "POLYGON((500000 2962000,599000 2958500,500000 2958000,500000 2962000))"}});
  CHECK(on_grid(read_polygons(folder.file("far.gpkg"), {"code"}, ""), {0, 1}, grid) == std::vector<bool>{true, false});
}

TEST_CASE("the area of an outline is that of the union, holes taken off", "[stands]") {
  const TempFolder folder;
  for (const auto& [crs, pixel] : {std::pair{"EPSG:4548", 100.0}, {"EPSG:4490", 0.001}}) {
    const Grid grid = grid_around(std::string(crs), nanping, pixel);
    const auto at = [&](double c, double r) { return grid.to_crs(c, r); };
    const std::string ring =
        polygon_wkt({{at(2, 2), at(9, 2), at(9, 8), at(2, 8)}, {at(4, 4), at(4, 5), at(5, 5), at(5, 4)}});
    write_polygons(folder.file("z.gpkg"), grid.crs_wkt, {{"a", "", "POLYGON" + ring}});
    const PolygonLayer layer = read_polygons(folder.file("z.gpkg"), {"code"}, "");
    const GeodesicAreas areas(layer);
    const OutlineAreas outlines(layer);
    const std::vector<std::size_t> all = {0};
    CHECK(outlines.area_ha(0) == Approx(areas.union_ha(all)).epsilon(1e-5));
  }
}

TEST_CASE("what a Shapefile is made of", "[stands]") {
  const TempFolder folder;
  write_polygons(folder.file("z.shp"), crs_from_text("EPSG:4548"),
                 {{"a", "杉木", "POLYGON((600010 2959990,600010 2959000,601000 2959000,600010 2959990))"}},
                 "ESRI Shapefile");
  CHECK(vector_parts(folder.file("z.shp")).size() >= 4);
  const VectorFields fields = vector_fields(folder.file("z.shp"), "");
  CHECK(fields.names == std::vector<std::string>{"code", "name", "year_plan", "year_done", "status"});
}
