// SPDX-License-Identifier: Apache-2.0
// An output raster, however it is written: by our own encoder in the threads that compute, or by GDAL in one of them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/grid.hpp"
#include "raster/raster_writer.hpp"
#include "raster/tiff_tags.hpp"
#include "raster/tile_pyramid.hpp"

namespace sink {

/// What each of `rasters` may let wait, of the memory of a run: half for all.
constexpr std::int64_t waiting_tile_bytes(std::int64_t memory_bytes, std::int64_t rasters) noexcept {
  return memory_bytes / 2 / (rasters < 1 ? 1 : rasters);
}

class RasterOutput {
 public:
  /// `window_columns` x `window_rows` is the shape of the windows that will come. Pixels whose tile is not whole yet
  /// wait in memory: Error::memory where, for windows that are not whole tiles, this would take more than
  /// `waiting_bytes` (another writer would give other bytes). Overview tiles that do not fit are made at the end, by
  /// `finish`. For options and compressions that our encoder does not
  /// have, GDAL writes. Throws Error::output.
  RasterOutput(std::string working_file, const Grid& grid, std::int64_t window_columns, std::int64_t window_rows,
               RasterWords words, const RasterFormat& format, RasterPixels type, std::int64_t waiting_bytes);

  /// True: `write` is for any number of threads, windows in any order. False: one thread at a time.
  [[nodiscard]] bool in_any_order() const noexcept { return !std::holds_alternative<RasterWriter>(way_); }

  /// Says, before any `write`, that no other windows will come: overview tiles that they do not fill take no memory.
  void expect(const std::vector<Window>& windows);

  /// Row-major values of a window; NaN is nodata. Throws Error::output (disk full, …).
  void write(TileScratch& scratch, const Window& window, std::span<const float> values);
  /// Row-major codes of a window, `nodata_code` among them.
  void write(TileScratch& scratch, const Window& window, std::span<const std::uint32_t> codes);

  /// The size of our encoder's tiles in such a raster; absent where GDAL writes it.
  static std::optional<RasterSize> tile_size(const Grid& grid, const RasterFormat& format, RasterPixels type);
  /// What is there of windows that are not all, and taking in what another output of the same raster saved
  /// (TilePyramid). Only where `tile_size` has a value. Throws Error::output, Error::internal.
  void save(ArchiveWriter& archive);
  void load(ArchiveReader& archive, TileScratch& scratch);

  /// Writes `file` with statistics (where they hold a value), overviews, nodata, unit and description, and removes the
  /// working file. `go_on(fraction)` may return false to stop (Error::interrupted). Throws Error::output.
  void finish(const std::string& file, const StoredStatistics& statistics, const std::function<bool(double)>& go_on);

 private:
  template <class T>
  using Pyramid = std::unique_ptr<TilePyramid<T>>;
  using Way =
      std::variant<RasterWriter, Pyramid<float>, Pyramid<std::uint8_t>, Pyramid<std::uint16_t>, Pyramid<std::uint32_t>>;
  /// Calls `use(pyramid)`; where GDAL writes there is none.
  void with_pyramid(const auto& use);
  template <class Code>
  void write_narrow(TileScratch& scratch, const Window& window, std::span<const std::uint32_t> codes);
  Way choose_way(std::int64_t window_columns, std::int64_t window_rows, std::int64_t waiting_bytes);

  std::string working_file_;
  Grid grid_;
  RasterWords words_;
  RasterFormat format_;
  RasterPixels type_;
  std::optional<OwnOptions> own_;
  Way way_;
};

}  // namespace sink
