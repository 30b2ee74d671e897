// SPDX-License-Identifier: Apache-2.0
// The tiles of a raster and of its overviews, encoded by the threads that compute the pixels: windows come in any
// order, each tile goes into a part file once it is whole, and so do the overview tiles above it. Overview tiles for
// whose half-built pixels there is no room, or that cannot become whole here, are left out until all is there, and then
// made from the encoded tiles below.
#pragma once

#include <cstdint>
#include <functional>
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

/// T: float, std::uint8_t, std::uint16_t or std::uint32_t, as stored.
template <class T>
class TilePyramid {
 public:
  /// `sizes`: of the raster and of its overviews, the largest first. `sparse`: wholly nodata tiles are left out.
  /// `waiting_bytes`: what half-built tiles may take, those of the raster itself before those of overviews. Throws
  /// Error::output.
  TilePyramid(std::string part_file, const std::vector<RasterSize>& sizes, const TileCoding& coding, bool sparse,
              std::int64_t waiting_bytes);

  /// Says, before any `write`, that no other windows will come: overview tiles that they do not fill are left out.
  void expect(const std::vector<Window>& windows);

  /// Row-major values of a window of the raster, every pixel of which must come once. For any number of threads at a
  /// time, each with its own scratch. Windows of whole tiles are encoded as they stand; others wait in memory until
  /// their tiles are whole. Throws Error::output.
  void write(TileScratch& scratch, const Window& window, const T* values);

  /// What is there so far, of windows that are not all: whole tiles as they are encoded, and the pixels of those of the
  /// raster itself that are not whole yet.
  void save(ArchiveWriter& archive);
  /// Takes in what another pyramid of the same raster and coding saved; tiles that are whole now are finished, and no
  /// pixel may be there already. For one thread at a time. Throws Error::output, Error::internal.
  void load(ArchiveReader& archive, TileScratch& scratch);

  /// After the last `write` or `load`: makes the overview tiles that were left out. `go_on()` may return false to stop
  /// (Error::interrupted). Throws Error::output, Error::internal where pixels are missing.
  void complete(const std::function<bool()>& go_on);
  /// After `complete`: the raster and its overviews. Throws Error::internal where pixels are missing.
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
    int users = 0;  ///< threads that are pasting
  };
  struct Level {
    RasterSize size;
    std::int64_t across = 0;  ///< tiles
    std::vector<TilePlace> tiles;
    std::vector<bool> left_out;  ///< overview tiles that `complete` makes
    std::map<std::int64_t, std::unique_ptr<HalfBuilt>> half_built;
    [[nodiscard]] std::int64_t down() const noexcept { return static_cast<std::int64_t>(tiles.size()) / across; }
  };
  [[nodiscard]] RasterSize tile_size(const Level& level, std::int64_t tile) const noexcept;
  /// Adds `pixels` pixels of a tile: `put(values)` writes them, in rows `coding_.columns` apart from the tile's first;
  /// not called where they are `blank`.
  void paste(TileScratch& scratch, std::size_t level, std::int64_t tile, std::int64_t pixels, bool blank,
             const std::function<void(T* values)>& put);
  [[nodiscard]] std::int64_t place_of(const Part& part) const noexcept {
    return part.row * coding_.columns + part.column;
  }
  /// The tile of the level above that holds this one.
  [[nodiscard]] std::int64_t above(std::size_t level, std::int64_t tile) const noexcept {
    return tile / levels_[level].across / 2 * levels_[level + 1].across + tile % levels_[level].across / 2;
  }
  /// Where the halved pixels of a tile of `size` lie in the tile above.
  [[nodiscard]] Part part_above(const Level& level, std::int64_t tile, const RasterSize& size) const noexcept {
    return {tile % level.across % 2 * (coding_.columns / 2), tile / level.across % 2 * (coding_.rows / 2),
            half_up(size.columns), half_up(size.rows)};
  }
  // Under the lock:
  /// Leaves out an overview tile, and so those above it.
  void leave_out(std::size_t level, std::int64_t tile);
  /// Forgets the half-built pixels of a tile that is left out, unless someone is pasting; that one does it then.
  void drop(Level& level, std::int64_t tile);
  /// Takes the values of an overview tile above `level` that nobody is pasting into, the smallest overview first.
  bool free_above(std::size_t level);
  /// False where there is no room; never for the raster itself.
  bool give_values(std::size_t level, HalfBuilt& half);

  void save_half_built(ArchiveWriter& archive);
  void load_half_built(ArchiveReader& archive, TileScratch& scratch);
  /// Makes an overview tile from those below.
  struct Below;
  void make_from_below(std::size_t level, std::int64_t tile, Below& below);
  /// `values` null: nodata.
  void finish(TileScratch& scratch, std::size_t level, std::int64_t tile, const T* values, std::int64_t stride);
  TilePlace blank_tile(TileScratch& scratch);

  TileCoding coding_;
  bool sparse_;
  PartFile part_;
  std::vector<Level> levels_;
  std::int64_t most_waiting_;  ///< tiles
  std::mutex mutex_;           ///< of what follows, and of Level::half_built and left_out
  std::vector<std::vector<T>> spare_;
  std::int64_t waiting_ = 0;  ///< tiles' values in being, the spare ones too
  std::optional<TilePlace> blank_;
};

}  // namespace sink
