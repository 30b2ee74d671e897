// SPDX-License-Identifier: Apache-2.0
// Blocks decoded by the library against GDAL's reading of the same files: every pixel to the bit.
#include <libdeflate.h>
#include <tiffio.h>

#include <atomic>
#include <thread>

#include "raster/tiff_files.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;
using Catch::Matchers::Contains;

namespace {

constexpr GDALDataType types[] = {GDT_Byte, GDT_Int16, GDT_UInt16, GDT_Int32, GDT_UInt32, GDT_Float32, GDT_Float64};

bool reads_itself(const std::string& path) {
  return BothWays(path).own.own_decoding();
}

}  // namespace

TEST_CASE("every codec, predictor, type and layout is as GDAL reads it", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  const std::pair<int, int> layouts[] = {{256, 256}, {512, 512}, {48, 80}, {0, 1}, {0, 7}, {0, 0}};
  int files = 0;
  for (const GDALDataType type : types) {
    const bool floating = GDALDataTypeIsFloating(type) != 0;
    for (const std::string compress : {"NONE", "DEFLATE", "ZSTD"}) {
      for (int predictor = 1; predictor <= (compress == "NONE" ? 1 : (floating ? 3 : 2)); ++predictor) {
        for (const auto& [columns, rows] : layouts) {
          TiffSpec spec{.type = type, .compress = compress, .predictor = predictor};
          spec.tile_columns = columns;
          spec.tile_rows = rows;
          spec.nodata = type == GDT_Byte ? 255 : type == GDT_UInt16 || type == GDT_UInt32 ? 65535 : -9999;
          if (columns == 512) spec.columns = 531, spec.rows = 523;
          spec.codes = files % 3 == 0;
          write_tiff(file, spec);
          INFO(spec.name());
          CHECK(reads_itself(file));
          CHECK(alike_in_all_windows(file));
          ++files;
        }
      }
    }
  }
  CHECK(files == 5 * 6 * 5 + 2 * 6 * 7);
}

TEST_CASE("other layouts that are decoded here: bands apart, BigTIFF, palettes, scale and offset", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  for (const int columns : {64, 0}) {
    TiffSpec spec{.predictor = 3, .tile_columns = columns, .tile_rows = 64, .bands = 3};
    spec.options = {"INTERLEAVE=BAND", "BIGTIFF=YES"};
    write_tiff(file, spec);
    for (const std::string band : {":1", ":2", ":3"}) {
      CHECK(reads_itself(file + band));
      CHECK(alike_in_all_windows(file + band));
    }
  }
  write_tiff(file, {.type = GDT_Byte, .predictor = 2, .nodata = 255, .codes = true});
  {
    const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str(), GDAL_OF_UPDATE));
    raster->GetRasterBand(1)->SetScale(0.1);
    raster->GetRasterBand(1)->SetOffset(-7);
  }
  CHECK(reads_itself(file));
  CHECK(alike_in_all_windows(file));
  BothWays both(file);
  std::vector<double> value(1);
  both.own.read({0, 0, 1, 1}, value);
  std::vector<std::int32_t> code(1);
  both.own.read_codes({0, 0, 1, 1}, code);
  CHECK(value[0] == code[0] * 0.1 - 7);
  write_tiff(file, {.type = GDT_Byte, .nodata = std::nullopt, .options = {"PHOTOMETRIC=PALETTE"}, .codes = true});
  CHECK(reads_itself(file));
  CHECK(alike_in_all_windows(file));
}

TEST_CASE("what is left to GDAL is read all the same", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  const auto left = [&](const TiffSpec& spec, const std::string& band = "") {
    write_tiff(file, spec);
    CHECK_FALSE(reads_itself(file + band));
    CHECK(alike_in_all_windows(file + band));
  };
  left({.options = {"ENDIANNESS=BIG"}});
  left({.type = GDT_Int16, .compress = "LZW", .predictor = 2});
  left({.type = GDT_Byte, .compress = "PACKBITS", .nodata = 255});
  left({.bands = 2, .options = {"INTERLEAVE=PIXEL"}}, ":2");
  left({.type = GDT_Byte, .nodata = 255, .options = {"NBITS=4"}});
  left({.type = GDT_Byte, .nodata = 255, .options = {"PHOTOMETRIC=MINISWHITE"}});
  set_up_gdal();
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
  write_tiff(file, {.nodata = std::nullopt});
  {
    const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str(), GDAL_OF_UPDATE));
    REQUIRE(raster->CreateMaskBand(GMF_PER_DATASET) == CE_None);
    std::vector<std::uint8_t> mask(100 * 100, 255);
    REQUIRE(raster->GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Write, 50, 60, 100, 100, mask.data(), 100, 100,
                                                              GDT_Byte, 0, 0, nullptr) == CE_None);
  }
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", nullptr);
  CHECK_FALSE(reads_itself(file));
  CHECK(alike_in_all_windows(file));
}

TEST_CASE("an aligned view is GDAL's, whoever reads the file", "[tiles]") {
  const TempFolder folder;
  write_tiff(folder.file("a.tif"), {.predictor = 3});
  BothWays both(folder.file("a.tif"));
  Grid grid = both.own.info().grid;
  grid.x_min += 30;
  grid.columns -= 20;
  both.own.align_to(grid);
  both.gdal.align_to(grid);
  CHECK_FALSE(both.own.own_decoding());
  CHECK(alike(both, grid.whole()));
}

TEST_CASE("holes are nodata where that is declared, and an error where it is not", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  for (const double nodata : {255.0, -9999.0, std::nan("")}) {
    TiffSpec spec{.type = nodata == 255 ? GDT_Byte : GDT_Float32, .tile_columns = 64, .tile_rows = 64};
    spec.nodata = nodata;
    spec.options = {"SPARSE_OK=YES"};
    write_tiff(file, spec, false);
    {
      const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str(), GDAL_OF_UPDATE));
      std::vector<double> some(50 * 50, 3);
      REQUIRE(raster->GetRasterBand(1)->RasterIO(GF_Write, 100, 100, 50, 50, some.data(), 50, 50, GDT_Float64, 0, 0,
                                                 nullptr) == CE_None);
    }
    INFO(nodata);
    CHECK(reads_itself(file));
    CHECK(alike_in_all_windows(file));
    BothWays both(file);
    CHECK(both.own.info().holes == 21);
    CHECK(both.gdal.info().holes == 21);
    std::vector<double> values(64 * 64);
    CHECK_FALSE(both.own.read({0, 0, 64, 64}, values));
    CHECK(both.own.read({128, 128, 64, 64}, values));
  }
  for (const RasterIo io : {RasterIo::own, RasterIo::gdal}) {
    const auto refused = [&](std::optional<double> nodata) {
      TiffSpec spec{.type = GDT_Byte, .nodata = nodata, .options = {"SPARSE_OK=YES"}};
      write_tiff(file, spec, false);
      OpenFiles files;
      return refusal(Error::Kind::input, [&] { RasterSource(files, "", file, access_by(io)); });
    };
    CHECK_THAT(refused(std::nullopt), Contains("4 blocks were never written and no nodata value is declared"));
    CHECK_THAT(refused(-9999), Contains("is none that Byte pixels can have"));
    CHECK_THAT(refused(0.5), Contains("is none that Byte pixels can have"));
  }
}

TEST_CASE("blocks of nothing but nodata are told from others", "[tiles]") {
  // The second row of tiles packs to the same bytes; the tiles at the right edge hold data beyond the raster.
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  write_tiff(file, {.type = GDT_Int16, .tile_columns = 64, .tile_rows = 64, .columns = 64, .rows = 64 * 4}, false);
  {
    const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str(), GDAL_OF_UPDATE));
    std::vector<double> none(64 * 64, -9999), other(64 * 64, 5);
    for (int block = 0; block < 4; ++block)
      REQUIRE(raster->GetRasterBand(1)->RasterIO(GF_Write, 0, 64 * block, 64, 64,
                                                 block == 2 ? other.data() : none.data(), 64, 64, GDT_Float64, 0, 0,
                                                 nullptr) == CE_None);
  }
  BothWays both(file);
  for (int block = 0; block < 4; ++block) CHECK(alike(both, {0, 64 * block, 64, 64}));
  std::vector<double> values(64 * 64, 0.0);
  CHECK_FALSE(both.own.read({0, 192, 64, 64}, values));
  CHECK(std::isnan(values[4095]));
}

TEST_CASE("a last strip that its writer filled up is read", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  write_tiff(file, {.type = GDT_Byte,
                    .compress = "DEFLATE",
                    .tile_columns = 0,
                    .tile_rows = 10,
                    .columns = 20,
                    .rows = 25,
                    .nodata = std::nullopt,
                    .codes = true});
  std::vector<std::uint8_t> pixels(200);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 7);
  std::vector<std::uint8_t> packed(1000);
  auto* compressor = libdeflate_alloc_compressor(6);
  packed.resize(libdeflate_zlib_compress(compressor, pixels.data(), pixels.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  TIFF* tiff = TIFFOpen(file.c_str(), "r+");
  REQUIRE(TIFFWriteRawStrip(tiff, 2, packed.data(), static_cast<tmsize_t>(packed.size())) > 0);
  TIFFClose(tiff);
  CHECK(reads_itself(file));
  BothWays both(file);  // libtiff 4.5 gives zeros here, and no error
  std::vector<std::int32_t> codes(20);
  for (int row = 20; row < 25; ++row) {
    both.own.read_codes({0, row, 20, 1}, codes);
    for (int column = 0; column < 20; ++column)
      CHECK(codes[static_cast<std::size_t>(column)] == ((row - 20) * 20 + column) * 7 % 256);
  }
}

TEST_CASE("a file that changes between two openings is described again", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  const RasterAccess access;
  write_tiff(file, {.columns = 100});
  OpenFiles before;
  CHECK(RasterSource(before, "", file, access).info().grid.columns == 100);
  std::filesystem::remove(file);
  write_tiff(file, {.columns = 90});
  OpenFiles after;
  CHECK(RasterSource(after, "", file, access).info().grid.columns == 90);
}

TEST_CASE("threads share strips, whatever room there is for them, and nothing stays behind", "[tiles]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  for (const int columns : {0, 256}) {
    write_tiff(file, {.compress = "DEFLATE",
                      .predictor = 3,
                      .tile_columns = columns,
                      .tile_rows = columns == 0 ? 9 : 256,
                      .columns = 1024,
                      .rows = 512});
    OpenFiles whole_files;
    std::vector<double> whole(1024 * 512);
    RasterSource(whole_files, "", file, access_by(RasterIo::gdal)).read({0, 0, 1024, 512}, whole);
    for (const std::size_t room : {std::size_t{1} << 30, std::size_t{200000}, std::size_t{0}}) {
      RasterAccess access;
      access.cache_bytes = room;
      std::atomic<int> next = 0, different = 0;
      const auto work = [&] {
        OpenFiles files;
        RasterSource source(files, "", file, access);
        std::vector<double> part(64 * 64);
        for (int i = next++; i < 16 * 8; i = next++) {
          const Window window{i % 16 * 64, i / 16 * 64, 64, 64};
          source.read(window, part);
          for (std::int64_t p = 0; p < 64 * 64; ++p) {
            const double a = part[static_cast<std::size_t>(p)];
            const double b = whole[static_cast<std::size_t>((window.row + p / 64) * 1024 + window.column + p % 64)];
            different += a == b || (std::isnan(a) && std::isnan(b)) ? 0 : 1;
          }
        }
      };
      std::vector<std::thread> threads;
      for (int t = 0; t < 4; ++t) threads.emplace_back(work);
      for (auto& thread : threads) thread.join();
      CHECK(different == 0);
      CHECK(access.shared->cache()->bytes() <= room);
      if (room > 1000000) CHECK(access.shared->cache()->bytes() == 0);
    }
  }
}
