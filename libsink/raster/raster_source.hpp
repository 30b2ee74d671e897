// SPDX-License-Identifier: Apache-2.0
// One band of a raster as columns: measures as doubles with NaN for nodata, class codes as integers with -1 for
// nodata. A raster is a file, or a folder of files that are read as one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "raster/band_reader.hpp"
#include "raster/open_files.hpp"
#include "raster/shared_bands.hpp"

namespace sink {

class RasterSource {
 public:
  /// Nodata in a code column.
  static constexpr std::int32_t no_code = no_class_code;

  /// Opens FILE, FOLDER, FILE:BAND or FOLDER:BAND below `directory` (where relative) among `files`, which must outlive
  /// this. Throws Error::input, also for complex pixels, signed bytes, and blocks never written without a declared
  /// nodata value; of a folder as `MosaicFiles` does, and for the blocks of its files when they are read.
  RasterSource(OpenFiles& files, const std::string& directory, const std::string& path, const RasterAccess& access);

  [[nodiscard]] const BandInfo& info() const noexcept { return info_; }
  /// What holds for one pixel: of a folder the file that has it, else `info`.
  [[nodiscard]] const BandInfo& info_at(std::int64_t column, std::int64_t row) const;
  /// True where this thread decodes a file's blocks itself, false where GDAL does.
  [[nodiscard]] bool own_decoding() const noexcept { return file_ && file_->own_decoding(); }

  /// Reads through a nearest-neighbour view on `grid` from now on.
  void align_to(const Grid& grid);

  /// Says that `window` will be read next, in parts of its whole width from the top: what they share is decoded once.
  void begin(const Window& window);
  /// Values x scale + offset, NaN where nodata or masked; true where any is not nodata. Throws Error::input for a block
  /// that cannot be read.
  bool read(const Window& window, std::span<double> values);
  /// Class codes, `no_code` where nodata or masked; true where any is not. Throws Error::input for a code that is not
  /// an integer from 0 to 999999999.
  bool read_codes(const Window& window, std::span<std::int32_t> codes);

 private:
  /// A file of the folder that has pixels in `around_`.
  struct Part {
    std::size_t file;
    Window place;
    BandReader reader;
  };
  void open_parts(const Window& window);
  [[nodiscard]] TileReader decoding(std::shared_ptr<const TiffLayout> layout, const BandInfo& info) const;
  [[nodiscard]] BandReader reader_of(std::size_t file) const;
  template <class Value, class Read>
  bool read_parts(const Window& window, std::span<Value> values, Value blank, const Read& read);

  BandInfo info_;
  std::string file_name_;
  Dataset aligned_;                 ///< what a view of `align_to` looks at, where nobody else has it
  std::optional<BandReader> file_;  ///< absent: a folder
  std::shared_ptr<const Mosaic> mosaic_;
  OpenFiles files_;  ///< shares the thread's handles and buffers
  RasterAccess access_;
  std::vector<Part> parts_;
  Window around_;
};

/// Absolute or unchanged: `path` seen from `directory`.
std::string path_below(const std::string& directory, const std::string& path);

}  // namespace sink
