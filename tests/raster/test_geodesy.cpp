// SPDX-License-Identifier: Apache-2.0
// Areas of pixels against PROJ's geodesic polygons, an independent calculation.
#include <geodesic.h>

#include <algorithm>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "raster/geodesy.hpp"
#include "raster/geographic_grids.hpp"
#include "support/catch.hpp"

using sink::Grid;
using sink::PixelAreas;
using sink::Point;
using sink::Window;

namespace {

/// Geodesic area [ha] of the outline of a window, its edges straight in the CRS and cut into many short geodesics.
double geodesic_ha(const Grid& grid, const Window& window, int pieces = 4000) {
  const sink::ProjContext context = sink::make_proj_context();
  const sink::ProjObject crs = sink::horizontal_crs(context.get(), grid.crs_wkt);
  const sink::ProjObject base = sink::geographic_base(context.get(), crs.get());
  const sink::Ellipsoid ellipsoid = sink::ellipsoid_of(context.get(), base.get());
  const double c0 = static_cast<double>(window.column), c1 = c0 + static_cast<double>(window.columns);
  const double r0 = static_cast<double>(window.row), r1 = r0 + static_cast<double>(window.rows);
  const std::array<Point, 5> corners = {Point{c0, r1}, {c1, r1}, {c1, r0}, {c0, r0}, {c0, r1}};
  std::vector<Point> outline;
  for (std::size_t side = 0; side < 4; ++side) {
    for (int i = 0; i < pieces; ++i) {
      const double t = static_cast<double>(i) / pieces;
      outline.push_back(grid.to_crs(corners[side].x + t * (corners[side + 1].x - corners[side].x),
                                    corners[side].y + t * (corners[side + 1].y - corners[side].y)));
    }
  }
  sink::CoordinateTransform(grid.crs_wkt, proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr))
      .forward(outline);
  geod_geodesic geodesic{};
  const double b = ellipsoid.a * std::sqrt(1 - ellipsoid.e2);
  geod_init(&geodesic, ellipsoid.a, (ellipsoid.a - b) / ellipsoid.a);
  geod_polygon polygon{};
  geod_polygon_init(&polygon, 0);
  for (const Point& point : outline) geod_polygon_addpoint(&geodesic, &polygon, point.y, point.x);
  double area_m2 = 0;
  geod_polygon_compute(&geodesic, &polygon, 0, 1, &area_m2, nullptr);
  return area_m2 / 1e4;
}

std::vector<double> row_of(const PixelAreas& areas, std::int64_t row, std::int64_t column, std::int64_t columns) {
  std::vector<double> values(static_cast<std::size_t>(columns));
  areas.row_ha(row, column, values);
  return values;
}

double sum_ha(const PixelAreas& areas, const Window& window) {
  long double sum = 0;
  for (std::int64_t r = window.row; r < window.row + window.rows; ++r)
    for (const double value : row_of(areas, r, window.column, window.columns)) sum += value;
  return static_cast<double>(sum);
}

double worst_difference(const Grid& grid, int pieces = 4000) {
  const PixelAreas areas(grid);
  const std::int64_t width = grid.columns / 3, height = grid.rows / 3;
  double worst = 0;
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) {
      const Window window{j * width, i * height, width, height};
      worst = std::max(worst, std::abs(sum_ha(areas, window) / geodesic_ha(grid, window, pieces) - 1));
    }
  }
  return worst;
}

/// Extremes of planar area over true area, less 1, over the pixels whose centres are in the belt.
std::pair<double, double> planar_error(const Grid& grid) {
  const PixelAreas areas(grid);
  const double planar_ha = grid.pixel_width * grid.pixel_height / 1e4;
  double low = 1, high = -1;
  for (std::int64_t r = 0; r < grid.rows; r += 10) {
    for (const double area : row_of(areas, r, 0, grid.columns)) {
      low = std::min(low, planar_ha / area - 1);
      high = std::max(high, planar_ha / area - 1);
    }
  }
  return {low, high};
}

}  // namespace

TEST_CASE("projected pixels add up to geodesic polygons", "[geodesy]") {
  for (const char* crs : {"EPSG:4548", "EPSG:4547", "EPSG:4549", "EPSG:4508", "EPSG:3857", "EPSG:32650", "EPSG:3395",
                          "+proj=lcc +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=krass +type=crs"}) {
    CAPTURE(crs);
    CHECK(worst_difference(grid_around(crs, nanping, 100)) < 1e-9);
    CHECK(worst_difference(grid_around(crs, nanping, 1000)) < 1e-9);
  }
}

TEST_CASE("pixels of many kilometres are averaged, not taken at the centre", "[geodesy]") {
  for (const double pixel : {5e3, 20e3, 60e3}) {
    CAPTURE(pixel);
    const Grid grid = grid_around("EPSG:4508", nanping, pixel);
    CHECK(sum_ha(PixelAreas(grid), {1, 1, 1, 1}) == Approx(geodesic_ha(grid, {1, 1, 1, 1})).epsilon(1e-9));
  }
}

TEST_CASE("the whole of China in one Gauss-Kruger zone and a world in Mercator", "[geodesy]") {
  CHECK(worst_difference(grid_around("EPSG:4508", {85, 20, 130, 50}, 2000)) < 1e-9);
  CHECK(worst_difference(grid_around("EPSG:3857", {-179, -80, 179, 80}, 20000), 40000) < 1e-9);
  CHECK(worst_difference(grid_around("EPSG:3995", {-180, 70, 180, 89}, 5000)) < 1e-9);  // over the pole
}

TEST_CASE("feet are feet", "[geodesy]") {
  const Grid grid = grid_around("EPSG:2263", {-74.2, 40.5, -73.7, 40.9}, 300);  // New York, US survey feet
  CHECK(worst_difference(grid) < 1e-8);  // small cells: the geodesic area itself has no more digits
}

TEST_CASE("an equal-area projection is constant and exactly planar", "[geodesy]") {
  for (const char* crs : {"+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=krass +units=m +type=crs",
                          "EPSG:6933", "EPSG:3035", "ESRI:54034"}) {
    CAPTURE(crs);
    const Grid grid =
        grid_around(crs, std::string(crs) == "EPSG:3035" ? sink::GeographicArea{5, 45, 15, 55} : nanping, 100);
    const PixelAreas areas(grid);
    CHECK(areas.constant());
    CHECK(areas.description() == "equal-area: constant");
    CHECK(row_of(areas, 7, 3, 1)[0] == 1.0);
  }
  CHECK_FALSE(PixelAreas(grid_around("EPSG:4548", nanping, 100)).constant());
}

TEST_CASE("a geographic grid goes by rows", "[geodesy]") {
  for (const char* crs : {"EPSG:4326", "EPSG:4490"}) {
    CAPTURE(crs);
    const Grid grid = grid_around(crs, nanping, 0.00025 * 8);
    const PixelAreas areas(grid);
    CHECK(areas.constant_along_rows());
    CHECK(areas.description() == "geographic: by row");
    CHECK(worst_difference(grid) < 1e-9);
    const std::vector<double> row = row_of(areas, 100, 0, grid.columns);
    CHECK(*std::min_element(row.begin(), row.end()) == *std::max_element(row.begin(), row.end()));
  }
}

TEST_CASE("the rows of the whole Earth add up to its area", "[geodesy]") {
  const Grid grid{360, 180, -180, 90, 1, 1, wkt_of("EPSG:4326"), "EPSG:4326"};
  CHECK(sum_ha(PixelAreas(grid), grid.whole()) == Approx(51006562172.41).epsilon(1e-11));
  // Centres on the poles: the outer rows are caps of half a pixel.
  const Grid centred{360, 181, -180.5, 90.5, 1, 1, wkt_of("EPSG:4326"), "EPSG:4326"};
  CHECK(sum_ha(PixelAreas(centred), centred.whole()) == Approx(51006562172.41).epsilon(1e-11));
}

TEST_CASE("a narrow row has all its digits", "[geodesy]") {
  // 0.00025 degrees at 27 N against 4000 times that, whose mean by differences is known to 1e-13.
  const Grid fine{1, 4000, 117, 28, 0.00025, 0.00025, wkt_of("EPSG:4490"), "EPSG:4490"};
  const Grid coarse{1, 1, 117, 28, 0.00025, 1, wkt_of("EPSG:4490"), "EPSG:4490"};
  CHECK(sum_ha(PixelAreas(fine), fine.whole()) == Approx(sum_ha(PixelAreas(coarse), coarse.whole())).epsilon(2e-14));
}

TEST_CASE("planar areas are off by what the plan says", "[geodesy]") {
  const auto percent = [](const char* crs) { return 100 * planar_error(grid_around(crs, nanping, 500)).second; };
  CHECK(percent("EPSG:4548") == Approx(0.14).margin(0.01));
  CHECK(percent("EPSG:4549") == Approx(0.22).margin(0.01));
  CHECK(percent("EPSG:4547") == Approx(0.73).margin(0.02));
  CHECK(percent("EPSG:4508") == Approx(1.8).margin(0.05));
}

TEST_CASE("Web Mercator is an ellipsoid projected as if it were a sphere", "[geodesy]") {
  const Grid grid = grid_around("EPSG:3857", nanping, 100);
  const double latitude = std::atan(std::sinh(grid.to_crs(0, 1000.5).y / 6378137)), s = std::sin(latitude);
  const double a = 6378137, e2 = 0.0066943799901413165;
  const double m = a * (1 - e2) / std::pow(1 - e2 * s * s, 1.5), n = a / std::sqrt(1 - e2 * s * s);
  const double exact_ha = m * n * std::pow(std::cos(latitude), 2) / (a * a);  // 1 ha planar
  CHECK(row_of(PixelAreas(grid), 1000, 5, 1)[0] == Approx(exact_ha).epsilon(1e-9));
  CHECK(1 / exact_ha == Approx(1.27).margin(0.03));
}

TEST_CASE("areas are the same to the bit for every window", "[geodesy]") {
  for (const char* crs : {"EPSG:4548", "EPSG:3857"}) {
    const Grid grid = grid_around(crs, nanping, 100);
    const PixelAreas areas(grid), again(grid);
    for (const std::int64_t row : {std::int64_t{0}, grid.rows / 2, grid.rows - 1}) {
      const std::vector<double> whole = row_of(areas, row, 0, grid.columns);
      CHECK(whole == row_of(again, row, 0, grid.columns));
      for (const std::int64_t width : {1, 2, 3, 7, 64, 511, 512, 513}) {
        std::vector<double> pieces;
        for (std::int64_t c = 0; c < grid.columns; c += width) {
          const std::vector<double> piece = row_of(areas, row, c, std::min(width, grid.columns - c));
          pieces.insert(pieces.end(), piece.begin(), piece.end());
        }
        CHECK(pieces == whole);
      }
    }
  }
}

TEST_CASE("grids of one pixel and of a few", "[geodesy]") {
  for (const std::int64_t size : {1, 2, 5}) {
    Grid grid = grid_around("EPSG:4548", nanping, 30000);
    grid.columns = grid.rows = size;
    CHECK(sum_ha(PixelAreas(grid), grid.whole()) == Approx(geodesic_ha(grid, grid.whole())).epsilon(1e-9));
  }
}

TEST_CASE("what has no areas is refused", "[geodesy]") {
  const auto areas_of = [](Grid grid, const std::string& wkt) {
    grid.crs_wkt = wkt;
    PixelAreas{grid};
  };
  const Grid grid = grid_around("EPSG:4548", nanping, 1000);
  CHECK_THROWS_AS(areas_of(grid, R"(ENGCRS["site",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],
                                    LENGTHUNIT["metre",1]])"),
                  sink::Error);
  CHECK_THROWS_AS(areas_of(grid, wkt_of("EPSG:4978")), sink::Error);
  CHECK_THROWS_AS(areas_of(grid, "nonsense"), sink::Error);
  CHECK_THROWS_AS(areas_of(grid, wkt_of("EPSG:4326")), sink::Error);  // metres taken for degrees
  Grid far = grid;
  far.x_min = 5e8;
  CHECK_THROWS_AS(PixelAreas(far), sink::Error);
}
