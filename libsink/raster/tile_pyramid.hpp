// SPDX-License-Identifier: Apache-2.0
// The tiles of a raster and of its overviews, encoded by the threads that compute the pixels: windows come in any
// order, each tile goes into a part file once it is whole, and so do the overview tiles above it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "core/grid.hpp"
#include "raster/overview_cells.hpp"
#include "raster/part_file.hpp"
#include "raster/tile_encoder.hpp"

namespace sink {

/// Where an encoded tile lies in the part file, frame included.
struct TilePlace {
  std::uint64_t offset = 0, bytes = 0;  ///< no bytes: a tile left out, being wholly nodata
  bool written = false;
};

/// One resolution: its size, and its tiles in row-major order.
struct TiledImage {
  RasterSize size;
  std::vector<TilePlace> tiles;
};

/// T: float, std::uint16_t or std::uint32_t, as stored.
template <class T>
class TilePyramid {
 public:
  /// `sizes`: of the raster and of its overviews, the largest first. `sparse`: wholly nodata tiles are left out. Throws
  /// Error::output.
  TilePyramid(std::string part_file, const std::vector<RasterSize>& sizes, const TileCoding& coding, bool sparse);

  /// Row-major values of a window of the raster, every pixel of which must come once. For any number of threads at a
  /// time, each with its own scratch. Windows of whole tiles are encoded as they stand; others wait in memory until
  /// their tiles are whole. Throws Error::output.
  void write(TileScratch& scratch, const Window& window, const T* values);

  /// What is there so far, of windows that are not all: whole tiles as they are encoded, and the pixels of those that
  /// are not whole yet.
  void save(ArchiveWriter& archive);
  /// Takes in what another pyramid of the same raster and coding saved; tiles that are whole now are finished, and no
  /// pixel may be there already. For one thread at a time. Throws Error::output, Error::internal.
  void load(ArchiveReader& archive, TileScratch& scratch);

  /// After the last `write`: the raster and its overviews. Throws Error::internal where pixels are missing.
  [[nodiscard]] std::vector<TiledImage> images() const;
  [[nodiscard]] const PartFile& part() const noexcept { return part_; }

 private:
  /// Part of a tile: its first column and row there, its size.
  struct Part {
    std::int64_t column = 0, row = 0, columns = 0, rows = 0;
  };
  /// A tile of which some pixels are missing; no values while all that came were nodata.
  struct HalfBuilt {
    std::vector<T> values;
    std::int64_t missing = 0;
  };
  struct Level {
    RasterSize size;
    std::int64_t across = 0;  ///< tiles
    std::vector<TilePlace> tiles;
    std::map<std::int64_t, std::unique_ptr<HalfBuilt>> half_built;
  };
  [[nodiscard]] RasterSize tile_size(const Level& level, std::int64_t tile) const noexcept;
  /// Adds `pixels` pixels of a tile: `put(values)` writes them, in rows `coding_.columns` apart from the tile's first;
  /// not called where they are `blank`.
  template <class Put>
  void paste(TileScratch& scratch, std::size_t level, std::int64_t tile, std::int64_t pixels, bool blank,
             const Put& put);
  [[nodiscard]] std::int64_t place_of(const Part& part) const noexcept {
    return part.row * coding_.columns + part.column;
  }
  void save_half_built(Level& level, ArchiveWriter& archive);
  void load_half_built(std::size_t level, ArchiveReader& archive, TileScratch& scratch);
  /// `values` null: nodata.
  void finish(TileScratch& scratch, std::size_t level, std::int64_t tile, const T* values, std::int64_t stride);
  TilePlace blank_tile(TileScratch& scratch);

  TileCoding coding_;
  bool sparse_;
  PartFile part_;
  std::vector<Level> levels_;
  std::mutex mutex_;  ///< of what follows, and of Level::half_built
  std::vector<std::vector<T>> spare_;
  std::optional<TilePlace> blank_;
};

}  // namespace sink
