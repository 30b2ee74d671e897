// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_source.hpp"

#include <gdal_priv.h>
#include <gdal_utils.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/nodata.hpp"
#include "core/window.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/mosaic_view.hpp"

namespace sink {
namespace {

/// A window as a file sees it that lies at `place`.
Window seen_from(const Window& place, const Window& window) {
  return {window.column - place.column, window.row - place.row, window.columns, window.rows};
}

}  // namespace

std::string path_below(const std::string& directory, const std::string& path) {
  if (path.empty() || directory.empty() || path.front() == '/') return path;
  return (std::filesystem::path(directory) / path).string();
}

RasterSource::RasterSource(OpenFiles& files, const std::string& directory, const std::string& path,
                           const RasterAccess& access)
    : files_(files), access_(access) {
  const BandPath where = parse_band_path(path_below(directory, path));
  SharedBand band = access.shared->band(files, where, path, access);
  info_ = std::move(band.info);
  file_name_ = where.file;
  mosaic_ = std::move(band.mosaic);
  if (mosaic_) return;
  if (band.layout) {
    file_.emplace(info_, decoding(std::move(band.layout), info_));
  } else {
    file_.emplace(info_, &files.open(where.file, access.allowed_drivers));
  }
}

const BandInfo& RasterSource::info_at(std::int64_t column, std::int64_t row) const {
  if (!mosaic_) return info_;
  const auto found = mosaic_->files_in({column, row, 1, 1});
  return found.empty() ? info_ : mosaic_->info(found.front());
}

void RasterSource::align_to(const Grid& grid) {
  const auto text = [](double v) { return CPLString().Printf("%.17g", v); };
  const Point low = grid.to_crs(0, static_cast<double>(grid.rows));
  const Point high = grid.to_crs(static_cast<double>(grid.columns), 0);
  CPLStringList arguments;
  for (const auto& argument : std::vector<std::string>{"-of", "VRT", "-r", "near", "-t_srs", grid.crs_wkt, "-te",
                                                       text(low.x), text(low.y), text(high.x), text(high.y), "-ts",
                                                       std::to_string(grid.columns), std::to_string(grid.rows)}) {
    arguments.AddString(argument.c_str());
  }
  const bool own = file_ && file_->own_decoding();
  file_.reset();
  if (mosaic_) {
    mosaic_->check(*files_.handles());
    aligned_ = mosaic_view(*mosaic_, info_);
    info_.band = 1;
    info_.nodata = no_value;
  } else if (own) {
    aligned_ = open_raster(file_name_);
  }
  // A view without nodata of its own would read 0 outside the source.
  if (!info_.nodata && !info_.masked) arguments.AddString("-dstalpha");
  GDALWarpAppOptions* options = GDALWarpAppOptionsNew(arguments.List(), nullptr);
  const Dataset& seen = aligned_ ? aligned_ : files_.open(file_name_, access_.allowed_drivers);
  GDALDatasetH source = GDALDataset::ToHandle(seen.get());
  GDALDatasetH warped = GDALWarp("", nullptr, 1, &source, options, nullptr);
  GDALWarpAppOptionsFree(options);
  if (warped == nullptr) throw gdal_error(Error::Kind::input, info_.path, "cannot be aligned");
  Dataset view(GDALDataset::FromHandle(warped), file_name_);
  GDALRasterBand& band = view.band(info_.band);
  info_.masked = (band.GetMaskFlags() & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
  info_.grid = grid;
  int columns = 0, rows = 0;
  band.GetBlockSize(&columns, &rows);
  info_.block_columns = columns;
  info_.block_rows = rows;
  mosaic_.reset();
  file_.emplace(info_, std::move(view));
}

TileReader RasterSource::decoding(std::shared_ptr<const TiffLayout> layout, const BandInfo& info) const {
  return {std::move(layout), info.nodata, files_.decoder(), access_.shared->cache(), access_.cache_bytes};
}

BandReader RasterSource::reader_of(std::size_t file) const {
  const BandInfo& info = mosaic_->info(file);
  if (auto layout = mosaic_->layout(file, *files_.handles())) return {info, decoding(std::move(layout), info)};
  return {info, mosaic_->file(file).file, files_.handles(), access_.allowed_drivers};
}

/// Readers of files that the window does not touch go: their buffers are as large as what is read of them.
void RasterSource::open_parts(const Window& window) {
  std::vector<Part> parts;
  for (const std::size_t file : mosaic_->files_in(window)) {
    const auto known = std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) { return part.file == file; });
    if (known != parts_.end()) {
      parts.push_back(std::move(*known));
    } else {
      parts.push_back({file, mosaic_->file(file).place, reader_of(file)});
    }
  }
  parts_ = std::move(parts);
  around_ = window;
}

void RasterSource::begin(const Window& window) {
  if (file_) return file_->begin(window);
  open_parts(window);
  for (Part& part : parts_) part.reader.begin(seen_from(part.place, window));
}

template <class Value, class Read>
bool RasterSource::read_parts(const Window& window, std::span<Value> values, Value blank, const Read& read) {
  if (common_part(window, around_) != window) open_parts(window);
  std::int64_t covered = 0;
  for (const Part& part : parts_) covered += common_part(part.place, window).pixels();
  if (covered < window.pixels()) std::fill(values.begin(), values.end(), blank);
  bool valid = false;
  for (Part& part : parts_) {
    if (common_part(part.place, window).pixels() > 0) valid = read(part.reader, seen_from(part.place, window)) || valid;
  }
  return valid;
}

bool RasterSource::read(const Window& window, std::span<double> values) {
  if (file_) return file_->read(window, values);
  return read_parts(window, values, no_value,
                    [&](BandReader& reader, const Window& seen) { return reader.read(seen, values); });
}

bool RasterSource::read_codes(const Window& window, std::span<std::int32_t> codes) {
  if (aligned_ && info_.scale_differs) {
    throw input_error(info_.path,
                      "its files have different scales, which codes cannot have with --align: align the files "
                      "with gdalwarp");
  }
  if (file_) return file_->read_codes(window, codes);
  return read_parts(window, codes, no_code,
                    [&](BandReader& reader, const Window& seen) { return reader.read_codes(seen, codes); });
}

}  // namespace sink
