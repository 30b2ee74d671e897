// SPDX-License-Identifier: Apache-2.0
#include "raster/dataset.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "raster/geographic_grids.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using Catch::Matchers::Contains;
using sink::tests::refusal;
using sink::tests::TempFolder;

namespace {

struct Shape {
  int columns = 20, rows = 10, bands = 1;
  std::optional<std::array<double, 6>> affine = std::array<double, 6>{500000, 100, 0, 3000000, 0, -100};
  std::string crs = "EPSG:4548";
  std::vector<const char*> options = {};
  bool fill = true;
};

void write(const std::string& file, Shape shape = {}) {
  shape.options.push_back(nullptr);
  const GDALDatasetUniquePtr raster(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      file.c_str(), shape.columns, shape.rows, shape.bands, GDT_Byte, const_cast<char**>(shape.options.data())));
  REQUIRE(raster != nullptr);
  if (shape.affine) raster->SetGeoTransform(shape.affine->data());
  if (!shape.crs.empty()) raster->SetProjection(wkt_of(shape.crs).c_str());
  if (shape.fill) raster->GetRasterBand(1)->Fill(7);
}

std::string open_refusal(const std::string& file) {
  const std::string words = refusal(Error::Kind::input, [&] { open_raster(file); });
  CHECK(words.size() < 300 + 2 * file.size());
  CHECK(words.find('\n') == std::string::npos);
  return words;
}

std::string grid_refusal(const TempFolder& folder, const Shape& shape) {
  write(folder.file("grid.tif"), shape);
  const Dataset raster = open_raster(folder.file("grid.tif"));
  return refusal(Error::Kind::input, [&] { grid_of(raster); });
}

void write_text(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("a GeoTIFF opens and says its grid", "[dataset]") {
  const TempFolder folder;
  write(folder.file("林 分.tif"));
  const Dataset raster = open_raster(folder.file("林 分.tif"));
  CHECK(raster.columns() == 20);
  CHECK(raster.rows() == 10);
  CHECK(raster.bands() == 1);
  const Grid grid = grid_of(raster);
  CHECK(grid_difference(grid, {20, 10, 500000, 3000000, 100, 100, "", ""}).empty());
  CHECK(grid.crs_name == "EPSG:4548");
  CHECK(same_crs(grid.crs_wkt, wkt_of("EPSG:4548")));
  CHECK_THAT(refusal(Error::Kind::input, [&] { (void)raster.band(2); }), Contains("no band 2"));
}

TEST_CASE("a file that is no raster is refused with the way out", "[dataset]") {
  const TempFolder folder;
  write_text(folder.file("text.tif"), "not a raster");
  write_text(folder.file("vrt.tif"), "<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/>");
  mkfifo(folder.file("fifo.tif").c_str(), 0600);
  CHECK_THAT(open_refusal(folder.file("none.tif")), Contains("no such file"));
  CHECK_THAT(open_refusal(folder.file("")), Contains("is a folder"));
  CHECK_THAT(open_refusal(folder.file("fifo.tif")), Contains("not a regular file"));
  CHECK_THAT(open_refusal("/dev/zero"), Contains("not a regular file"));
  CHECK_THAT(open_refusal(folder.file("text.tif")), Contains("cannot be read as a GeoTIFF"));
  CHECK_THAT(open_refusal(folder.file("vrt.tif")), Contains("cannot be read as a GeoTIFF"));
  CHECK_THAT(open_refusal("/vsicurl/http://127.0.0.1/a.tif"), Contains("virtual paths"));
  CHECK_THAT(open_refusal("<VRTDataset/>"), Contains("virtual paths"));
  CHECK_THAT(open_refusal("GTIFF_DIR:1:" + folder.file("text.tif")), Contains("no such file"));
  CHECK_THAT(open_refusal(""), Contains("no file name"));
}

TEST_CASE("another driver opens only where it is allowed", "[dataset]") {
  const TempFolder folder;
  write(folder.file("a.tif"));
  write_text(folder.file("a.vrt"),
             "<VRTDataset rasterXSize=\"20\" rasterYSize=\"10\"><VRTRasterBand dataType=\"Byte\" band=\"1\">"
             "<SimpleSource><SourceFilename relativeToVRT=\"1\">a.tif</SourceFilename><SourceBand>1"
             "</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>");
  CHECK_THAT(open_refusal(folder.file("a.vrt")), Contains("--allow-driver"));
  CHECK(open_raster(folder.file("a.vrt"), {"VRT"}).columns() == 20);
}

TEST_CASE("a truncated file is found out", "[dataset]") {
  const TempFolder folder;
  write(folder.file("a.tif"), {.columns = 600, .rows = 600, .options = {"TILED=YES"}});
  const Dataset whole = open_raster(folder.file("a.tif"));
  CHECK(check_blocks(whole, 1) == 0);
  const auto size = std::filesystem::file_size(folder.file("a.tif"));
  std::filesystem::resize_file(folder.file("a.tif"), size - 1000);
  const Dataset cut = open_raster(folder.file("a.tif"));
  CHECK_THAT(refusal(Error::Kind::input, [&] { check_blocks(cut, 1); }), Contains("is truncated, block"));
  std::filesystem::resize_file(folder.file("a.tif"), 60);
  CHECK_THAT(open_refusal(folder.file("a.tif")), Contains("cannot be read"));
  write(folder.file("holes.tif"),
        {.columns = 600, .rows = 600, .options = {"TILED=YES", "SPARSE_OK=YES"}, .fill = false});
  CHECK(check_blocks(open_raster(folder.file("holes.tif")), 1) == 9);
}

TEST_CASE("headers that claim too much are refused before anything is allocated", "[dataset]") {
  const TempFolder folder;
  write(folder.file("pixels.tif"), {.columns = 2000000, .rows = 600000, .options = {"SPARSE_OK=YES"}, .fill = false});
  write(folder.file("block.tif"), {.columns = 40000,
                                   .rows = 40000,
                                   .options = {"SPARSE_OK=YES", "TILED=YES", "BLOCKXSIZE=20000", "BLOCKYSIZE=20000"},
                                   .fill = false});
  write(folder.file("bands.tif"), {.bands = 65});
  CHECK_THAT(open_refusal(folder.file("pixels.tif")), Contains("2000000 x 600000 pixels"));
  CHECK_THAT(open_refusal(folder.file("block.tif")), Contains("256 MiB"));
  CHECK_THAT(open_refusal(folder.file("bands.tif")), Contains("65 bands"));
}

TEST_CASE("sidecars are not read, and an external mask is refused", "[dataset]") {
  const TempFolder folder;
  write(folder.file("a.tif"));
  write_text(folder.file("a.tif.aux.xml"), "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform></PAMDataset>");
  write_text(folder.file("a.tfw"), "1\n0\n0\n-1\n0\n0\n");
  CHECK(grid_of(open_raster(folder.file("a.tif"))).x_min == 500000);
  write_text(folder.file("a.tif.msk"), "");
  CHECK_THAT(open_refusal(folder.file("a.tif")), Contains("gdal_translate --config GDAL_TIFF_INTERNAL_MASK YES"));
}

TEST_CASE("grids that are not north-up or have no place are refused", "[dataset]") {
  const TempFolder folder;
  const auto affine = [](std::array<double, 6> values) { return Shape{.affine = values}; };
  CHECK_THAT(grid_refusal(folder, affine({500000, 100, 1, 3000000, 0, -100})),
             Contains("rotated") && Contains("gdalwarp"));
  CHECK_THAT(grid_refusal(folder, affine({500000, 100, 0, 3000000, 0, 100})), Contains("south to north"));
  CHECK_THAT(grid_refusal(folder, affine({500000, -100, 0, 3000000, 0, -100})), Contains("east to west"));
  CHECK_THAT(grid_refusal(folder, {.affine = std::nullopt}), Contains("no georeference"));
  CHECK_THAT(grid_refusal(folder, {.crs = ""}), Contains("gdal_edit.py -a_srs EPSG:CODE"));
  CHECK_THAT(grid_refusal(folder, affine({NAN, 100, 0, 3000000, 0, -100})),
             Contains("not finite") || Contains("no georeference"));
}

TEST_CASE("a band behind the file's name", "[dataset]") {
  const TempFolder folder;
  write(folder.file("a.tif"));
  write(folder.file("b:2"));
  const auto parse = [](const std::string& text) {
    const BandPath path = parse_band_path(text);
    return path.file + "|" + std::to_string(path.band) + (path.band_given ? "!" : "");
  };
  CHECK(parse(folder.file("a.tif")) == folder.file("a.tif") + "|1");
  CHECK(parse(folder.file("a.tif:3")) == folder.file("a.tif") + "|3!");
  CHECK(parse(folder.file("b:2")) == folder.file("b:2") + "|1");
  CHECK(parse(folder.file("b:2:1")) == folder.file("b:2") + "|1!");
  CHECK(parse("none.tif") == "none.tif|1");
  for (const std::string band : {"0", "65", "-1", "x", "1x", ""}) {
    CAPTURE(band);
    CHECK_THAT(refusal(Error::Kind::input, [&] { parse_band_path(folder.file("a.tif:" + band)); }),
               Contains("FILE:BAND"));
  }
}

TEST_CASE("CRSs are the same whatever the order of their axes", "[dataset]") {
  CHECK(same_crs(wkt_of("EPSG:4326"), wkt_of("OGC:CRS84")));
  CHECK_FALSE(same_crs(wkt_of("EPSG:4326"), wkt_of("EPSG:4490")));
  CHECK_FALSE(same_crs(wkt_of("EPSG:4548"), wkt_of("EPSG:4549")));
  CHECK(crs_name(wkt_of("EPSG:4490")) == "EPSG:4490");
  CHECK_THAT(refusal(Error::Kind::input, [] { same_crs("nonsense", wkt_of("EPSG:4326")); }), Contains("nonsense"));
}

TEST_CASE("GDAL keeps quiet, and its errors are counted on the thread", "[dataset]") {
  set_up_gdal();
  clear_gdal_errors();
  CHECK(gdal_error_count() == 0);
  CHECK(gdal_error_text().empty());
  CPLError(CE_Warning, CPLE_AppDefined, "a warning");
  CPLError(CE_Failure, CPLE_AppDefined, "first\nline");
  CPLError(CE_Failure, CPLE_AppDefined, "second");
  CHECK(gdal_error_count() == 2);
  CHECK(gdal_error_text() == "first line");
  CHECK(std::string(CPLGetConfigOption("GDAL_PAM_ENABLED", "")) == "NO");
  CHECK(std::getenv("GDAL_DATA") == nullptr);
}

TEST_CASE("a vector file that another program is changing is refused", "[dataset]") {
  const TempFolder folder;
  tests::write_polygons(folder.file("z.gpkg"), wkt_of("EPSG:4490"), {{"1", "", "POLYGON((0 0,1 0,1 1,0 0))"}});
  CHECK(open_vector(folder.file("z.gpkg")));
  write_text(folder.file("z.gpkg-wal"), "pending");
  CHECK_THAT(refusal(Error::Kind::input, [&] { open_vector(folder.file("z.gpkg")); }), Contains("save and close"));
  write_text(folder.file("z.csv"), "a,b\n1,2\n");
  CHECK_THAT(refusal(Error::Kind::input, [&] { open_vector(folder.file("z.csv")); }), Contains("ogr2ogr"));
}
