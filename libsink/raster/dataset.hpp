// SPDX-License-Identifier: Apache-2.0
// Rasters and vector files opened safely: one driver, a regular file, sane sizes; every failure becomes an Error that
// names the file and the way out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/grid.hpp"

class GDALDataset;
class GDALRasterBand;
class OGRLayer;

namespace sink {

/// A GDAL dataset that this object owns. Not for use by two threads at a time: each worker opens its own.
class Dataset {
 public:
  Dataset() noexcept = default;
  /// Takes ownership; `file` is the name used in messages.
  Dataset(GDALDataset* dataset, std::string file) noexcept;

  [[nodiscard]] GDALDataset& operator*() const noexcept { return *dataset_; }
  [[nodiscard]] GDALDataset* operator->() const noexcept { return dataset_.get(); }
  [[nodiscard]] GDALDataset* get() const noexcept { return dataset_.get(); }
  explicit operator bool() const noexcept { return dataset_ != nullptr; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

  [[nodiscard]] std::int64_t columns() const;
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] int bands() const;
  /// Band by number from 1. Throws Error::input where there is no such band.
  [[nodiscard]] GDALRasterBand& band(int number) const;

  /// Flushes and closes. Throws Error::output if GDAL reported anything: errors of writing may show only here.
  /// The destructor closes without a word, which is right for inputs and after a failure.
  void close();

 private:
  struct Close {
    void operator()(GDALDataset* dataset) const noexcept;
  };
  std::unique_ptr<GDALDataset, Close> dataset_;
  std::string file_;
};

/// "FILE" or "FILE:BAND" taken apart; the file may be a folder. One whose own name ends in ":3" is found first.
struct BandPath {
  std::string file;
  int band = 1;
  bool band_given = false;
};
/// Throws Error::input for a band that is not a number from 1 to 64.
BandPath parse_band_path(std::string_view text);

/// "FILE" or "FILE:LAYER" of a vector file taken apart in the same way; a blank layer means the only one.
struct LayerPath {
  std::string file, layer;
};
LayerPath parse_layer_path(std::string_view text);

/// Opens a raster read-only: a GeoTIFF, or one of `allowed_drivers` (GDAL short names). Throws Error::input: missing,
/// not a regular file, a GDAL virtual path, another format, damaged, over the limits (2^40 pixels, 64 bands, blocks of
/// 256 MiB), or with an external mask beside it.
Dataset open_raster(const std::string& file, const std::vector<std::string>& allowed_drivers = {});

/// Opens a GeoPackage, GeoJSON or Shapefile read-only, leaving no file beside it. Throws Error::input as above, and
/// for a GeoPackage that another program has changes in.
Dataset open_vector(const std::string& file);

/// A layer by name; a blank name is the only one. Throws Error::input, naming the layers there are; `shapes` says what
/// the file should hold ("polygons").
OGRLayer& layer_of(const Dataset& dataset, const std::string& name, const std::string& shapes);

/// Blocks of a band that were never written, and so read as nodata; other formats than GeoTIFF have none. Throws
/// Error::input where a block lies beyond the end of the file: it is truncated. Costs about 1 us per block.
std::int64_t check_blocks(const Dataset& raster, int band);
/// What it throws.
Error truncated_error(const std::string& file, std::int64_t block_column, std::int64_t block_row);

/// The grid of an open raster. Throws Error::input: no CRS, no or only GCP/RPC georeference, rotated, south-up.
Grid grid_of(const Dataset& raster);

/// True where two CRSs, as WKT, are one, however their axes are ordered.
bool same_crs(const std::string& wkt_a, const std::string& wkt_b);

/// "EPSG:4548", or the name of the CRS where it has no code.
std::string crs_name(const std::string& wkt);

/// Error of kind `kind`: "<file>: <what>: <GDAL's own words>".
Error gdal_error(Error::Kind kind, const std::string& file, const std::string& what);

}  // namespace sink
