// SPDX-License-Identifier: Apache-2.0
// TiffLayout: where the blocks of a GeoTIFF's band lie and how they are packed. Read once, shared by all workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "raster/band_info.hpp"
#include "raster/dataset.hpp"
#include "raster/input_file.hpp"

namespace sink {

enum class SampleType { u8, u16, i16, u32, i32, f32, f64 };
enum class TileCodec { none, deflate, zstd };

/// Blocks are tiles or strips, numbered row by row. Immutable; `read` may be called from many threads.
class TiffLayout {
 public:
  /// The layout of a band, or null where its blocks are left to GDAL: another format, codec or predictor than none,
  /// DEFLATE and ZSTD with predictors 1, 2, 3; other byte order; several bands in one block; bits that are not 8, 16,
  /// 32 or the 64 of a double; masks. Never throws for what the file holds.
  static std::shared_ptr<const TiffLayout> open(const Dataset& file, const BandInfo& info);
  /// The same of a file that is known to be a GeoTIFF, without GDAL.
  static std::shared_ptr<const TiffLayout> open(const std::string& path, const BandInfo& info);

  [[nodiscard]] SampleType type() const noexcept { return type_; }
  [[nodiscard]] TileCodec codec() const noexcept { return codec_; }
  [[nodiscard]] int predictor() const noexcept { return predictor_; }
  [[nodiscard]] std::int64_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t block_columns() const noexcept { return block_columns_; }
  [[nodiscard]] std::int64_t block_rows() const noexcept { return block_rows_; }
  [[nodiscard]] std::int64_t blocks_across() const noexcept { return (columns_ + block_columns_ - 1) / block_columns_; }
  [[nodiscard]] std::size_t sample_bytes() const noexcept { return sample_bytes_; }
  [[nodiscard]] std::size_t row_bytes() const noexcept {
    return static_cast<std::size_t>(block_columns_) * sample_bytes_;
  }
  /// Pixels of a whole block, in bytes.
  [[nodiscard]] std::size_t block_bytes() const noexcept { return static_cast<std::size_t>(block_rows_) * row_bytes(); }
  /// Pixels that a block must hold, in bytes: the last strip ends with the raster, a tile does not.
  [[nodiscard]] std::size_t needed_bytes(std::size_t block) const noexcept;

  /// Blocks that were never written. Throws Error::input, in the words of `check_blocks`, where a block lies beyond the
  /// end of the file.
  [[nodiscard]] std::int64_t check(const std::string& file) const;
  [[nodiscard]] bool written(std::size_t block) const noexcept { return offsets_[block] != 0 && lengths_[block] != 0; }
  /// Bytes of a block in the file, cut to what a block can take: no codec needs more, whatever the file says.
  [[nodiscard]] std::size_t stored_bytes(std::size_t block) const noexcept;
  /// Reads the first bytes of a block; false where the file cannot give them, or has changed.
  [[nodiscard]] bool read(std::size_t block, std::span<std::byte> bytes) const noexcept;

 private:
  explicit TiffLayout(const std::string& path) : file_(path) {}
  [[nodiscard]] bool describe(const BandInfo& info);

  InputFile file_;
  SampleType type_ = SampleType::u8;
  TileCodec codec_ = TileCodec::none;
  int predictor_ = 1;
  bool tiled_ = false;
  std::int64_t columns_ = 0, rows_ = 0, block_columns_ = 0, block_rows_ = 0;
  std::size_t sample_bytes_ = 1;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint32_t> lengths_;  ///< 4 GiB - 1 stands for more
};

}  // namespace sink
