// SPDX-License-Identifier: Apache-2.0
#include "raster/parcels.hpp"

#include "raster/geodesic_area.hpp"
#include "raster/geodesy.hpp"
#include "raster/geographic_grids.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::polygon_wkt;
using sink::tests::refusal;
using sink::tests::TempFolder;
using sink::tests::TestFeature;
using sink::tests::write_polygons;

namespace {

const ParcelFields fields{"code", "year_plan", "year_done", "status"};

Grid belt() {
  return grid_around("EPSG:4548", nanping, 100);
}

/// A rectangle of pixels of `grid`, so that its area is a sum of pixels.
std::string box(const Grid& grid, double c0, double r0, double c1, double r1) {
  return "POLYGON" +
         polygon_wkt({{grid.to_crs(c0, r0), grid.to_crs(c1, r0), grid.to_crs(c1, r1), grid.to_crs(c0, r1)}});
}

double pixels_ha(const Grid& grid, std::int64_t c0, std::int64_t r0, std::int64_t c1, std::int64_t r1) {
  const PixelAreas areas(grid);
  std::vector<double> row(static_cast<std::size_t>(c1 - c0));
  double sum = 0;
  for (std::int64_t r = r0; r < r1; ++r) {
    areas.row_ha(r, c0, row);
    for (const double area : row) sum += area;
  }
  return sum;
}

std::int64_t pixels_in(const PolygonZones& zones, const Grid& grid, std::int32_t zone) {
  std::vector<Span> spans;
  zones.spans(grid.whole(), spans);
  std::int64_t pixels = 0;
  for (const Span& span : spans) pixels += span.zone == zone ? span.end - span.begin : 0;
  return pixels;
}

}  // namespace

double area_of(const Parcels& parcels, std::size_t parcel) {
  return parcels.area_ha(std::vector<std::size_t>{parcel});
}

TEST_CASE("parcels: fields, areas, and the area done with each place once", "[parcels]") {
  const TempFolder folder;
  const Grid grid = belt();
  write_polygons(folder.file("p.gpkg"), grid.crs_wkt,
                 {{"a", "", box(grid, 1000, 1000, 1100, 1100), 2021, 2022, "done"},
                  {"b", "", box(grid, 1050, 1050, 1150, 1150), 2022, 2024, "done"},
                  {"c", "", box(grid, 1200, 1000, 1300, 1100), 2025, 0, "planned"},
                  {"d", "", "", 2021, 2021, "done"}});
  const Parcels parcels(folder.file("p.gpkg"), fields);
  REQUIRE(parcels.parcels().size() == 4);
  const Parcel& a = parcels.parcels()[0];
  CHECK(a.id == "a");
  CHECK(a.year_planned == 2021);
  CHECK(a.year_done == 2022);
  CHECK(a.status == "done");
  CHECK(area_of(parcels, 0) == Approx(pixels_ha(grid, 1000, 1000, 1100, 1100)).epsilon(1e-8));
  CHECK_FALSE(parcels.parcels()[2].year_done.has_value());
  CHECK(area_of(parcels, 3) == 0);

  CHECK(parcels.done(2021, 2025) == std::vector<std::size_t>{0, 1, 3});
  CHECK(parcels.done(2023, 2025) == std::vector<std::size_t>{1});
  CHECK(parcels.done(2025, 2030).empty());
  const double both = area_of(parcels, 0) + area_of(parcels, 1);
  const double shared = pixels_ha(grid, 1050, 1050, 1100, 1100);
  CHECK(parcels.area_ha(parcels.done(2021, 2025)) == Approx(both - shared).epsilon(1e-8));
  CHECK(parcels.area_ha(parcels.done(2025, 2030)) == 0);

  const PolygonZones zones = parcels.on_grid({parcels.done(2021, 2022), parcels.done(2021, 2025), {}}, grid);
  CHECK(zones.zones().size() == 3);
  CHECK(pixels_in(zones, grid, 0) == 10000);
  CHECK(pixels_in(zones, grid, 1) == 17500);
  CHECK(pixels_in(zones, grid, 2) == 0);
}

TEST_CASE("area is on the ellipsoid in any CRS, holes left out", "[parcels]") {
  const TempFolder folder;
  const auto square = [](double x, double y, double side) {
    return std::vector<Point>{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  };
  write_polygons(folder.file("p.gpkg"), wkt_of("EPSG:4490"),
                 {{"a", "", "POLYGON" + polygon_wkt({square(118, 27, 0.5), square(118.1, 27.1, 0.1)})}});
  const auto cells_ha = [](double x, double y, double side) {
    const Grid grid{1, 1, x, y + side, side, side, wkt_of("EPSG:4490"), "EPSG:4490"};
    return pixels_ha(grid, 0, 0, 1, 1);
  };
  const double expected = cells_ha(118, 27, 0.5) - cells_ha(118.1, 27.1, 0.1);
  CHECK(area_of(Parcels(folder.file("p.gpkg"), fields), 0) == Approx(expected).epsilon(1e-9));
}

TEST_CASE("a parcel may be several features, and one that crosses itself is repaired", "[parcels]") {
  const TempFolder folder;
  const Grid grid = belt();
  const std::string bow =
      "POLYGON" + polygon_wkt({{grid.to_crs(0, 0), grid.to_crs(100, 100), grid.to_crs(100, 0), grid.to_crs(0, 100)}});
  write_polygons(folder.file("p.gpkg"), grid.crs_wkt,
                 {{"a", "", box(grid, 1000, 1000, 1100, 1100), 2021, 2022},
                  {"b", "", bow},
                  {"a", "", box(grid, 1050, 1000, 1150, 1100), 2021, 2022}});
  const Parcels parcels(folder.file("p.gpkg"), fields);
  REQUIRE(parcels.parcels().size() == 2);
  CHECK(area_of(parcels, 0) == Approx(pixels_ha(grid, 1000, 1000, 1150, 1100)).epsilon(1e-8));
  CHECK(area_of(parcels, 1) == Approx(pixels_ha(grid, 0, 0, 100, 100) / 2).epsilon(1e-5));
}

TEST_CASE("the area inside a county, in its CRS or another", "[parcels]") {
  const TempFolder folder;
  const Grid grid = belt();
  const std::string lower = box(grid, 900, 1050, 1400, 1400), upper = box(grid, 900, 700, 1400, 1050);
  write_polygons(folder.file("p.gpkg"), grid.crs_wkt, {{"a", "", box(grid, 1000, 1000, 1100, 1100), 2021, 2022}});
  write_polygons(folder.file("z.gpkg"), grid.crs_wkt, {{"1", "", lower}, {"2", "", upper}});
  const Parcels parcels(folder.file("p.gpkg"), fields);
  const std::vector<std::size_t> all = {0};
  const std::vector<std::size_t> first = {0}, second = {1};
  const PolygonLayer zones = read_polygons(folder.file("z.gpkg"), {"code"}, "");
  CHECK(parcels.area_within_ha(all, zones, first) == Approx(pixels_ha(grid, 1000, 1050, 1100, 1100)).epsilon(1e-8));
  CHECK(parcels.area_within_ha(all, zones, second) == Approx(pixels_ha(grid, 1000, 1000, 1100, 1050)).epsilon(1e-8));

  write_polygons(
      folder.file("degrees.gpkg"), wkt_of("EPSG:4490"),
      {{"1", "", "POLYGON((117 26,120 26,120 29,117 29,117 26))"}, {"2", "", "POLYGON((0 0,1 0,1 1,0 1,0 0))"}});
  const PolygonLayer degrees = read_polygons(folder.file("degrees.gpkg"), {"code"}, "");
  CHECK(parcels.area_within_ha(all, degrees, first) == Approx(area_of(parcels, 0)).epsilon(1e-12));
  CHECK(parcels.area_within_ha(all, degrees, second) == 0);
}

TEST_CASE("parcels that cannot be used are refused", "[parcels]") {
  const TempFolder folder;
  const Grid grid = belt();
  const std::string place = box(grid, 10, 10, 20, 20);
  using Catch::Matchers::Contains;
  const auto says = [&](const std::vector<TestFeature>& features, const ParcelFields& names) {
    std::filesystem::remove(folder.file("p.gpkg"));
    write_polygons(folder.file("p.gpkg"), grid.crs_wkt, features);
    return refusal(Error::Kind::input, [&] { Parcels(folder.file("p.gpkg"), names); });
  };
  CHECK_THAT(says({{"a", "", place, 2021, 22}}, fields), Contains("parcel 'a' has year_done '22'"));
  CHECK_THAT(says({{"a", "soon", place, 2021, 0}}, {"code", "year_plan", "name", ""}), Contains("'soon'"));
  CHECK_THAT(says({{"a", "", place, 2021, 2022}, {"a", "", place, 2021, 2023}}, fields), Contains("'a' differ"));
  CHECK_THAT(says({{"a", "", place}}, {}), Contains("no field 'id'"));
}
