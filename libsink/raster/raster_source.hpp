// SPDX-License-Identifier: Apache-2.0
// One band of a raster as columns: measures as doubles with NaN for nodata, class codes as integers with -1 for
// nodata. Nodata values, masks, scale and offset are dealt with here and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/dataset.hpp"
#include "raster/open_files.hpp"
#include "raster/shared_bands.hpp"
#include "raster/tile_reader.hpp"

namespace sink {

class RasterSource {
 public:
  /// Nodata in a code column.
  static constexpr std::int32_t no_code = no_class_code;

  /// Opens FILE or FILE:BAND below `directory` (where relative) among `files`, which must outlive this. Throws
  /// Error::input, also for complex pixels, signed bytes, and blocks never written without a declared
  /// nodata value.
  RasterSource(OpenFiles& files, const std::string& directory, const std::string& path, const RasterAccess& access);

  [[nodiscard]] const BandInfo& info() const noexcept { return info_; }
  /// True where this thread decodes the file's blocks itself, false where GDAL does.
  [[nodiscard]] bool own_decoding() const noexcept { return reader_.has_value(); }

  /// Reads through a nearest-neighbour view on `grid` from now on.
  void align_to(const Grid& grid);

  /// Says that `window` will be read next, in parts of its whole width from the top: what they share is decoded once.
  void begin(const Window& window) noexcept {
    if (reader_) reader_->begin(window);
  }
  /// Values x scale + offset, NaN where nodata or masked; true where any is not nodata. Throws Error::input for a block
  /// that cannot be read.
  bool read(const Window& window, std::span<double> values);
  /// Class codes, `no_code` where nodata or masked; true where any is not. Throws Error::input for a code that is not
  /// an integer from 0 to 999999999.
  bool read_codes(const Window& window, std::span<std::int32_t> codes);

 private:
  bool read_raw(const Window& window, std::span<double> values);
  bool read_by_gdal(const Window& window, std::span<double> values);
  [[nodiscard]] std::string damage(std::int64_t column, std::int64_t row) const;
  template <class Value>
  PixelsFound read_own(const Window& window, std::span<Value> values);

  const Dataset* file_ = nullptr;  ///< null where blocks are decoded here
  std::string file_name_;
  Dataset aligned_;  ///< a handle for `view_`, where `file_` is null
  Dataset view_;
  std::optional<TileReader> reader_;
  BandInfo info_;
  std::vector<std::uint8_t> mask_;
  std::vector<double> raw_;
};

/// Absolute or unchanged: `path` seen from `directory`.
std::string path_below(const std::string& directory, const std::string& path);

}  // namespace sink
