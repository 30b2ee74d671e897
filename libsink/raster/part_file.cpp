// SPDX-License-Identifier: Apache-2.0
#include "raster/part_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

[[noreturn]] void fail(const std::string& file, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  throw output_error(file, std::string("cannot be written (") + std::strerror(number) + "): " +
                               (full              ? "free some disk space"
                                : number == EFBIG ? "raise the limit of file size (ulimit -f)"
                                                  : "check the disk, or give another -o"));
}

}  // namespace

PartFile::PartFile(std::string file)
    : file_(std::move(file)), descriptor_(open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) fail(file_, errno);
}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t PartFile::append(std::span<const std::byte> bytes) {
  const std::uint64_t place = end_.fetch_add(bytes.size());
  write_at(place, bytes);
  return place;
}

void PartFile::write_at(std::uint64_t place, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(file_, written < 0 ? errno : EIO);
    place += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void PartFile::read_at(std::uint64_t place, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(file_, got < 0 ? errno : EIO);
    place += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

void PartFile::copy_from(const PartFile& from, std::uint64_t from_place, std::uint64_t place,
                         std::uint64_t bytes) const {
  while (bytes > 0) {
    auto in = static_cast<off_t>(from_place), out = static_cast<off_t>(place);
    ssize_t moved = copy_file_range(from.descriptor_, &in, descriptor_, &out, bytes, 0);
    if (moved < 0 && errno == EINTR) continue;
    const bool cannot = moved < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS);
    if (moved < 0 && !cannot) fail(file_, errno);
    if (moved <= 0) {
      std::array<std::byte, 65536> buffer;
      const std::span<std::byte> some(buffer.data(), std::min<std::uint64_t>(bytes, buffer.size()));
      from.read_at(from_place, some);
      write_at(place, some);
      moved = static_cast<ssize_t>(some.size());
    }
    from_place += static_cast<std::uint64_t>(moved);
    place += static_cast<std::uint64_t>(moved);
    bytes -= static_cast<std::uint64_t>(moved);
  }
}

void PartFile::sync() const {
  if (fsync(descriptor_) != 0) fail(file_, errno);
}

void PartFile::close() {
  const int failed = ::close(std::exchange(descriptor_, -1));
  if (failed != 0) fail(file_, errno);
}

}  // namespace sink
