// SPDX-License-Identifier: Apache-2.0
// Not a test: test_raster "[speed]" prints how fast blocks are read, own against GDAL, wall and CPU.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>

#include "raster/tiff_files.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

struct Cost {
  double wall_s = 1e9, cpu_s = 1e9;
  void keep_least(const Cost& other) {
    wall_s = std::min(wall_s, other.wall_s);
    cpu_s = std::min(cpu_s, other.cpu_s);
  }
};

Cost reading(const std::string& file, RasterIo io, int threads, std::int64_t size, std::int64_t window_size) {
  const RasterAccess access = access_by(io);
  std::atomic<std::int64_t> next = 0;
  const std::int64_t across = size / window_size;
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      OpenFiles files;
      RasterSource source(files, "", file, access);
      std::vector<double> values(static_cast<std::size_t>(window_size * window_size));
      for (std::int64_t i = next++; i < across * across; i = next++)
        source.read({i % across * window_size, i / across * window_size, window_size, window_size}, values);
    });
  }
  for (auto& worker : workers) worker.join();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

}  // namespace

TEST_CASE("speed of reading", "[.][speed]") {
  const TempFolder folder;
  const std::string file = folder.file("a.tif");
  const auto measure = [&](const TiffSpec& spec) {
    write_tiff(file, spec);
    for (const int threads : {1, 2}) {
      Cost own, gdal;
      for (int round = 0; round < 5; ++round) {
        own.keep_least(reading(file, RasterIo::own, threads, spec.columns, 512));
        gdal.keep_least(reading(file, RasterIo::gdal, threads, spec.columns, 512));
      }
      const double ns = 1e9 / spec.columns / spec.rows;
      std::printf("%-42s %d threads: own %6.2f (CPU %6.2f) gdal %6.2f (CPU %6.2f) ns/px\n", spec.name().c_str(),
                  threads, own.wall_s * ns, own.cpu_s * ns, gdal.wall_s * ns, gdal.cpu_s * ns);
    }
  };
  const int n = 4096;
  measure({.predictor = 3, .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n});
  measure({.predictor = 2, .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n});
  measure(
      {.type = GDT_Byte, .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n, .nodata = 255, .codes = true});
  measure({.type = GDT_Int16, .predictor = 2, .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n});
  measure({.compress = "DEFLATE", .predictor = 3, .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n});
  measure({.compress = "DEFLATE", .tile_columns = 0, .tile_rows = 1, .columns = n, .rows = n});
  measure({.compress = "DEFLATE", .predictor = 3, .tile_columns = 0, .tile_rows = 16, .columns = n, .rows = n});
  measure({.compress = "NONE", .tile_columns = 512, .tile_rows = 512, .columns = n, .rows = n});
}
