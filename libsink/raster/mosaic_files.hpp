// SPDX-License-Identifier: Apache-2.0
// MosaicFiles: the GeoTIFFs of a folder as one raster, by their headers: where each lies on the grid of all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/grid.hpp"
#include "raster/band_info.hpp"
#include "raster/input_file.hpp"

namespace sink {

struct MosaicFile {
  struct Band {
    BandInfo info;                 ///< its grid without a CRS, which is that of all
    std::optional<Error> refused;  ///< why this band cannot be read
  };
  std::string file;       ///< "folder/name"
  std::string real_path;  ///< absolute
  FileVersion version;    ///< when its header was read
  bool geotiff = true;
  Window place;             ///< on the grid of all
  std::vector<Band> bands;  ///< from 1
};

/// Immutable, and closed again: no file stays open.
class MosaicFiles {
 public:
  /// Reads the header of every file once. Throws Error::input, naming the file at fault: no GeoTIFFs, one that cannot
  /// be opened, another CRS, pixel size or number of bands than the first by name, pixels more than 1e-4 pixel off the
  /// lattice of the others, two files that have the same pixels, more than 2^40 pixels in all.
  MosaicFiles(const std::string& folder, const std::vector<std::string>& allowed_drivers);

  /// The bounding box of all.
  [[nodiscard]] const Grid& grid() const noexcept { return grid_; }
  [[nodiscard]] const std::vector<MosaicFile>& files() const noexcept { return files_; }
  /// A band as a whole; `path` is what the user wrote. Throws Error::input where a file's band cannot be read, or files
  /// declare different units.
  [[nodiscard]] BandInfo band(int number, const std::string& path) const;

 private:
  void add(const std::string& file, const std::vector<std::string>& allowed_drivers);
  [[nodiscard]] Window place_of(const std::string& file, const Grid& grid) const;
  void find_grid();
  void check_overlap() const;

  std::string folder_;
  std::vector<MosaicFile> files_;
  Grid grid_;
  std::string geo_keys_;  ///< of the first file
};

}  // namespace sink
