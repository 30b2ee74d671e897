// SPDX-License-Identifier: Apache-2.0
// Our own encoder against GDAL's path: equal pixels, overviews and metadata; and the same bytes whatever came when.
#include "raster/raster_output.hpp"

#include <gdal_priv.h>
#include <gdal_utils.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <regex>
#include <thread>

#include "raster/dataset.hpp"
#include "raster/geographic_grids.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/memory_archive.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::MemoryArchive;
using sink::tests::TempFolder;

namespace {

Grid grid_of_size(std::int64_t columns, std::int64_t rows) {
  return {columns, rows, 500000, 3000000, 10, 10, wkt_of("EPSG:4548"), "EPSG:4548"};
}

/// Stands of a few values, noise in some, holes, and one large part that is wholly nodata.
std::vector<float> measures(const Grid& grid) {
  std::mt19937 random(11);
  std::vector<float> values;
  for (std::int64_t r = 0; r < grid.rows; ++r) {
    for (std::int64_t c = 0; c < grid.columns; ++c) {
      const bool away = c >= 512 && c < 1100 && r < 530, hole = random() % 23 == 0;
      const float stand = static_cast<float>((c / 37 * 7 + r / 41 * 3) % 50) * 1.37F;
      const float noise = r % 90 < 30 ? static_cast<float>(random() % 1000) / 999 : 0;
      values.push_back(away || hole ? std::nanf("") : stand + noise);
    }
  }
  return values;
}

std::vector<std::uint32_t> codes(const Grid& grid, RasterPixels type) {
  std::mt19937 random(12);
  std::vector<std::uint32_t> values;
  for (std::int64_t i = 0; i < grid.pixels(); ++i) {
    const bool away = i / grid.columns < 520 && i % grid.columns >= 512;
    values.push_back(away || random() % 9 == 0 ? nodata_code(type) : 1 + static_cast<std::uint32_t>(random() % 3) * 70);
  }
  return values;
}

struct Case {
  std::int64_t columns = 1025, rows = 700;
  RasterPixels type = RasterPixels::float32;
  RasterFormat format = {};
  std::int64_t window_columns = 512, window_rows = 512;
  int threads = 1;
  unsigned seed = 0;  ///< of the order of windows; 0: as they lie
};

template <class T>
void write_windows(
    RasterOutput& output, const Case& c, const Grid& grid, const std::vector<T>& values,
    const std::function<bool(const Window&)>& chosen = [](const Window&) { return true; }) {
  std::vector<Window> windows;
  for (std::int64_t row = 0; row < grid.rows; row += c.window_rows) {
    for (std::int64_t column = 0; column < grid.columns; column += c.window_columns) {
      windows.push_back(
          {column, row, std::min(c.window_columns, grid.columns - column), std::min(c.window_rows, grid.rows - row)});
      if (!chosen(windows.back())) windows.pop_back();
    }
  }
  if (c.seed != 0) std::shuffle(windows.begin(), windows.end(), std::mt19937(c.seed));
  const auto work = [&](std::size_t first, std::size_t step) {
    TileScratch scratch;
    std::vector<T> part;
    for (std::size_t i = first; i < windows.size(); i += step) {
      const Window& w = windows[i];
      part.clear();
      for (std::int64_t row = w.row; row < w.row + w.rows; ++row) {
        const auto begin = values.begin() + row * grid.columns + w.column;
        part.insert(part.end(), begin, begin + w.columns);
      }
      output.write(scratch, w, std::span<const T>(part));
    }
  };
  std::vector<std::thread> threads;
  const auto n = static_cast<std::size_t>(c.threads);
  for (std::size_t t = 0; t < n; ++t) threads.emplace_back(work, t, n);
  for (auto& thread : threads) thread.join();
}

constexpr std::int64_t plenty = 1 << 30;

/// Writes the raster of a case; says whether our encoder did.
bool write(const TempFolder& folder, const std::string& name, const Case& c) {
  const Grid grid = grid_of_size(c.columns, c.rows);
  RasterOutput output(folder.file(name + ".working"), grid, c.window_columns, c.window_rows, {"Carbon, 碳", "t C/ha"},
                      c.format, c.type, plenty);
  const bool own = output.in_any_order();
  StoredStatistics statistics;
  if (c.type == RasterPixels::float32) {
    const auto values = measures(grid);
    statistics.add(values);
    write_windows(output, c, grid, values);
  } else {
    write_windows(output, c, grid, codes(grid, c.type));
  }
  output.finish(folder.file(name), statistics, [](double) { return true; });
  CHECK_FALSE(std::filesystem::exists(folder.file(name + ".working")));
  return own;
}

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<double> pixels_of(GDALRasterBand& band) {
  std::vector<double> values(static_cast<std::size_t>(band.GetXSize()) * static_cast<std::size_t>(band.GetYSize()));
  REQUIRE(band.RasterIO(GF_Read, 0, 0, band.GetXSize(), band.GetYSize(), values.data(), band.GetXSize(),
                        band.GetYSize(), GDT_Float64, 0, 0, nullptr) == CE_None);
  return values;
}

bool same_pixels(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

std::string info_of(const std::string& file) {
  const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str()));
  REQUIRE(raster != nullptr);
  CPLStringList arguments;
  for (const char* argument : {"-json", "-checksum", "-mdd", "all"}) arguments.AddString(argument);
  GDALInfoOptions* options = GDALInfoOptionsNew(arguments.List(), nullptr);
  char* text = GDALInfo(GDALDataset::ToHandle(raster.get()), options);
  std::string info = text;
  CPLFree(text);
  GDALInfoOptionsFree(options);
  const std::string name = std::filesystem::path(file).filename();
  for (std::size_t at = info.find(name); at != std::string::npos; at = info.find(name)) info.erase(at, name.size());
  return info;
}

/// Both ways, compared by GDAL's eyes.
void check_like_gdal(const TempFolder& folder, Case c, bool own = true) {
  INFO(c.columns << " x " << c.rows << ", type " << static_cast<int>(c.type) << ", "
                 << (c.format.cog ? "COG" : "GTiff"));
  for (const auto& option : c.format.creation_options) UNSCOPED_INFO(option);
  c.format.io = RasterIo::own;
  CHECK(write(folder, "own.tif", c) == own);
  c.format.io = RasterIo::gdal;
  CHECK_FALSE(write(folder, "gdal.tif", c));
  const GDALDatasetUniquePtr ours(GDALDataset::Open(folder.file("own.tif").c_str()));
  const GDALDatasetUniquePtr theirs(GDALDataset::Open(folder.file("gdal.tif").c_str()));
  REQUIRE(ours != nullptr);
  REQUIRE(theirs != nullptr);
  GDALRasterBand &a = *ours->GetRasterBand(1), &b = *theirs->GetRasterBand(1);
  CHECK(same_pixels(pixels_of(a), pixels_of(b)));
  REQUIRE(a.GetOverviewCount() == b.GetOverviewCount());
  for (int i = 0; i < a.GetOverviewCount(); ++i) {
    CHECK(a.GetOverview(i)->GetXSize() == b.GetOverview(i)->GetXSize());
    CHECK(a.GetOverview(i)->GetYSize() == b.GetOverview(i)->GetYSize());
    CHECK(same_pixels(pixels_of(*a.GetOverview(i)), pixels_of(*b.GetOverview(i))));
  }
  CHECK(info_of(folder.file("own.tif")) == info_of(folder.file("gdal.tif")));
  CHECK(check_blocks(open_raster(folder.file("own.tif")), 1) == check_blocks(open_raster(folder.file("gdal.tif")), 1));
}

}  // namespace

TEST_CASE("our encoder and GDAL's path make the same raster, for every type, codec and size", "[raster_output]") {
  const TempFolder folder;
  for (const RasterPixels type :
       {RasterPixels::float32, RasterPixels::uint8, RasterPixels::uint16, RasterPixels::uint32}) {
    for (const bool cog : {true, false}) {
      for (const auto& options : std::vector<std::vector<std::string>>{
               {},
               {"COMPRESS=DEFLATE"},
               {"COMPRESS=DEFLATE", "LEVEL=1"},
               {"COMPRESS=NONE"},
               {"LEVEL=5", "BIGTIFF=YES"},
               {"SPARSE_OK=TRUE"},
               cog ? std::vector<std::string>{"PREDICTOR=NO", "BLOCKSIZE=128"}
                   : std::vector<std::string>{"PREDICTOR=1", "BLOCKXSIZE=256", "BLOCKYSIZE=128"},
               cog ? std::vector<std::string>{"PREDICTOR=STANDARD", "OVERVIEWS=NONE"}
                   : std::vector<std::string>{"PREDICTOR=2", "ZSTD_LEVEL=3"}}) {
        check_like_gdal(folder, {.type = type, .format = {cog, options}});
      }
    }
  }
  for (const auto& [columns, rows] :
       {std::pair(1, 1), {511, 513}, {513, 2}, {512, 512}, {2051, 3}, {3, 1100}, {1024, 1030}}) {
    check_like_gdal(folder, {.columns = columns, .rows = rows});
    check_like_gdal(folder, {.columns = columns, .rows = rows, .type = RasterPixels::uint16, .format = {false, {}}});
  }
}

TEST_CASE("what our encoder lacks goes to GDAL", "[raster_output]") {
  const TempFolder folder;
  for (const std::string option :
       {"COMPRESS=LZW", "OVERVIEW_RESAMPLING=NEAREST", "OVERVIEW_COUNT=1", "LEVEL=99", "BLOCKSIZE=1000"}) {
    Case c{.columns = 600, .rows = 520, .format = {true, {option}}};
    INFO(option);
    bool own = true;
    try {
      own = write(folder, "a.tif", c);
    } catch (const Error&) {
      own = false;  // a value that GDAL refuses
    }
    CHECK_FALSE(own);
  }
}

TEST_CASE("any threads, order and shape of windows give the same bytes", "[raster_output]") {
  const TempFolder folder;
  for (const RasterPixels type : {RasterPixels::float32, RasterPixels::uint8, RasterPixels::uint16}) {
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"SPARSE_OK=YES"}}) {
      Case c{.columns = 2600, .rows = 1300, .type = type, .format = {true, options}};
      CHECK(write(folder, "first.tif", c));
      const std::string first = bytes_of(folder.file("first.tif"));
      for (const auto& [width, height] : {std::pair(512, 512), {1024, 512}, {2600, 1}, {2600, 700}, {100, 333}}) {
        for (const int threads : {1, 4}) {
          INFO(width << " x " << height << ", " << threads << " threads");
          c.window_columns = width;
          c.window_rows = height;
          c.threads = threads;
          c.seed = static_cast<unsigned>(width + threads);
          CHECK(write(folder, "again.tif", c));
          CHECK((bytes_of(folder.file("again.tif")) == first));
        }
      }
    }
  }
}

TEST_CASE("a raster made in parts that are put together has the bytes of one made at once", "[raster_output]") {
  const TempFolder folder;
  for (const auto type : {RasterPixels::float32, RasterPixels::uint8, RasterPixels::uint16}) {
    // Windows that are no whole tiles too, so that parts meet inside of them.
    for (const std::int64_t side : {128, 512, 200}) {
      Case c;
      c.columns = 1400;
      c.rows = 1300;
      c.type = type;
      c.window_columns = c.window_rows = side;
      c.format.cog = side != 128;
      if (side == 128) c.format.creation_options = {"SPARSE_OK=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=256"};
      REQUIRE(write(folder, "once.tif", c));

      const Grid grid = grid_of_size(c.columns, c.rows);
      const auto output = [&](const std::string& name) {
        return RasterOutput(folder.file(name), grid, side, side, {"Carbon, 碳", "t C/ha"}, c.format, c.type, plenty);
      };
      constexpr std::size_t parts = 3;
      std::vector<MemoryArchive> saved(parts);
      StoredStatistics statistics;
      for (std::size_t part = 0; part < parts; ++part) {
        RasterOutput own = output("part.working");
        const auto mine = [&](const Window& w) {
          return static_cast<std::size_t>(w.column / side * 7 + w.row / side * 5) % 11 % parts == part;
        };
        if (type == RasterPixels::float32) {
          const auto values = measures(grid);
          if (part == 0) statistics.add(values);
          write_windows(own, c, grid, values, mine);
        } else {
          write_windows(own, c, grid, codes(grid, type), mine);
        }
        ArchiveWriter archive(saved[part]);
        own.save(archive);
      }
      RasterOutput whole = output("whole.working");
      TileScratch scratch;
      for (const std::size_t part : {2, 0, 1}) {
        ArchiveReader archive(saved[part]);
        whole.load(archive, scratch);
        CHECK(saved[part].left() == 0);
      }
      whole.finish(folder.file("parts.tif"), statistics, [](double) { return true; });
      CHECK(bytes_of(folder.file("parts.tif")) == bytes_of(folder.file("once.tif")));
      // A part that comes twice, and one that is missing, are faults.
      RasterOutput twice = output("twice.working");
      saved[0].at = saved[1].at = 0;
      ArchiveReader first(saved[0]);
      twice.load(first, scratch);
      saved[0].at = 0;
      CHECK_THROWS_AS(twice.load(first, scratch), Error);
      RasterOutput short_of_one = output("short.working");
      saved[0].at = 0;
      short_of_one.load(first, scratch);
      CHECK_THROWS_AS(short_of_one.finish(folder.file("no.tif"), statistics, [](double) { return true; }), Error);
    }
  }
}

TEST_CASE("pixels written twice or never are a fault, not a file", "[raster_output]") {
  const TempFolder folder;
  const Grid grid = grid_of_size(600, 520);
  TileScratch scratch;
  const std::vector<float> values(600 * 520, 1.0F);
  const auto go = [](double) { return true; };
  RasterOutput output(folder.file("w"), grid, 600, 512, {"a", ""}, {}, RasterPixels::float32, plenty);
  output.write(scratch, {0, 0, 600, 512}, std::span(values));
  tests::refusal(Error::Kind::internal, [&] { output.finish(folder.file("a.tif"), {}, go); });
  CHECK_FALSE(std::filesystem::exists(folder.file("a.tif")));
  tests::refusal(Error::Kind::internal, [&] { output.write(scratch, {0, 0, 600, 512}, std::span(values)); });
}

TEST_CASE("a stop, and a limit of file size, are errors that name the file", "[raster_output]") {
  const TempFolder folder;
  const Grid grid = grid_of_size(1025, 700);
  const auto values = measures(grid);
  TileScratch scratch;
  for (const RasterIo io : {RasterIo::own, RasterIo::gdal}) {
    RasterFormat format;
    format.io = io;
    RasterOutput output(folder.file("w"), grid, 1025, 700, {"a", ""}, format, RasterPixels::float32, plenty);
    output.write(scratch, grid.whole(), std::span(values));
    CHECK(tests::refusal(Error::Kind::interrupted,
                         [&] { output.finish(folder.file("a.tif"), {}, [](double) { return false; }); }) == "stopped");
  }
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto limited = [&](rlim_t bytes, const auto& act) {
    const rlimit limit{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string words = tests::refusal(Error::Kind::output, act);
    setrlimit(RLIMIT_FSIZE, &before);
    return words;
  };
  RasterOutput output(folder.file("w"), grid, 1025, 700, {"a", ""}, {}, RasterPixels::float32, plenty);
  CHECK_THAT(limited(100000, [&] { output.write(scratch, grid.whole(), std::span(values)); }),
             Catch::StartsWith(folder.file("w") + ": cannot be written (File too large)"));
  RasterOutput other(folder.file("w"), grid, 1025, 700, {"a", ""}, {}, RasterPixels::float32, plenty);
  other.write(scratch, grid.whole(), std::span(values));
  CHECK_THAT(limited(100000, [&] { other.finish(folder.file("a.tif"), {}, [](double) { return true; }); }),
             Catch::StartsWith(folder.file("a.tif") + ": cannot be written (File too large)"));
}
