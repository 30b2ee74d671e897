// SPDX-License-Identifier: Apache-2.0
// Folders of GeoTIFFs against the map that they were cut from.
#include <atomic>
#include <fstream>
#include <thread>

#include "raster/mosaic_pieces.hpp"
#include "raster/raster_folder.hpp"
#include "raster/tiff_header.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t all_columns = 700, all_rows = 500;

void write_pieces(const std::string& folder, const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces) write_piece(folder, piece);
}

/// Pixels of a window that are not the map's, as values and as codes; `shift` of the window's origin on the map.
int wrong_pixels(RasterSource& source, const Window& window, const std::vector<Piece>& pieces, bool codes_too,
                 Window shift = {0, 0, 0, 0}) {
  std::vector<double> values(static_cast<std::size_t>(window.pixels()), 12345);
  std::vector<std::int32_t> codes(values.size(), 12345);
  const bool valid = source.read(window, values);
  bool valid_code = valid, expect_valid = false;
  if (codes_too) valid_code = source.read_codes(window, codes);
  int wrong = 0;
  for (std::int64_t p = 0; p < window.pixels(); ++p) {
    const double known = known_at(pieces, shift.column + window.column + p % window.columns,
                                  shift.row + window.row + p / window.columns);
    expect_valid = expect_valid || !std::isnan(known);
    const double value = values[static_cast<std::size_t>(p)];
    const std::int32_t code = codes[static_cast<std::size_t>(p)];
    const bool right = std::isnan(known) ? std::isnan(value) : value == known;
    const bool right_code = !codes_too || code == (std::isnan(known) ? -1 : static_cast<std::int32_t>(known));
    wrong += right && right_code ? 0 : 1;
  }
  return wrong + (valid == expect_valid && valid_code == expect_valid ? 0 : 1);
}

int wrong_in_all_windows(RasterSource& source, const std::vector<Piece>& pieces, bool codes_too) {
  int wrong = wrong_pixels(source, {0, 0, all_columns, all_rows}, pieces, codes_too);
  std::mt19937 random(3);
  for (int i = 0; i < 60; ++i) {
    const auto below = [&](std::int64_t end) { return static_cast<std::int64_t>(random()) % end; };
    Window window{below(all_columns), below(all_rows), 1, 1};
    window.columns += below(all_columns - window.column);
    window.rows += below(all_rows - window.row);
    wrong += wrong_pixels(source, window, pieces, codes_too);
  }
  for (const std::int64_t rows : {1, 13}) {  // in parts of windows that are said before
    for (const Window whole : {Window{0, 0, 700, 500}, Window{256, 128, 256, 256}, Window{310, 160, 80, 80}}) {
      source.begin(whole);
      for (std::int64_t row = 0; row < whole.rows; row += rows) {
        const Window part{whole.column, whole.row + row, whole.columns, std::min(rows, whole.rows - row)};
        wrong += wrong_pixels(source, part, pieces, false);
      }
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE("a folder is the map its files were cut from, to the bit", "[mosaic]") {
  const TempFolder folder;
  const std::string path = folder.file("maps");
  auto all = pieces();
  const bool scaled = GENERATE(false, true);
  if (scaled) all[0].offset = -5, all[1].scale = 0.5, all[2].scale = 2, all[2].offset = -3, all[3].offset = -1;
  write_pieces(path, all);
  std::ofstream(path + "/a.tif.aux.xml") << "not looked at";
  std::ofstream(path + "/style.qml") << "nor this";
  std::ofstream(path + "/._a.tif") << "nor this";
  std::filesystem::create_directory(path + "/below.tif");
  for (const RasterIo io : {RasterIo::own, RasterIo::gdal}) {
    OpenFiles files;
    RasterSource source(files, folder.file(""), "maps", access_by(io));
    const Grid& grid = source.info().grid;
    CHECK(describe(grid) == "700 x 500 pixels of 100 x 100 from (500000, 3000000)");
    CHECK(grid.crs_name == "EPSG:4548");
    CHECK(source.info().files == 7);
    CHECK(source.info().covered == 700 * 500 - 100 * 100);
    CHECK(source.info().type == "Byte/Int16/Float32/UInt16/Float64/Int32");
    CHECK(wrong_in_all_windows(source, all, !scaled) == 0);
    CHECK(source.info_at(0, 0).path == path + "/a.tif");
    CHECK(source.info_at(699, 499).path == path + "/g.tif");
    CHECK(source.info_at(350, 200).path == "maps");
  }
}

TEST_CASE("a band of a folder, and a folder as one band of a file", "[mosaic]") {
  const TempFolder folder;
  auto all = pieces();
  for (Piece& piece : all) piece.bands = 3;
  write_pieces(folder.file("maps"), all);
  OpenFiles files;
  RasterSource source(files, folder.file(""), "maps:3", RasterAccess());
  CHECK(wrong_pixels(source, {0, 0, all_columns, all_rows}, all, true) == 0);
  RasterSource other(files, folder.file(""), "maps/:2", RasterAccess());
  std::vector<double> value(1);
  other.read({10, 10, 1, 1}, value);
  CHECK(value[0] == 7);
}

TEST_CASE("a folder is aligned as a file is", "[mosaic]") {
  const TempFolder folder;
  auto all = pieces();
  const bool scaled = GENERATE(false, true);
  if (scaled) all[0].offset = -5, all[1].scale = 0.5, all[2].scale = 2, all[2].offset = -3;
  write_pieces(folder.file("maps"), all);
  OpenFiles files;
  RasterSource source(files, folder.file(""), "maps", RasterAccess());
  Grid grid = source.info().grid;
  grid.x_min += 130 * 100 + 20;  // nearest: the pixel that holds the centre
  grid.y_max -= 90 * 100 - 20;
  grid.columns = 700;  // beyond the folder's
  source.align_to(grid);
  CHECK(source.info().grid.columns == 700);
  CHECK(wrong_pixels(source, grid.whole(), all, !scaled, {130, 90, 0, 0}) == 0);
  CHECK(wrong_pixels(source, {100, 100, 300, 200}, all, !scaled, {130, 90, 0, 0}) == 0);
  if (!scaled) return;
  std::vector<std::int32_t> codes(1);
  CHECK_THAT(refusal(Error::Kind::input, [&] { source.read_codes({0, 0, 1, 1}, codes); }), Contains("scales"));
}

TEST_CASE("only the files that a window touches are opened, and threads share them", "[mosaic]") {
  const TempFolder folder;
  std::vector<Piece> all;
  for (int i = 0; i < 70; ++i) {
    Piece piece{std::to_string(i) + ".tif", {i % 10 * 70, i / 10 * 70, 70, 70}};
    piece.options = {i % 3 == 0 ? "COMPRESS=LZW" : "COMPRESS=ZSTD"};
    all.push_back(piece);
  }
  write_pieces(folder.file("maps"), all);
  const RasterAccess access;
  OpenFiles files;
  RasterSource source(files, "", folder.file("maps"), access);
  const auto mosaic = access.shared->band(files, {folder.file("maps"), 1, false}, folder.file("maps"), access).mosaic;
  CHECK(mosaic->opened() == 0);
  CHECK(wrong_pixels(source, {71, 71, 69, 69}, all, true) == 0);
  CHECK(mosaic->opened() == 1);
  CHECK(wrong_pixels(source, {60, 60, 20, 20}, all, true) == 0);
  CHECK(mosaic->opened() == 4);
  std::atomic<int> next = 0, wrong = 0;
  const auto work = [&] {
    OpenFiles own;
    RasterSource mine(own, "", folder.file("maps"), access);
    for (int i = next++; i < 14 * 10; i = next++)
      wrong += wrong_pixels(mine, {i % 14 * 50, i / 14 * 49, 50, 49}, all, true);
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(mosaic->opened() == 70);
  CHECK(InputFile::open_now() <= InputFile::most_open());
}

TEST_CASE("what a header says is what GDAL finds, whatever kind of TIFF it is", "[mosaic]") {
  const TempFolder folder;
  const std::string path = folder.file("maps");
  std::vector<Piece> all;
  for (int i = 0; i < 6; ++i) {
    Piece piece{std::to_string(i) + ".tif", {i * 20, 0, 20, 10}};
    piece.options = {i % 2 == 0 ? "BIGTIFF=YES" : "BIGTIFF=NO", i == 3 ? "ENDIANNESS=BIG" : "ENDIANNESS=LITTLE"};
    all.push_back(piece);
  }
  write_pieces(path, all);
  CHECK(tiff_header_of(path + "/0.tif").geo_keys == tiff_header_of(path + "/1.tif").geo_keys);
  CHECK(!tiff_header_of(path + "/0.tif").geo_keys.empty());
  CHECK(tiff_header_of(path + "/3.tif").geo_keys.empty());
  CHECK(!tiff_header_of(path + "/1.tif").may_have_units);
  for (const auto& [name, unit] : {std::pair{"/2.tif", "m3/ha"}, {"/5.tif", "m3/ha"}}) {
    const GDALDatasetUniquePtr raster(GDALDataset::Open((path + name).c_str(), GDAL_OF_UPDATE));
    raster->GetRasterBand(1)->SetUnitType(unit);
  }
  CHECK(tiff_header_of(path + "/2.tif").may_have_units);
  OpenFiles files;
  RasterSource source(files, "", path, RasterAccess());
  CHECK(source.info().unit == "m3/ha");
  CHECK(wrong_pixels(source, {0, 0, 120, 10}, all, true) == 0);
  write_piece(path, {"6.tif", {120, 0, 20, 10}}, {500000, 3000000, 100, 4549});
  CHECK(tiff_header_of(path + "/6.tif").geo_keys != tiff_header_of(path + "/1.tif").geo_keys);
  std::ofstream(path + "/text") << "II*";
  CHECK(tiff_header_of(path + "/text").geo_keys.empty());
  CHECK(tiff_header_of(path + "/none").geo_keys.empty());
}

TEST_CASE("the grid of a folder is to the last bit that of the whole", "[mosaic]") {
  const TempFolder folder;
  const Place place{117.0, 28.3, 1.0 / 3600, 4490};
  std::vector<Piece> all = pieces();
  for (const Piece& piece : all) write_piece(folder.file("maps"), piece, place);
  write_piece(folder.file(""), {"whole.tif", {0, 0, 700, 500}}, place);
  OpenFiles files;
  const Grid cut = RasterSource(files, "", folder.file("maps"), RasterAccess()).info().grid;
  const Grid whole = RasterSource(files, "", folder.file("whole.tif"), RasterAccess()).info().grid;
  CHECK(cut.geotransform() == whole.geotransform());
  CHECK(cut.crs_wkt == whole.crs_wkt);
}
