// SPDX-License-Identifier: Apache-2.0
// Folders that are not one map, and files in them that are damaged.
#include <fstream>

#include "raster/mosaic_pieces.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;
using Catch::Matchers::Contains;

namespace {

/// Why a folder of these files is refused, on one line.
std::string refused(const std::vector<std::pair<Piece, Place>>& files, const std::string& band = "") {
  const TempFolder folder;
  const std::string path = folder.file("maps");
  for (const auto& [piece, place] : files) write_piece(path, piece, place);
  OpenFiles open;
  const std::string words = refusal(Error::Kind::input, [&] { RasterSource(open, "", path + band, RasterAccess()); });
  CHECK(words.find('\n') == std::string::npos);
  return words;
}

}  // namespace

TEST_CASE("a folder that is not one map is refused with the file at fault", "[mosaic]") {
  const Piece a{"a.tif", {0, 0, 40, 40}}, beside{"b.tif", {40, 0, 30, 40}};
  CHECK_THAT(refused({{a, {}}, {{"b.tif", {39, 39, 5, 5}}, {}}}),
             Contains("/maps/b.tif: overlaps ") && Contains("/maps/a.tif by 1 x 1 pixels"));
  CHECK_THAT(refused({{beside, {}}, {{"c.tif", {60, 7, 40, 3}}, {}}}),
             Contains("c.tif: overlaps ") && Contains("10 x 3"));
  CHECK_THAT(refused({{a, {}}, {beside, {500050, 3000000, 100, 4548}}}),
             Contains("b.tif: lies beside the pixels of ") && Contains("0.5 columns and 0 rows"));
  CHECK_THAT(refused({{a, {}}, {beside, {500000, 3000000.02, 100, 4548}}}), Contains("b.tif: lies beside the pixels"));
  CHECK_THAT(refused({{a, {}}, {beside, {500000, 3000000, 50, 4548}}}),
             Contains("b.tif: has another pixel size than ") && Contains("50 x 50 against 100 x 100"));
  CHECK_THAT(refused({{a, {}}, {beside, {500000, 3000000, 100.001, 4548}}}), Contains("another pixel size"));
  CHECK_THAT(refused({{a, {}}, {beside, {500000, 3000000, 100, 4549}}}),
             Contains("b.tif: has another CRS than ") && Contains("EPSG:4549 against EPSG:4548"));
  Piece two = beside;
  two.bands = 2;
  CHECK_THAT(refused({{a, {}}, {two, {}}}), Contains("b.tif: has 2 bands, ") && Contains("a.tif has 1 band"));
  CHECK_THAT(refused({{a, {}}, {beside, {}}}, ":2"), Contains("a.tif: has no band 2: it has bands 1 to 1"));
  CHECK_THAT(refused({{a, {}}, {{"b.tif", {2000000, 1000000, 5, 5}}, {}}}),
             Contains("/maps: its files lie so far apart") && Contains("2^40"));
  Piece complex = beside;
  complex.type = GDT_CFloat32;
  CHECK_THAT(refused({{a, {}}, {complex, {}}}), Contains("b.tif: complex pixels"));
}

TEST_CASE("folders without GeoTIFFs, broken files, units that differ", "[mosaic]") {
  const TempFolder folder;
  const std::string path = folder.file("maps");
  OpenFiles files;
  const auto words = [&] {
    return refusal(Error::Kind::input, [&] { RasterSource(files, "", path, RasterAccess()); });
  };
  std::filesystem::create_directory(path);
  CHECK_THAT(words(), Contains("/maps: this folder holds no *.tif or *.tiff"));
  write_piece(path, {"a.tif", {0, 0, 40, 40}});
  write_piece(path, {"b.tif", {40, 0, 40, 40}});
  std::ofstream(path + "/x.tif") << "a text";
  CHECK_THAT(words(), Contains("/maps/x.tif: cannot be read as a GeoTIFF"));
  std::filesystem::remove(path + "/x.tif");
  write_piece(path, {"c.tif", {80, 0, 40, 40}});
  const auto unit = [&](const char* name, const char* text) {
    const GDALDatasetUniquePtr raster(GDALDataset::Open((path + name).c_str(), GDAL_OF_UPDATE));
    raster->GetRasterBand(1)->SetUnitType(text);
  };
  unit("/b.tif", "m3/ha");
  std::filesystem::create_directory(path + "/later");  // the folder is looked at again
  CHECK(RasterSource(files, "", path, RasterAccess()).info().unit == "m3/ha");
  unit("/c.tif", "m3/mu");
  std::filesystem::remove(path + "/later");
  CHECK_THAT(words(), Contains("/maps/c.tif: has the unit m3/mu, ") && Contains("b.tif has m3/ha"));
  write_piece(path, {"c.tif", {80, 0, 40, 40}});  // its header first, as a file cut off has
  std::filesystem::resize_file(path + "/c.tif", std::filesystem::file_size(path + "/c.tif") - 5000);
  RasterSource source(files, "", path, RasterAccess());
  std::vector<double> values(120 * 40);
  CHECK(source.read({0, 0, 80, 40}, std::span(values).first(80 * 40)));
  CHECK_THAT(refusal(Error::Kind::input,
                     [&] {
                       source.read({0, 0, 120, 40}, values);
                     }),
             Contains("/maps/c.tif: is truncated"));
}

TEST_CASE("blocks that were never written are nodata only where a file says so", "[mosaic]") {
  const TempFolder folder;
  write_piece(folder.file("maps"), {"a.tif", {0, 0, 301, 277}});
  TiffSpec spec{.nodata = std::nullopt};
  spec.options = {"SPARSE_OK=YES"};
  write_tiff(folder.file("maps/holes.tif"), spec, false);
  {
    const GDALDatasetUniquePtr raster(GDALDataset::Open(folder.file("maps/holes.tif").c_str(), GDAL_OF_UPDATE));
    double transform[6] = {500000 + 30100, 100, 0, 3000000, 0, -100};
    raster->SetGeoTransform(transform);
  }
  OpenFiles files;
  for (const RasterIo io : {RasterIo::own, RasterIo::gdal}) {
    RasterSource source(files, "", folder.file("maps"), access_by(io));
    std::vector<double> values(10);
    source.read({0, 0, 10, 1}, values);
    CHECK_THAT(refusal(Error::Kind::input,
                       [&] {
                         source.read({300, 0, 10, 1}, values);
                       }),
               Contains("/maps/holes.tif: 4 blocks were never written and no nodata value is declared"));
    CHECK_THAT(refusal(Error::Kind::input, [&] { source.align_to(source.info().grid); }),
               Contains("holes.tif: 4 blocks"));
  }
}

TEST_CASE("a folder that files come to or go from during a run is refused", "[mosaic]") {
  const TempFolder folder;
  const std::string path = folder.file("maps");
  write_piece(path, {"b.tif", {40, 0, 40, 40}});
  write_piece(path, {"c.tif", {80, 0, 40, 40}});
  OpenFiles files;
  const RasterAccess access;  // of one run
  const Grid grid = RasterSource(files, "", path, access).info().grid;
  std::filesystem::create_directory(path + "/out");  // its results may lie below
  CHECK(describe(RasterSource(files, "", path, access).info().grid) == describe(grid));
  const auto words = [&] { return refusal(Error::Kind::input, [&] { RasterSource(files, "", path, access); }); };
  write_piece(path, {"a.tif", {0, 0, 40, 40}});  // would move the corner
  CHECK_THAT(words(), Contains("/maps: files came or went"));
  std::filesystem::remove(path + "/a.tif");
  CHECK(describe(RasterSource(files, "", path, access).info().grid) == describe(grid));
  std::filesystem::rename(path + "/c.tif", path + "/d.tif");
  CHECK_THAT(words(), Contains("/maps: files came or went"));
  CHECK(describe(RasterSource(files, "", path, RasterAccess()).info().grid) == describe(grid));
}

TEST_CASE("a file of a folder that changes during a run is refused, whoever decodes it", "[mosaic]") {
  const std::string compress = GENERATE("COMPRESS=ZSTD", "COMPRESS=LZW");
  const TempFolder folder;
  const std::string path = folder.file("maps");
  Piece a{"a.tif", {0, 0, 40, 40}}, b{"b.tif", {40, 0, 40, 40}};
  a.options = b.options = {compress};
  write_piece(path, a);
  write_piece(path, b);
  OpenFiles files;
  RasterSource source(files, "", path, RasterAccess());
  std::vector<double> values(40 * 40);
  for (const std::int64_t column : {0, 40}) source.read({column, 0, 40, 40}, values);
  a.place.column = 1;
  write_piece(path, a);
  CHECK_THAT(refusal(Error::Kind::input, [&] { source.read({0, 0, 40, 40}, values); }), Contains("/maps/a.tif: "));
}
