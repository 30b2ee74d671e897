// SPDX-License-Identifier: Apache-2.0
#include "raster/tiff_writer.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

constexpr std::uint16_t type_short = 3, type_long = 4, type_long8 = 16;

/// What GDAL's reader looks for right after the header (GDAL, "Cloud Optimized GeoTIFF", header ghost area).
constexpr std::string_view structure =
    "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\n"
    "LAYOUT=IFDS_BEFORE_DATA\n"
    "BLOCK_ORDER=ROW_MAJOR\n"
    "BLOCK_LEADER=SIZE_AS_UINT4\n"
    "BLOCK_TRAILER=LAST_4_BYTES_REPEATED\n"
    "KNOWN_INCOMPATIBLE_EDITION=NO\n ";

/// The bytes of a file's beginning.
class Bytes {
 public:
  template <class T>
  requires std::is_integral_v<T>
  void add(T value) { add_all(std::as_bytes(std::span(&value, 1))); }
  void add_all(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void add_number(std::uint64_t value, bool eight) { eight ? add(value) : add(static_cast<std::uint32_t>(value)); }
  void set_number(std::size_t place, std::uint64_t value, bool eight) {
    std::memcpy(bytes_.data() + place, &value, eight ? 8 : 4);
  }
  void pad_to_even() {
    if (bytes_.size() % 2 != 0) bytes_.push_back(std::byte{0});
  }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] std::span<const std::byte> all() const noexcept { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

template <class T>
TiffTag tag_of(std::uint16_t tag, std::uint16_t type, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {tag, type, values.size(), {bytes.begin(), bytes.end()}};
}

TiffTag long_tag(std::uint16_t tag, std::int64_t value) {
  return tag_of(tag, type_long, std::vector{static_cast<std::uint32_t>(value)});
}

/// A file of given images, laid out.
class Layout {
 public:
  Layout(const TiffContent& content, bool big) : content_(content), big_(big), offsets_(content.images.size()) {
    for (std::size_t i = 0; i < offsets_.size(); ++i) offsets_[i].resize(content.images[i].tiles.size());
    write_head();  // with offsets of 0: to know how long it is
    place_tiles();
    write_head();
  }
  [[nodiscard]] const Bytes& head() const noexcept { return head_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  [[nodiscard]] std::uint64_t frame_bytes() const noexcept { return content_.cog ? tile_frame_bytes : 0; }
  void place_tiles();
  void write_head();
  /// One directory; returns where the place of the next one is to be written.
  std::size_t write_directory(const std::vector<TiffTag>& tags);
  [[nodiscard]] std::vector<TiffTag> tags_of(std::size_t image) const;

  const TiffContent& content_;
  bool big_;
  std::vector<std::vector<std::uint64_t>> offsets_;
  Bytes head_;
  std::uint64_t size_ = 0;
  /// Tile arrays follow all directories: where their place is written in a directory, and the array.
  std::vector<std::pair<std::size_t, std::vector<std::byte>>> arrays_;
};

void Layout::place_tiles() {
  size_ = head_.size();
  for (std::size_t i = offsets_.size(); i-- > 0;) {
    for (std::size_t t = 0; t < offsets_[i].size(); ++t) {
      const TilePlace& place = content_.images[i].tiles[t];
      offsets_[i][t] = place.bytes == 0 ? 0 : size_ + frame_bytes();
      size_ += place.bytes;
    }
  }
}

std::vector<TiffTag> Layout::tags_of(std::size_t image) const {
  const TiledImage& of = content_.images[image];
  std::vector<std::uint32_t> bytes;
  for (const TilePlace& tile : of.tiles)
    bytes.push_back(static_cast<std::uint32_t>(tile.bytes == 0 ? 0 : tile.bytes - 2 * frame_bytes()));
  std::vector<TiffTag> tags = {long_tag(tiff_width, of.size.columns), long_tag(tiff_length, of.size.rows),
                               tag_of(tiff_tile_bytes, type_long, bytes)};
  if (big_) {
    tags.push_back(tag_of(tiff_tile_offsets, type_long8, offsets_[image]));
  } else {
    tags.push_back(tag_of(tiff_tile_offsets, type_long,
                          std::vector<std::uint32_t>(offsets_[image].begin(), offsets_[image].end())));
  }
  if (image > 0) tags.push_back(long_tag(tiff_subfile, 1));  // a reduced image
  constexpr std::uint16_t first_of_others = 32768;           // geo keys and metadata are the raster's own
  std::copy_if(content_.tags.begin(), content_.tags.end(), std::back_inserter(tags), [&](const TiffTag& tag) {
    return image == 0 || tag.tag < first_of_others || tag.tag == tiff_gdal_nodata;
  });
  std::sort(tags.begin(), tags.end(), [](const TiffTag& a, const TiffTag& b) { return a.tag < b.tag; });
  return tags;
}

std::size_t Layout::write_directory(const std::vector<TiffTag>& tags) {
  const std::size_t room = big_ ? 8 : 4;
  if (big_) {
    head_.add(std::uint64_t{tags.size()});
  } else {
    head_.add(static_cast<std::uint16_t>(tags.size()));
  }
  std::vector<std::pair<std::size_t, const TiffTag*>> outside;
  for (const TiffTag& tag : tags) {
    head_.add(tag.tag);
    head_.add(tag.type);
    head_.add_number(tag.count, big_);
    if (tag.value.size() <= room) {
      head_.add_all(tag.value);
      for (std::size_t i = tag.value.size(); i < room; ++i) head_.add(std::uint8_t{0});
    } else {
      if (tag.tag == tiff_tile_offsets || tag.tag == tiff_tile_bytes) {
        arrays_.emplace_back(head_.size(), tag.value);
      } else {
        outside.emplace_back(head_.size(), &tag);
      }
      head_.add_number(0, big_);
    }
  }
  const std::size_t next = head_.size();
  head_.add_number(0, big_);
  for (const auto& [place, tag] : outside) {
    head_.pad_to_even();
    head_.set_number(place, head_.size(), big_);
    head_.add_all(tag->value);
  }
  return next;
}

void Layout::write_head() {
  head_ = {};
  arrays_.clear();
  head_.add(static_cast<std::uint16_t>(0x4949));  // little-endian
  if (big_) {
    head_.add(std::uint16_t{43});
    head_.add(std::uint16_t{8});  // bytes of an offset
    head_.add(std::uint16_t{0});
  } else {
    head_.add(std::uint16_t{42});
  }
  std::size_t next = head_.size();
  head_.add_number(0, big_);
  if (content_.cog) head_.add_all(std::as_bytes(std::span(structure)));
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    head_.pad_to_even();
    head_.set_number(next, head_.size(), big_);
    next = write_directory(tags_of(i));
  }
  for (const auto& [place, array] : arrays_) {
    head_.pad_to_even();
    head_.set_number(place, head_.size(), big_);
    head_.add_all(array);
  }
  head_.pad_to_even();
}

bool choose_big(const std::string& file, const TiffContent& content, OwnOptions::BigTiff big, std::uint64_t size) {
  constexpr std::uint64_t most = 0xffffffffU;
  if (big == OwnOptions::BigTiff::no && size > most)
    throw output_error(file, "is larger than 4 GiB: leave out --co BIGTIFF=NO");
  if (big == OwnOptions::BigTiff::yes || size > most) return true;
  if (big != OwnOptions::BigTiff::if_safer) return false;
  // GDAL's rule: more than 2e9 bytes before compression.
  double bytes = 0;
  const auto bits = std::find_if(content.tags.begin(), content.tags.end(), [](const auto& t) { return t.tag == 258; });
  for (const TiledImage& image : content.images) {
    bytes += static_cast<double>(image.size.columns) * static_cast<double>(image.size.rows) *
             static_cast<double>(bits == content.tags.end() ? 32 : bits->number()) / 8;
  }
  return bytes > 2e9;
}

}  // namespace

void write_tiff(const std::string& file, const TiffContent& content, OwnOptions::BigTiff big,
                const std::function<bool(double)>& go_on) {
  std::optional<Layout> laid_out(std::in_place, content, false);
  if (choose_big(file, content, big, laid_out->size())) laid_out.emplace(content, true);
  const Layout& layout = *laid_out;
  PartFile out(file);
  out.write_at(0, layout.head().all());
  std::uint64_t place = layout.head().size();
  for (std::size_t i = content.images.size(); i-- > 0;) {
    for (const TilePlace& tile : content.images[i].tiles) {
      if (!go_on(static_cast<double>(place) / static_cast<double>(layout.size())))
        throw Error(Error::Kind::interrupted, "stopped");
      if (tile.bytes == 0) continue;
      out.copy_from(content.part, tile.offset, place, tile.bytes);
      place += tile.bytes;
    }
  }
  out.close();
}

}  // namespace sink
