// SPDX-License-Identifier: Apache-2.0
#include "raster/input_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>

namespace sink {
namespace {

std::mutex mutex;
std::list<const InputFile*> open_files;  // the one used last in front

FileVersion version_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

FileVersion version_of(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? version_of(status) : FileVersion{};
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

InputFile::InputFile(std::string path) : path_(std::move(path)), version_(sink::version_of(path_)) {}

InputFile::~InputFile() {
  const std::lock_guard lock(mutex);
  if (descriptor_) open_files.erase(place_);
}

std::size_t InputFile::open_now() {
  const std::lock_guard lock(mutex);
  return open_files.size();
}

std::size_t InputFile::most_open() {
  static const std::size_t most = [] {
    rlimit limit{};
    const rlim_t files = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 256;
    return static_cast<std::size_t>(std::clamp<rlim_t>(files / 4, 4, 1024));
  }();
  return most;
}

std::shared_ptr<const Descriptor> InputFile::open() const noexcept {
  const std::lock_guard lock(mutex);
  if (descriptor_) {
    open_files.splice(open_files.begin(), open_files, place_);
    return descriptor_;
  }
  try {
    auto opened = std::make_shared<const Descriptor>(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (opened->number() < 0 || fstat(opened->number(), &status) != 0 || version_of(status) != version_) return nullptr;
    while (open_files.size() >= most_open()) {
      open_files.back()->descriptor_.reset();
      open_files.pop_back();
    }
    open_files.push_front(this);
    place_ = open_files.begin();
    descriptor_ = opened;
    return opened;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

bool InputFile::read(std::uint64_t place, std::span<std::byte> bytes) const noexcept {
  const auto file = open();
  if (!file) return false;
  while (!bytes.empty()) {
    const ssize_t n = ::pread(file->number(), bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    place += static_cast<std::uint64_t>(n);
  }
  return true;
}

}  // namespace sink
