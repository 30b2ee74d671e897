// SPDX-License-Identifier: Apache-2.0
#include "raster/mosaic_files.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "core/window.hpp"
#include "raster/dataset.hpp"
#include "raster/raster_folder.hpp"
#include "raster/tiff_header.hpp"

namespace sink {
namespace {

constexpr double tolerance_px = 1e-4;
/// Windows over files in strips: as wide as an output tile, for their own width is that of a county.
constexpr std::int64_t window_over_strips = 512;

constexpr const char* one_grid =
    ": all files of a folder must be on one grid: write it again with gdalwarp, or take it out of the folder";

std::string rounded(double value) {
  return CPLString().Printf("%.4g", value);
}

std::string pixel_of(const Grid& grid) {
  return CPLString().Printf("%.15g x %.15g", grid.pixel_width, grid.pixel_height);
}

bool same(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return *a == *b || (std::isnan(*a) && std::isnan(*b));
}

/// Words that occur, each once, in the order of their first: "Byte/Int16".
void add_word(std::string& words, const std::string& word) {
  if (("/" + words + "/").find("/" + word + "/") == std::string::npos) words += (words.empty() ? "" : "/") + word;
}

/// The blocks that most pixels are stored in.
void choose_blocks(const std::vector<MosaicFile>& files, BandInfo& whole) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> pixels;
  for (const MosaicFile& file : files) {
    const BandInfo& info = file.bands[static_cast<std::size_t>(whole.band - 1)].info;
    const bool strips = info.block_columns == info.grid.columns;
    const std::pair shape{info.block_columns, info.block_rows};
    pixels[strips ? std::pair{window_over_strips, window_over_strips} : shape] += info.grid.pixels();
  }
  const auto most =
      std::max_element(pixels.begin(), pixels.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  whole.block_columns = most->first.first;
  whole.block_rows = most->first.second;
}

}  // namespace

MosaicFiles::MosaicFiles(const std::string& folder, const std::vector<std::string>& allowed_drivers) : folder_(folder) {
  for (const std::string& file : tiffs_in(folder)) add(file, allowed_drivers);
  find_grid();
  check_overlap();
}

void MosaicFiles::add(const std::string& name, const std::vector<std::string>& allowed_drivers) {
  MosaicFile file;
  file.file = name;
  file.version = version_of(name);
  const Dataset opened = open_raster(name, allowed_drivers);
  file.real_path = opened->GetDescription();
  file.geotiff = std::string(opened->GetDriverName()) == "GTiff";
  const TiffHeader header = file.geotiff ? tiff_header_of(file.real_path) : TiffHeader();
  const bool same_keys = !files_.empty() && !header.geo_keys.empty() && header.geo_keys == geo_keys_;
  Grid grid = same_keys ? grid_with_crs_of(grid_, opened) : grid_of(opened);
  if (files_.empty()) {
    grid_ = grid;
    geo_keys_ = header.geo_keys;
  }
  file.place = place_of(name, grid);
  grid.crs_wkt.clear();  // a text of some thousand letters
  for (int number = 1; number <= opened.bands(); ++number) {
    MosaicFile::Band& band = file.bands.emplace_back();
    band.info.grid = grid;
    try {
      band.info = describe_band(opened, number == 1 ? name : name + ":" + std::to_string(number), number, grid,
                                !same_keys || header.may_have_units);
    } catch (const Error& error) {
      band.refused = error;
    }
  }
  if (!files_.empty() && file.bands.size() != files_.front().bands.size()) {
    const auto bands = [](const MosaicFile& f) {
      return std::to_string(f.bands.size()) + (f.bands.size() == 1 ? " band" : " bands");
    };
    throw input_error(name, "has " + bands(file) + ", " + files_.front().file + " has " + bands(files_.front()) +
                                ": all files of a folder must have the same bands: write it again with gdal_translate "
                                "-b, or take it out of the folder");
  }
  files_.push_back(std::move(file));
}

/// Columns and rows are from the first file's corner, so they may be negative.
Window MosaicFiles::place_of(const std::string& file, const Grid& grid) const {
  const std::string& first = files_.empty() ? file : files_.front().file;
  if (!same_crs(grid.crs_wkt, grid_.crs_wkt)) {
    throw input_error(
        file, "has another CRS than " + first + " (" + grid.crs_name + " against " + grid_.crs_name + ")" + one_grid);
  }
  const double across = (grid.pixel_width / grid_.pixel_width - 1) * static_cast<double>(grid.columns);
  const double down = (grid.pixel_height / grid_.pixel_height - 1) * static_cast<double>(grid.rows);
  if (!(std::abs(across) <= tolerance_px && std::abs(down) <= tolerance_px)) {
    throw input_error(file, "has another pixel size than " + first + " (" + pixel_of(grid) + " against " +
                                pixel_of(grid_) + ")" + one_grid);
  }
  const Point corner = grid_.to_pixel(grid.x_min, grid.y_max);
  const Point low = {std::round(corner.x), std::round(corner.y)};
  const double shift_x = corner.x - low.x, shift_y = corner.y - low.y;
  const auto off = [](double shift) { return !(std::abs(shift) <= tolerance_px); };
  if (off(shift_x) || off(shift_y) || off(shift_x + across) || off(shift_y + down)) {
    throw input_error(file, "lies beside the pixels of " + first + ", by " + rounded(shift_x) + " columns and " +
                                rounded(shift_y) + " rows" + one_grid);
  }
  constexpr double farthest = std::numeric_limits<std::int32_t>::max();
  if (std::abs(low.x) > farthest || std::abs(low.y) > farthest)
    throw input_error(file, "lies more than 2^31 pixels from " + first + ": does it belong here?");
  return {static_cast<std::int64_t>(low.x), static_cast<std::int64_t>(low.y), grid.columns, grid.rows};
}

/// The corner is taken from the westernmost and the northernmost file as it stands there: the grid is then, to the last
/// bit, that of the raster which the files were cut from.
void MosaicFiles::find_grid() {
  std::int64_t left = files_.front().place.column, top = files_.front().place.row;
  std::int64_t right = left, bottom = top;
  double x_min = grid_.x_min, y_max = grid_.y_max;
  for (const MosaicFile& file : files_) {
    const Grid& own = file.bands.front().info.grid;
    if (file.place.column < left) left = file.place.column, x_min = own.x_min;
    if (file.place.row < top) top = file.place.row, y_max = own.y_max;
    right = std::max(right, file.place.column + file.place.columns);
    bottom = std::max(bottom, file.place.row + file.place.rows);
  }
  grid_.x_min = x_min;
  grid_.y_max = y_max;
  grid_.columns = right - left;
  grid_.rows = bottom - top;
  if (std::max(grid_.columns, grid_.rows) > std::numeric_limits<std::int32_t>::max() ||
      grid_.columns > (std::int64_t{1} << 40) / grid_.rows) {
    throw input_error(folder_, "its files lie so far apart that they make " + std::to_string(grid_.columns) + " x " +
                                   std::to_string(grid_.rows) +
                                   " pixels, more than 2^40: take out what does not belong");
  }
  for (MosaicFile& file : files_) {
    file.place.column -= left;
    file.place.row -= top;
  }
}

void MosaicFiles::check_overlap() const {
  std::vector<std::size_t> by_row(files_.size());
  std::iota(by_row.begin(), by_row.end(), std::size_t{0});
  std::stable_sort(by_row.begin(), by_row.end(),
                   [&](std::size_t a, std::size_t b) { return files_[a].place.row < files_[b].place.row; });
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    const Window& a = files_[by_row[i]].place;
    for (std::size_t j = i + 1; j < by_row.size() && files_[by_row[j]].place.row < a.row + a.rows; ++j) {
      const Window common = common_part(a, files_[by_row[j]].place);
      if (common.pixels() == 0) continue;
      const auto [first, second] = std::minmax(by_row[i], by_row[j]);
      throw input_error(files_[second].file,
                        "overlaps " + files_[first].file + " by " + std::to_string(common.columns) + " x " +
                            std::to_string(common.rows) +
                            " pixels: a folder is read as one map: take one of them out, or cut it with gdal_translate "
                            "-srcwin");
    }
  }
}

BandInfo MosaicFiles::band(int number, const std::string& path) const {
  const auto at = static_cast<std::size_t>(number - 1);
  if (number < 1 || at >= files_.front().bands.size()) {
    throw input_error(files_.front().file, "has no band " + std::to_string(number) + ": it has bands 1 to " +
                                               std::to_string(files_.front().bands.size()));
  }
  BandInfo whole;
  const MosaicFile* with_unit = nullptr;
  for (const MosaicFile& file : files_) {
    const MosaicFile::Band& band = file.bands[at];
    if (band.refused) throw Error(*band.refused);
    const BandInfo& info = band.info;
    if (&file == &files_.front()) {
      whole = info;
      whole.masked = false;
      whole.type.clear();
      whole.compression.clear();
    }
    add_word(whole.type, info.type);
    add_word(whole.compression, info.compression);
    whole.floating = whole.floating || info.floating;
    whole.nodata_differs = whole.nodata_differs || info.masked || !same(info.nodata, whole.nodata);
    whole.scale_differs = whole.scale_differs || info.scale != whole.scale || info.offset != whole.offset;
    if (info.description != whole.description) whole.description.clear();
    whole.colours.insert(info.colours.begin(), info.colours.end());
    whole.covered += info.grid.pixels();
    if (info.unit.empty()) continue;
    if (with_unit == nullptr) with_unit = &file;
    const std::string& unit = with_unit->bands[at].info.unit;
    if (info.unit != unit) {
      throw input_error(info.path, "has the unit " + info.unit + ", " + with_unit->file + " has " + unit +
                                       ": a folder holds one map in one unit: take out what does not belong");
    }
    whole.unit = unit;
  }
  if (whole.nodata_differs) whole.nodata.reset();
  if (whole.scale_differs) whole.scale = 1, whole.offset = 0;
  whole.path = path;
  whole.files = files_.size();
  whole.grid = grid_;
  choose_blocks(files_, whole);
  return whole;
}

}  // namespace sink
