// SPDX-License-Identifier: Apache-2.0
// InputFile: a file that many threads read by place, and of which only some hold a descriptor at a time: a folder may
// have more files than a process may open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <tuple>

namespace sink {

/// Device, inode, size, time of change in s and ns: what tells another file, or another content, under a name.
using FileVersion = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;
/// Zeros where there is no such file.
FileVersion version_of(const std::string& file);

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

class InputFile {
 public:
  explicit InputFile(std::string path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// The open file, good as long as it is held; null where it cannot be opened or is not the file any more that it
  /// was at first.
  [[nodiscard]] std::shared_ptr<const Descriptor> open() const noexcept;
  /// Reads from `place` on; false where the file cannot give as many bytes.
  [[nodiscard]] bool read(std::uint64_t place, std::span<std::byte> bytes) const noexcept;
  [[nodiscard]] const FileVersion& version() const noexcept { return version_; }
  [[nodiscard]] std::int64_t bytes() const noexcept { return std::get<2>(version_); }

  /// Files that hold a descriptor now, of all InputFiles; never more than a quarter of what the process may open.
  [[nodiscard]] static std::size_t open_now();
  [[nodiscard]] static std::size_t most_open();

 private:
  std::string path_;
  FileVersion version_;
  mutable std::shared_ptr<const Descriptor> descriptor_;
  mutable std::list<const InputFile*>::iterator place_;  ///< among the open ones, where there is a descriptor
};

}  // namespace sink
