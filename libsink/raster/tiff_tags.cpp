// SPDX-License-Identifier: Apache-2.0
#include "raster/tiff_tags.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstring>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "core/nodata.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::size_t bytes_of_type(std::uint16_t type) {
  constexpr std::array<std::size_t, 19> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < sizes.size() ? sizes[type] : 0;
}

/// Reads the first directory of a classic little-endian TIFF, which GDAL has just made.
class TagReader {
 public:
  explicit TagReader(std::span<const std::byte> file) : file_(file) {}
  [[nodiscard]] std::vector<TiffTag> tags() const {
    if (at<std::uint32_t>(0) != 0x002a4949) throw Error(Error::Kind::internal, "GDAL made no classic TIFF");
    const std::size_t directory = at<std::uint32_t>(4);
    std::vector<TiffTag> tags;
    for (std::size_t i = 0; i < at<std::uint16_t>(directory); ++i) {
      const std::size_t entry = directory + 2 + 12 * i;
      TiffTag tag{at<std::uint16_t>(entry), at<std::uint16_t>(entry + 2), at<std::uint32_t>(entry + 4), {}};
      const std::size_t bytes = bytes_of_type(tag.type) * tag.count;
      const auto value = part(bytes <= 4 ? entry + 8 : at<std::uint32_t>(entry + 8), bytes);
      tag.value.assign(value.begin(), value.end());
      tags.push_back(std::move(tag));
    }
    return tags;
  }

 private:
  [[nodiscard]] std::span<const std::byte> part(std::size_t place, std::size_t bytes) const {
    if (place > file_.size() || bytes > file_.size() - place)
      throw Error(Error::Kind::internal, "GDAL's TIFF ends within its directory");
    return file_.subspan(place, bytes);
  }
  template <class T>
  [[nodiscard]] T at(std::size_t place) const {
    T value{};
    std::memcpy(&value, part(place, sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const std::byte> file_;
};

bool is_geo_key(const TiffTag& tag) {
  return tag.tag >= 34735 && tag.tag <= 34737;  // the directory of keys, their doubles and their texts
}

/// Geo keys come from the CRS alone; to look it up costs PROJ's database some 20 ms, and every raster of a run has the
/// same. For any number of threads.
class GeoKeys {
 public:
  using Keys = std::vector<TiffTag>;
  std::optional<Keys> find(const std::string& crs_wkt) {
    const std::lock_guard lock(mutex_);
    return crs_wkt == crs_wkt_ ? keys_ : std::nullopt;
  }
  void keep(const std::string& crs_wkt, Keys keys) {
    const std::lock_guard lock(mutex_);
    crs_wkt_ = crs_wkt;
    keys_ = std::move(keys);
  }

 private:
  std::mutex mutex_;
  std::string crs_wkt_;
  std::optional<Keys> keys_;
};

CPLStringList options_of(const RasterFormat& format, RasterPixels type) {
  CPLStringList options;
  for (const auto& option : driver_options(format, type)) options.AddString(option.c_str());
  options.SetNameValue("BIGTIFF", "NO");
  options.SetNameValue("SPARSE_OK", "TRUE");  // or GDAL packs a tile that nobody reads
  return options;
}

/// The tags of a small file that GDAL makes in memory.
std::vector<TiffTag> made_tags(const RasterFormat& format, const CPLStringList& options, const Grid& grid,
                               const RasterWords& words, RasterPixels type, const StoredStatistics& statistics) {
  static std::atomic<int> files{0};
  const std::string file = "/vsimem/sink_tags_" + std::to_string(files++) + ".tif";
  GDALDriverManager& drivers = *GetGDALDriverManager();
  const GDALDatasetUniquePtr small(
      drivers.GetDriverByName("MEM")->Create("", 16, 16, 1, static_cast<GDALDataType>(gdal_type(type)), nullptr));
  describe_raster(*small, grid, words, type, statistics);
  GDALRasterBand& band = *small->GetRasterBand(1);
  band.Fill(band.GetNoDataValue());
  clear_gdal_errors();
  GDALDriver* driver = drivers.GetDriverByName(format.cog ? "COG" : "GTiff");
  GDALDatasetUniquePtr made(driver->CreateCopy(file.c_str(), small.get(), 0, options.List(), nullptr, nullptr));
  if (!made) return {};
  made.reset();
  vsi_l_offset bytes = 0;
  const GByte* const begin = VSIGetMemFileBuffer(file.c_str(), &bytes, FALSE);
  std::vector<TiffTag> tags;
  if (begin != nullptr) tags = TagReader(std::as_bytes(std::span(begin, static_cast<std::size_t>(bytes)))).tags();
  VSIUnlink(file.c_str());
  std::erase_if(tags, [](const TiffTag& tag) {
    return tag.tag == tiff_width || tag.tag == tiff_length || tag.tag == tiff_tile_offsets ||
           tag.tag == tiff_tile_bytes;
  });
  return tags;
}

}  // namespace

std::int64_t TiffTag::number() const noexcept {
  std::uint32_t number = 0;
  std::memcpy(&number, value.data(), std::min(value.size(), bytes_of_type(type)));
  return number;
}

void set_statistics(GDALDataset& dataset, const StoredStatistics& statistics, std::int64_t pixels) {
  if (statistics.count() == 0) return;
  GDALRasterBand& band = *dataset.GetRasterBand(1);
  const double valid = 100.0 * static_cast<double>(statistics.count()) / static_cast<double>(pixels);
  band.SetMetadataItem("STATISTICS_MINIMUM", shortest(statistics.min()).c_str());
  band.SetMetadataItem("STATISTICS_MAXIMUM", shortest(statistics.max()).c_str());
  band.SetMetadataItem("STATISTICS_MEAN", shortest(statistics.mean()).c_str());
  band.SetMetadataItem("STATISTICS_STDDEV", shortest(statistics.std()).c_str());
  band.SetMetadataItem("STATISTICS_VALID_PERCENT", CPLString().Printf("%.4g", valid));
}

void describe_raster(GDALDataset& dataset, const Grid& grid, const RasterWords& words, RasterPixels type,
                     const StoredStatistics& statistics) {
  auto transform = grid.geotransform();
  dataset.SetGeoTransform(transform.data());
  if (!grid.crs_wkt.empty()) dataset.SetProjection(grid.crs_wkt.c_str());
  GDALRasterBand& band = *dataset.GetRasterBand(1);
  band.SetNoDataValue(type == RasterPixels::float32 ? no_value : static_cast<double>(nodata_code(type)));
  band.SetDescription(words.description.c_str());
  if (!words.unit.empty()) band.SetUnitType(words.unit.c_str());
  if (!words.colours.empty()) {
    GDALColorTable table;
    for (const CodeColour& c : words.colours) {
      const GDALColorEntry entry = {c.rgb[0], c.rgb[1], c.rgb[2], 255};
      table.SetColorEntry(c.code, &entry);
    }
    band.SetColorTable(&table);
  }
  set_statistics(dataset, statistics, grid.pixels());
}

std::vector<TiffTag> gdal_tags(const RasterFormat& format, const Grid& grid, const RasterWords& words,
                               RasterPixels type, const StoredStatistics& statistics) {
  static GeoKeys known;
  const CPLStringList options = options_of(format, type);
  const auto keys = known.find(grid.crs_wkt);
  Grid nowhere = grid;
  nowhere.crs_wkt.clear();
  auto tags = made_tags(format, options, keys ? nowhere : grid, words, type, statistics);
  if (!keys) {
    std::vector<TiffTag> found;
    std::copy_if(tags.begin(), tags.end(), std::back_inserter(found), is_geo_key);
    if (!tags.empty()) known.keep(grid.crs_wkt, std::move(found));
    return tags;
  }
  if (tags.empty()) return tags;
  std::erase_if(tags, is_geo_key);
  tags.insert(tags.end(), keys->begin(), keys->end());
  std::sort(tags.begin(), tags.end(), [](const TiffTag& x, const TiffTag& y) { return x.tag < y.tag; });
  return tags;
}

}  // namespace sink
