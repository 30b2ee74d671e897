// SPDX-License-Identifier: Apache-2.0
// Damaged files: never a crash, and the same refusal as GDAL's reading gives, or the same pixels.
#include <cstring>
#include <fstream>
#include <iterator>

#include "raster/tiff_files.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

using Bytes = std::vector<char>;

Bytes bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::uint64_t number_at(const Bytes& bytes, std::size_t place, std::size_t size) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + place, size);
  return number;
}

/// Where a block's entry of a tag (TileOffsets 324, TileByteCounts 325) stands in a little-endian classic TIFF, and how
/// many bytes it has.
std::pair<std::size_t, std::size_t> entry_of(const Bytes& bytes, std::uint64_t tag, std::size_t block) {
  const std::size_t directory = number_at(bytes, 4, 4);
  for (std::size_t i = 0; i < number_at(bytes, directory, 2); ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (number_at(bytes, entry, 2) != tag) continue;
    const std::size_t size = number_at(bytes, entry + 2, 2) == 3 ? 2 : 4;
    const std::size_t all = size * number_at(bytes, entry + 4, 4);
    return {(all <= 4 ? entry + 8 : number_at(bytes, entry + 8, 4)) + size * block, size};
  }
  throw std::runtime_error("no such tag");
}

struct TiledFile {
  TiledFile(const TempFolder& folder, TiffSpec spec) : path(folder.file("tiles.tif")) {
    spec.tile_columns = spec.tile_rows = 64;
    write_tiff(path, spec);
    bytes = bytes_of(path);
  }
  [[nodiscard]] std::uint64_t get(std::uint64_t tag, std::size_t block) const {
    const auto [place, size] = entry_of(bytes, tag, block);
    return number_at(bytes, place, size);
  }
  /// Writes the file with another number for a block.
  void set(std::uint64_t tag, std::size_t block, std::uint64_t number) const {
    Bytes changed = bytes;
    const auto [place, size] = entry_of(bytes, tag, block);
    std::memcpy(changed.data() + place, &number, size);
    write_bytes(path, changed);
  }
  std::string path;
  Bytes bytes;
};

constexpr std::uint64_t offsets = 324, counts = 325;

std::string opening(const std::string& file, RasterIo io) {
  try {
    OpenFiles files;
    const RasterSource source(files, "", file, access_by(io));
    return "holes: " + std::to_string(source.info().holes);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a damaged block is refused with its place", "[damage]") {
  const TempFolder folder;
  for (const std::string compress : {"ZSTD", "DEFLATE"}) {
    const TiledFile tiles(folder, {.compress = compress, .predictor = 3});
    Bytes changed = tiles.bytes;
    std::fill_n(changed.begin() + static_cast<std::ptrdiff_t>(tiles.get(offsets, 6)), 16, '\xff');
    write_bytes(tiles.path, changed);
    BothWays both(tiles.path);
    REQUIRE(both.own.own_decoding());
    std::vector<double> values(301 * 277);
    for (RasterSource* source : {&both.own, &both.gdal}) {
      const std::string words =
          refusal(Error::Kind::input, [&] { source->read(both.own.info().grid.whole(), values); });
      CHECK_THAT(words,
                 StartsWith(tiles.path + ": cannot be read at column 64, row 64: the file is damaged or cut off, "
                                         "make it again ("));
    }
    CHECK(alike(both, {64, 64, 10, 10}));
    CHECK(alike(both, {0, 0, 64, 64}));
  }
}

TEST_CASE("a byte changed anywhere gives what GDAL gives, or is refused", "[damage]") {
  const TempFolder folder;
  int refused = 0, stricter = 0;
  for (const std::string compress : {"ZSTD", "DEFLATE"}) {
    for (const GDALDataType type : {GDT_Float32, GDT_Byte}) {
      TiffSpec spec{.type = type, .compress = compress, .predictor = 2, .columns = 128, .rows = 128};
      if (type == GDT_Byte) spec.nodata = 255;
      const TiledFile tiles(folder, spec);
      std::mt19937 random(3);
      for (int trial = 0; trial < 60; ++trial) {
        Bytes changed = tiles.bytes;
        const std::size_t block = random() % 4;
        changed[tiles.get(offsets, block) + random() % tiles.get(counts, block)] ^=
            static_cast<char>(1U << random() % 8);
        write_bytes(tiles.path, changed);
        BothWays both(tiles.path);
        REQUIRE(both.own.own_decoding());
        std::vector<double> own(128 * 128), gdal(128 * 128);
        const auto a = outcome(own, [&](auto& v) { return both.own.read({0, 0, 128, 128}, v); });
        const auto b = outcome(gdal, [&](auto& v) { return both.gdal.read({0, 0, 128, 128}, v); });
        const bool same = a == b && own.size() == gdal.size() &&
                          std::equal(own.begin(), own.end(), gdal.begin(),
                                     [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
        refused += own.empty() ? 1 : 0;
        stricter += own.empty() && !gdal.empty() ? 1 : 0;
        INFO(compress << " trial " << trial << ": own " << a << ", gdal " << b);
        CHECK((same || (own.empty() && !gdal.empty())));
      }
    }
  }
  CHECK(refused > 60);
  // A DEFLATE stream that goes on after its block is full: libtiff takes whatever its buffer held before for pixels.
  CHECK(stricter < 40);
}

TEST_CASE("byte counts and offsets that cannot be", "[damage]") {
  const TempFolder folder;
  for (const std::string compress : {"ZSTD", "DEFLATE", "NONE"}) {
    const TiledFile tiles(folder, {.compress = compress});
    INFO(compress);
    const auto opened = [&](const std::string& words) {
      CHECK_THAT(opening(tiles.path, RasterIo::own), Contains(words));
      CHECK_THAT(opening(tiles.path, RasterIo::gdal), Contains(words));
    };
    tiles.set(counts, 6, 0);
    opened("holes: 1");
    CHECK(alike_in_all_windows(tiles.path));
    tiles.set(counts, 6, 0xffffffffU);
    opened(entry_of(tiles.bytes, counts, 6).second == 2 ? "holes: 0" : "is truncated, block 1, 1 lies beyond its end");
    tiles.set(offsets, 6, 0xfffffff0U);
    opened("is truncated, block 1, 1 lies beyond its end");
    tiles.set(counts, 6, tiles.get(counts, 6) / 2);
    opened("holes: 0");
    if (compress != "NONE") CHECK(alike_in_all_windows(tiles.path));
    std::vector<double> values(64 * 64);  // GDAL does not look at the count of what is not packed
    CHECK_THAT(refusal(Error::Kind::input,
                       [&] {
                         BothWays(tiles.path).own.read({64, 64, 64, 64}, values);
                       }),
               Contains("column 64, row 64: the file is damaged or cut off"));
    tiles.set(counts, 6, tiles.get(counts, 6) + 100);  // runs into the next block, which is none of its business
    opened("holes: 0");
    CHECK(alike_in_all_windows(tiles.path));
    tiles.set(offsets, 6, 8);
    opened("holes: 0");
    if (compress != "NONE") CHECK(alike(*std::make_unique<BothWays>(tiles.path), {64, 64, 64, 64}));
    write_bytes(tiles.path, Bytes(tiles.bytes.begin(), tiles.bytes.end() - 3000));
    opened("is truncated");
  }
  const TiledFile bare(folder, {.nodata = std::nullopt});
  bare.set(counts, 6, 0);
  CHECK_THAT(opening(bare.path, RasterIo::own), Contains("1 blocks were never written and no nodata value"));
}

TEST_CASE("a file that is cut off while it is read is refused", "[damage]") {
  const TempFolder folder;
  const TiledFile tiles(folder, {.compress = "DEFLATE"});
  BothWays both(tiles.path);
  std::filesystem::resize_file(tiles.path, tiles.get(offsets, 6) + 10);
  std::vector<double> values(64 * 64);
  CHECK_THAT(refusal(Error::Kind::input,
                     [&] {
                       both.own.read({64, 64, 64, 64}, values);
                     }),
             Contains("column 64, row 64: the file is damaged or cut off"));
}
