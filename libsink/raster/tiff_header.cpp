// SPDX-License-Identifier: Apache-2.0
#include "raster/tiff_header.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "raster/input_file.hpp"

namespace sink {
namespace {

constexpr std::uint16_t first_key_tag = 34735, last_key_tag = 34737, metadata_tag = 42112;
constexpr std::uint64_t most_entries = 4096, most_bytes = 1U << 20;

std::size_t bytes_of_type(std::uint16_t type) {
  constexpr std::uint16_t ascii = 2, number16 = 3, float64 = 12;
  return type == float64 ? 8 : type == number16 ? 2 : type == ascii ? 1 : 0;
}

template <class T>
T number_at(std::span<const std::byte> bytes, std::size_t place) {
  T number{};
  if (place + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

/// The first directory of a little-endian file (TIFF 6.0, section 2; BigTIFF has 8 bytes where TIFF has 4).
class Directory {
 public:
  explicit Directory(const std::string& path) : file_(path) {
    const auto head = bytes_at(0, 16);
    const auto version = number_at<std::uint16_t>(head, 2);
    if (number_at<std::uint16_t>(head, 0) != 0x4949 || (version != 42 && version != 43)) return;
    big_ = version == 43;
    const std::uint64_t place = big_ ? number_at<std::uint64_t>(head, 8) : number_at<std::uint32_t>(head, 4);
    const auto count = bytes_at(place, big_ ? 8 : 2);
    const std::uint64_t entries = big_ ? number_at<std::uint64_t>(count, 0) : number_at<std::uint16_t>(count, 0);
    if (entries <= most_entries) entries_ = bytes_at(place + count.size(), entries * entry_bytes());
  }
  /// Calls `take(tag, value, known)` for the tags looked for; `known` is false where the value is not there.
  template <class Take>
  void each(const Take& take) const {
    for (std::size_t entry = 0; entry < entries_.size(); entry += entry_bytes()) {
      const auto tag = number_at<std::uint16_t>(entries_, entry);
      if ((tag < first_key_tag || tag > last_key_tag) && tag != metadata_tag) continue;
      const std::size_t size = bytes_of_type(number_at<std::uint16_t>(entries_, entry + 2));
      const std::uint64_t count =
          big_ ? number_at<std::uint64_t>(entries_, entry + 4) : number_at<std::uint32_t>(entries_, entry + 4);
      const std::size_t place = entry + (big_ ? 12 : 8), inside = big_ ? 8 : 4;
      std::vector<std::byte> value;
      if (size > 0 && count <= most_bytes) {
        if (size * count <= inside) {
          const auto* begin = entries_.data() + place;
          value.assign(begin, begin + size * count);
        } else {
          value = bytes_at(big_ ? number_at<std::uint64_t>(entries_, place) : number_at<std::uint32_t>(entries_, place),
                           size * count);
        }
      }
      take(tag, std::string(reinterpret_cast<const char*>(value.data()), value.size()), !value.empty());
    }
  }
  [[nodiscard]] bool read() const noexcept { return !entries_.empty(); }

 private:
  [[nodiscard]] std::size_t entry_bytes() const noexcept { return big_ ? 20 : 12; }
  /// Blank where the file ends before.
  [[nodiscard]] std::vector<std::byte> bytes_at(std::uint64_t place, std::size_t size) const {
    std::vector<std::byte> bytes(size);
    if (!file_.read(place, bytes)) bytes.clear();
    return bytes;
  }

  InputFile file_;
  bool big_ = false;
  std::vector<std::byte> entries_;
};

}  // namespace

TiffHeader tiff_header_of(const std::string& path) {
  TiffHeader header;
  if (std::endian::native != std::endian::little) return header;
  const Directory directory(path);
  if (!directory.read()) return header;
  header.may_have_units = false;
  bool whole = true;
  directory.each([&](std::uint16_t tag, const std::string& value, bool known) {
    if (tag == metadata_tag) {
      header.may_have_units = !known || value.find("unittype") != std::string::npos;
    } else {
      whole = whole && known;
      header.geo_keys += std::to_string(tag) + " " + std::to_string(value.size()) + " " + value;
    }
  });
  if (!whole) header.geo_keys.clear();
  return header;
}

}  // namespace sink
