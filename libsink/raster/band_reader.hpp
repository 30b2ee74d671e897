// SPDX-License-Identifier: Apache-2.0
// BandReader: one band of one file in windows that may reach beyond it. Nodata values, masks, scale and offset are
// dealt with here and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/dataset.hpp"
#include "raster/open_files.hpp"
#include "raster/tile_reader.hpp"

namespace sink {

/// For one thread. Windows are in the file's own pixels; of a column only the pixels that the file has are set.
class BandReader {
 public:
  /// A file that is decoded here.
  BandReader(BandInfo info, TileReader reader);
  /// A file that GDAL reads; it must outlive this.
  BandReader(BandInfo info, const Dataset* file);
  /// One of many that GDAL reads: its handle is closed when others are needed.
  BandReader(BandInfo info, const std::string& file, std::shared_ptr<FileHandles> handles,
             const std::vector<std::string>& allowed_drivers);
  /// A dataset of GDAL's, such as a warped view.
  BandReader(BandInfo info, Dataset view);

  [[nodiscard]] const BandInfo& info() const noexcept { return info_; }
  [[nodiscard]] bool own_decoding() const noexcept { return reader_.has_value(); }
  /// Says that `window` will be read next, in parts of its whole width from the top.
  void begin(const Window& window) noexcept {
    if (reader_) reader_->begin(window);
  }
  /// As RasterSource::read and read_codes.
  bool read(const Window& window, std::span<double> values);
  bool read_codes(const Window& window, std::span<std::int32_t> codes);

 private:
  [[nodiscard]] Window inside(const Window& window) const;
  bool read_raw(const Window& window, std::span<double> values);
  bool read_by_gdal(const Window& window, std::span<double> values);
  [[nodiscard]] const Dataset& dataset();
  template <class Value>
  PixelsFound read_own(const Window& window, std::span<Value> values);
  std::int32_t code_of(double value, std::int64_t column, std::int64_t row) const;

  BandInfo info_;
  std::optional<TileReader> reader_;
  Dataset view_;
  const Dataset* kept_ = nullptr;
  std::string file_;  ///< of a file of many
  std::shared_ptr<FileHandles> handles_;
  std::vector<std::string> allowed_drivers_;
  std::vector<std::uint8_t> mask_;
  std::vector<double> raw_;
};

}  // namespace sink
